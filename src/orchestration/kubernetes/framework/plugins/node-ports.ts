/**
 * NodePorts (kubernetes.md 1.8): no two pods of a node may hold the same port of the same protocol, unless on different
 * addresses; 0.0.0.0 is every address. Counts containers and sidecars: ordinary init containers hold no port for long.
 */

import type { FilterPlugin } from '../plugin.ts';
import type { HostPort, PodTemplate } from '../../../../cluster/pod-template.ts';
import type { Refusal } from '../status.ts';

const EVERY_ADDRESS = '0.0.0.0';

const REFUSAL: Refusal = {
  code: 'Unschedulable',
  plugin: 'NodePorts',
  reasons: ["node(s) didn't have free ports for the requested pod ports"],
};

export const nodePorts: FilterPlugin<readonly HostPort[]> = {
  name: 'NodePorts',

  preFilter({ spec }) {
    const ports = hostPortsOf(spec.template);
    return ports.length === 0 ? {} : { state: ports };
  },

  filter(_pod, node, wanted) {
    const isTaken = node.pods.some(({ spec }) => portsCollide(wanted, hostPortsOf(spec.template)));
    return isTaken ? REFUSAL : undefined;
  },
};

export function hostPortsOf({ containers, initContainers }: PodTemplate): readonly HostPort[] {
  const long = [...containers, ...initContainers.filter(({ isSidecar }) => isSidecar)];
  return long.flatMap(({ hostPorts }) => hostPorts);
}

/** Can pods with these ports not be on one node? */
export function portsCollide(ports: readonly HostPort[], others: readonly HostPort[]): boolean {
  return ports.some((port) => others.some((other) => collide(port, other)));
}

export function collide(a: HostPort, b: HostPort): boolean {
  return (
    a.port === b.port &&
    a.protocol === b.protocol &&
    (a.ip === b.ip || a.ip === EVERY_ADDRESS || b.ip === EVERY_ADDRESS)
  );
}
