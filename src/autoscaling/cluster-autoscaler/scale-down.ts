/**
 * Removes nodes that were unneeded for long enough.
 *
 * Budget     at most 10 nodes in deletion, of which one with pods (both may be set); empty ones first. A group keeps its minimum.
 * Deletion   a node is in deletion until it stops draining. Terminate and a smaller target go out together, so that the
 *            group starts no replacement.
 * Departs    no taint, no 5 s between taint and check, no eviction that can fail: emptying a host is the simulation's. So
 *            no failure cools down.
 * Source     kubernetes.md 5.6 Budget, Actuation.
 */

import { HOST_STATE } from '../../cluster/hosts.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { UnneededNode } from './unneeded-nodes.ts';

export interface ScaleDownLimits {
  /** Nodes in deletion at a time, and those of them that have pods. */
  readonly nodesMax: number;
  readonly drainingMax: number;
}

interface Deletion {
  readonly host: number;
  /** False for a node that was empty. */
  readonly drains: boolean;
}

export class ScaleDown {
  private readonly view: ClusterView;
  private readonly limits: ScaleDownLimits;
  private deletions: readonly Deletion[] = [];

  constructor(view: ClusterView, limits: ScaleDownLimits) {
    this.view = view;
    this.limits = limits;
  }

  /** Starts to delete what the budget allows of `removable`, in its order, and answers which hosts. */
  start(
    removable: readonly UnneededNode[],
    targetOf: (pool: number) => number,
    out: ActionBuffer,
  ): ReadonlySet<number> {
    const { hosts, pools } = this.view;
    this.deletions = this.deletions.filter(({ host }) => hosts.state[host] === HOST_STATE.draining);
    let room = this.limits.nodesMax - this.deletions.length;
    let drainRoom = this.limits.drainingMax - this.deletions.filter(({ drains }) => drains).length;
    const targets = new Map<number, number>();
    const started: Deletion[] = [];
    const emptyFirst = [...removable].sort((a, b) => Number(b.isEmpty) - Number(a.isEmpty));
    for (const { host, isEmpty } of emptyFirst) {
      const pool = hosts.pool[host]!;
      const size = targets.get(pool) ?? targetOf(pool);
      if (room === 0 || size <= pools.minimum[pool]! || (!isEmpty && drainRoom === 0)) continue;
      room--;
      if (!isEmpty) drainRoom--;
      targets.set(pool, size - 1);
      started.push({ host, drains: !isEmpty });
      out.push({ kind: 'terminate', host, reason: 'unneeded' });
    }
    for (const [pool, desired] of targets) out.push({ kind: 'set-pool-desired', pool, desired });
    this.deletions = [...this.deletions, ...started];
    return new Set(started.map(({ host }) => host));
  }

  save(): readonly Deletion[] {
    return this.deletions;
  }

  restore(deletions: readonly Deletion[]): void {
    this.deletions = deletions;
  }
}
