/**
 * Which of the nodes that were unneeded for long enough are deleted now.
 *
 * Budget     at most 10 nodes in deletion, of which one with pods (both may be set); empty ones first, risky ones last. A group
 *            keeps its minimum, whatever is being deleted of it.
 * Source     kubernetes.md 5.6 Budget.
 */

import type { ClusterView } from '../../cluster/cluster.ts';
import type { NodeDeletions } from './node-deletions.ts';
import type { UnneededNode } from './unneeded-nodes.ts';

export interface ScaleDownLimits {
  /** Nodes in deletion at a time, and those of them that have pods. */
  readonly nodesMax: number;
  readonly drainingMax: number;
}

/** Those of `removable` that the budget allows, otherwise in its order. */
export function nodesToDelete(
  { hosts, pools }: ClusterView,
  limits: ScaleDownLimits,
  removable: readonly UnneededNode[],
  deletions: NodeDeletions,
  targetOf: (pool: number) => number,
): UnneededNode[] {
  let room = limits.nodesMax - deletions.count;
  let drainRoom = limits.drainingMax - deletions.drainCount;
  const sizes = new Map<number, number>();
  const chosen: UnneededNode[] = [];
  const inOrder = [...removable].sort((a, b) => rankOf(a) - rankOf(b));
  for (const node of inOrder) {
    const pool = hosts.pool[node.host]!;
    const size = sizes.get(pool) ?? targetOf(pool) - deletions.countOf(pool);
    if (room <= 0 || size <= pools.minimum[pool]! || (!node.isEmpty && drainRoom <= 0)) continue;
    room--;
    if (!node.isEmpty) drainRoom--;
    sizes.set(pool, size - 1);
    chosen.push(node);
  }
  return chosen;
}

function rankOf({ isEmpty, isRisky }: UnneededNode): number {
  if (isEmpty) return 0;
  return isRisky ? 2 : 1;
}
