/**
 * NodePorts (kubernetes.md 1.8): no two pods of a node may hold the same port of the same protocol, unless on different addresses.
 *
 * Quirk   a node knows which ports are taken, not by how many pods: NodeInfo.usedPorts.
 */

import { collide } from '../host-ports.ts';
import type { FilterPlugin } from '../plugin.ts';
import type { HostPort } from '../../../../cluster/pod-template.ts';
import type { Refusal } from '../status.ts';

const REFUSAL: Refusal = {
  code: 'Unschedulable',
  plugin: 'NodePorts',
  reasons: ["node(s) didn't have free ports for the requested pod ports"],
};

/** State: the ports that the pod takes. */
export const nodePorts: FilterPlugin<readonly HostPort[]> = {
  name: 'NodePorts',

  preFilter({ spec: { hostPorts } }) {
    return hostPorts.length === 0 ? {} : { state: hostPorts };
  },

  filter(_pod, { usedPorts }, wanted) {
    for (const taken of usedPorts.values()) {
      if (wanted.some((port) => collide(port, taken))) return REFUSAL;
    }
    return undefined;
  },
};
