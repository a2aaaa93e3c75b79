/**
 * Which pool a new task is sent to, decided once, when it is submitted.
 *
 * ECS         capacity provider strategy: fill the one base, then the largest deficit against the weights, ties by list
 *             order (aws.md 3.11; the remainder rule is unpublished, aws.md 12.6). Counted over the live tasks of the
 *             workload.
 * Kubernetes  a Fargate pool takes the pods of its profile's workloads (aws.md 4.1); the rest goes to any node.
 * Batch       any pool.
 * A pool kept for named workloads (`workloads`) takes them before any strategy is asked.
 */

import { NO_ROW } from '../cluster/hosts.ts';
import type { ClusterView } from '../cluster/cluster.ts';

export interface StrategyItem {
  readonly pool: number;
  readonly base: number;
  readonly weight: number;
}

const BY_STRATEGY = -2;

export class PoolChooser {
  private readonly strategy: readonly StrategyItem[];
  /** Pools of the cluster, with the workloads they are kept for. */
  private readonly pools: readonly number[];
  private readonly view: ClusterView;
  /** By workload: a pool, NO_ROW for any, or BY_STRATEGY; filled when first asked. */
  private readonly fixed: number[] = [];
  /** Live tasks by workload and strategy item. */
  private counts: number[][] = [];

  constructor(view: ClusterView, pools: readonly number[], strategy: readonly StrategyItem[]) {
    this.view = view;
    this.pools = pools;
    this.strategy = strategy;
  }

  /** The pool of one more task of `workload`, or NO_ROW for any pool of the cluster. */
  choose(workload: number): number {
    const fixed = (this.fixed[workload] ??= this.fixedPool(workload));
    if (fixed !== BY_STRATEGY) return fixed;
    const counts = (this.counts[workload] ??= this.strategy.map(() => 0));
    const item = this.nextItem(counts);
    counts[item]!++;
    return this.strategy[item]!.pool;
  }

  /** A task that was sent to `pool` has ended. */
  ended(workload: number, pool: number): void {
    const counts = this.counts[workload];
    if (counts === undefined) return;
    const item = this.strategy.findIndex((entry) => entry.pool === pool);
    if (item >= 0 && counts[item]! > 0) counts[item]!--;
  }

  save(): number[][] {
    return Array.from(this.counts, (row) => [...(row ?? [])]);
  }

  restore(counts: number[][]): void {
    this.counts = [];
    for (const [workload, row] of counts.entries()) {
      if (row.length > 0) this.counts[workload] = [...row];
    }
  }

  /** What no count of tasks changes: the pool kept for the workload, or that of a cluster without a strategy. */
  private fixedPool(workload: number): number {
    const { descriptions } = this.view.pools;
    const kept = this.pools.find((pool) => descriptions[pool]!.workloads.includes(workload));
    if (kept !== undefined) return kept;
    return this.strategy.length === 0 ? this.onlyPool() : BY_STRATEGY;
  }

  private onlyPool(): number {
    const { descriptions } = this.view.pools;
    const open = this.pools.filter((pool) => descriptions[pool]!.workloads.length === 0);
    const isVirtual = open.length === 1 && descriptions[open[0]!]!.kind.startsWith('fargate');
    return isVirtual ? open[0]! : NO_ROW;
  }

  private nextItem(counts: readonly number[]): number {
    const baseItem = this.strategy.findIndex(({ base }, item) => counts[item]! < base);
    if (baseItem >= 0) return baseItem;
    const above = this.strategy.map(({ base }, item) => counts[item]! - base);
    const total = above.reduce((sum, count) => sum + count, 0) + 1;
    const weights = this.strategy.reduce((sum, { weight }) => sum + weight, 0);
    let best = 0;
    let deficitMost = -Infinity;
    for (const [item, { weight }] of this.strategy.entries()) {
      // Compared as weight x total - placed x weights: the deficit times the sum of weights, in integers.
      const deficit = weight * total - above[item]! * weights;
      if (weight > 0 && deficit > deficitMost) {
        best = item;
        deficitMost = deficit;
      }
    }
    return best;
  }
}
