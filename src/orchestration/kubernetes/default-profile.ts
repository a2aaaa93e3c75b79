/**
 * kube-scheduler's default profile, thin: filter a rotating window of nodes, score the feasible ones, take the best.
 *
 *     score(n) = 1 x LeastAllocated + 1 x BalancedAllocation (1.36) + 2 x PodTopologySpread
 *
 * Window     from `nextStart`, until enough feasible nodes are found; the next cycle starts behind it (kubernetes.md 1.4,
 *            parallelism 1).
 * Ties       pre-order of the score heap (kubernetes.md 1.6). One feasible node is taken without scoring (1.3 step 7).
 * Departs    no TaintToleration, NodeAffinity, InterPodAffinity and ImageLocality scores; no preemption; the list holds
 *            ready nodes only. The loop's queue stands for the back-off windows of 1.2.
 */

import { NO_HOST } from '../../placement/policy.ts';
import {
  balancedScore,
  leastAllocatedScore,
} from '../../placement/policies/kubernetes-resources.ts';
import { feasibleNodesToFind, preorderMaximum, zoneInterleaved } from './node-order.ts';
import { isFeasible } from '../../placement/feasible.ts';
import { keepsHardSpread, softConstraints, spreadScores } from './topology-spread.ts';
import type { ClusterView, FreeView } from '../../cluster/cluster.ts';
import type { HostChoice } from '../queue-scheduler.ts';
import type { PlacementRequest } from '../../placement/policy.ts';

const SPREAD_WEIGHT = 2;

export class DefaultProfile implements HostChoice {
  private readonly view: ClusterView;
  private readonly free: FreeView;
  private nextStart = 0;
  /** The list that `order` was made from: the caller's array, as it was. */
  private listed: readonly number[] = [];
  private order: readonly number[] = [];
  private readonly feasible: number[] = [];

  /** Feasibility is judged by `free`, scores by the ledger's own columns. */
  constructor(view: ClusterView, free: FreeView = view.hosts) {
    this.view = view;
    this.free = free;
  }

  choose(request: PlacementRequest, hosts: readonly number[]): number {
    if (!sameRows(hosts, this.listed)) {
      this.listed = [...hosts];
      this.order = zoneInterleaved(hosts, (host) => this.view.hosts.zone[host]!);
    }
    this.findFeasible(request);
    const { feasible, view } = this;
    if (feasible.length === 0) return NO_HOST;
    if (feasible.length === 1) return feasible[0]!;
    const constraints = softConstraints(view, request);
    const spread =
      constraints.length === 0 ? undefined : spreadScores(view, request, constraints, feasible);
    const scores = feasible.map(
      (node, i) =>
        leastAllocatedScore(node, request, view) +
        balancedScore(node, request, view) +
        SPREAD_WEIGHT * (spread?.[i] ?? 0),
    );
    return feasible[preorderMaximum(scores)]!;
  }

  save(): number {
    return this.nextStart;
  }

  restore(nextStart: number): void {
    this.nextStart = nextStart;
    this.listed = [];
    this.order = [];
  }

  private findFeasible(request: PlacementRequest): void {
    const { order, view } = this;
    const count = order.length;
    const wanted = feasibleNodesToFind(count);
    const start = this.nextStart;
    this.feasible.length = 0;
    let visited = 0;
    for (; visited < count; visited++) {
      const node = order[(start + visited) % count]!;
      if (!isFeasible(view, this.free, request, node)) continue;
      if (!keepsHardSpread(view, request, node, order)) continue;
      // The (wanted + 1)-th feasible node stops the search and is dropped: the next cycle starts with it.
      if (this.feasible.length === wanted) break;
      this.feasible.push(node);
    }
    if (count > 0) this.nextStart = (start + visited) % count;
  }
}

function sameRows(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((row, i) => row === b[i]);
}
