/**
 * How many pods topology spread finds in each domain (kubernetes.md 1.8, 1.9): pods of the same namespace that the selector
 * matches and that are not terminating. An empty selector, which would match all, counts none.
 *
 * Replace    the plugins count through a SpreadCounter that they are handed. `COUNT_ALL` visits every pod of every node in every
 *            cycle. A simulation with many pods hands in one that keeps its counts as pods come and go: what a count depends on
 *            are the arguments of `domains`, that is namespace, selector, key and `keys`, and for the policies the pod's node
 *            requirements and tolerations.
 */

import { admitsNode } from '../node-terms.ts';
import { hasUntoleratedTaint } from './taint-toleration.ts';
import { isEmptySelector, selectorMatches } from '../label-selector.ts';
import type { NodeDescription, NodeInfo } from '../node-info.ts';
import type { PodInfo, PodSpecInfo } from '../pod-info.ts';
import type { TopologySpread } from '../../../../cluster/pod-template.ts';

export interface SpreadCounter {
  /**
   * Pods by value of the constraint's key, over nodes that have all `keys` and that the constraint's policies let the pod count;
   * 0 where such nodes have no pod. Nodes without the constraint's own key count under ''. Read only, and only during the cycle.
   */
  domains(
    pod: PodInfo,
    constraint: TopologySpread,
    keys: readonly string[],
    nodes: readonly NodeInfo[],
  ): ReadonlyMap<string, number>;
  /** Counts pods on one node, whatever the policies say of it. */
  onNode(pod: PodInfo, constraint: TopologySpread): (node: NodeInfo) => number;
}

export const COUNT_ALL: SpreadCounter = {
  domains(pod, constraint, keys, nodes) {
    const counts = new Map<string, number>();
    const count = matchCounter(pod, constraint);
    for (const node of nodes) {
      const { labels } = node.node;
      if (!hasKeys(labels, keys) || !isCounted(pod.spec, constraint, node.node)) continue;
      const value = labels[constraint.topologyKey] ?? '';
      counts.set(value, (counts.get(value) ?? 0) + count(node));
    }
    return counts;
  },
  onNode: matchCounter,
};

export function hasKeys(
  labels: Readonly<Record<string, string>>,
  keys: readonly string[],
): boolean {
  for (const key of keys) if (labels[key] === undefined) return false;
  return true;
}

/** Do the constraint's inclusion policies let the pod count this node? */
export function isCounted(
  spec: PodSpecInfo,
  { nodeAffinityPolicy, nodeTaintsPolicy }: TopologySpread,
  node: NodeDescription,
): boolean {
  if (nodeAffinityPolicy === 'Honor' && !admitsNode(spec, node)) return false;
  return nodeTaintsPolicy === 'Ignore' || !hasUntoleratedTaint(node, spec);
}

// Asks the selector once for pods of the same spec, which often stand side by side.
function matchCounter(pod: PodInfo, { selector }: TopologySpread): (node: NodeInfo) => number {
  if (isEmptySelector(selector)) return () => 0;
  const { namespace } = pod.spec.template;
  const known = new Map<PodSpecInfo, boolean>();
  let last: PodSpecInfo | undefined;
  let matches = false;
  return ({ pods }) => {
    let count = 0;
    for (const { isTerminating, spec } of pods) {
      if (spec !== last) {
        last = spec;
        matches =
          known.get(spec) ??
          (spec.template.namespace === namespace && selectorMatches(selector, spec.labels));
        known.set(spec, matches);
      }
      if (matches && !isTerminating) count++;
    }
    return count;
  };
}
