/**
 * NodeResourcesFit (kubernetes.md 1.8).
 *
 *   filter    pods on the node + 1 > allocatable pods: "Too many pods". Then CPU, memory, ephemeral storage and scalars of
 *             which the pod asks for more than allocatable - requested; all that is short is told
 *   code      Unschedulable; UnschedulableAndUnresolvable when the request alone is more than the whole node has
 *   ignored   extended resources that the profile names, by name or by prefix
 *
 * Its scores stand in `node-resources-fit-score.ts`.
 */

import { isExtended, isScalar } from '../resource-names.ts';
import type { Amounts } from '../../../../cluster/pod-template.ts';
import type { FilterPlugin } from '../plugin.ts';
import type { FitArguments } from '../../../../cluster/plugin-arguments.ts';
import type { NodeInfo } from '../node-info.ts';

const COUNTED_FIRST = ['cpu', 'memory', 'ephemeral-storage'];

/** State: the requests that are looked at, none of them 0. */
export function nodeResourcesFitFilter({
  ignoredResources,
  ignoredResourceGroups,
}: FitArguments): FilterPlugin<Amounts> {
  const isIgnored = (resource: string): boolean =>
    isExtended(resource) &&
    (ignoredResources.includes(resource) ||
      ignoredResourceGroups.includes(resource.slice(0, resource.indexOf('/'))));

  return {
    name: 'NodeResourcesFit',

    preFilter({ spec: { requests } }) {
      const wanted: Record<string, number> = {};
      for (const resource of [...COUNTED_FIRST, ...Object.keys(requests).filter(isScalar)]) {
        const amount = requests[resource] ?? 0;
        if (amount > 0 && !isIgnored(resource)) wanted[resource] = amount;
      }
      return { state: wanted };
    },

    filter(_pod, node, wanted) {
      const reasons: string[] = [];
      if (node.pods.length + 1 > (node.node.allocatable['pods'] ?? 0)) {
        reasons.push('Too many pods');
      }
      let exceedsNode = false;
      for (const [resource, amount] of Object.entries(wanted)) {
        const allocatable = node.node.allocatable[resource] ?? 0;
        if (amount <= free(node, resource)) continue;
        reasons.push(`Insufficient ${resource}`);
        if (amount > allocatable) exceedsNode = true;
      }
      if (reasons.length === 0) return undefined;
      const code = exceedsNode ? 'UnschedulableAndUnresolvable' : 'Unschedulable';
      return { code, plugin: 'NodeResourcesFit', reasons };
    },
  };
}

function free({ node, requested }: NodeInfo, resource: string): number {
  return (node.allocatable[resource] ?? 0) - (requested[resource] ?? 0);
}
