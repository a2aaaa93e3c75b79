/**
 * One scheduling cycle as it is told: filter nodes of the list from a start until enough are feasible, score each of these,
 * take the best. For cases that no index follows: a cache that lags, a request that is not remembered.
 *
 *     total(n) = host-local scores + 2 x PodTopologySpread + 3 x TaintToleration
 *
 * Window     the (wanted + 1)-th feasible node stops the search and is dropped: the next cycle starts with it
 *            (kubernetes.md 1.4, parallelism 1).
 * Feasible   by the columns of `free`; scores by the ledger's own.
 */

import { NO_HOST } from '../../placement/policy.ts';
import { SPREAD_WEIGHT, rawSpread, spreadScore, spreadWeights } from './plugins/spread-score.ts';
import { TAINT_WEIGHT, dislikedTaints, taintScore } from './plugins/taint-score.ts';
import { drawnMaximum, preorderMaximum } from './heap-order.ts';
import { hardSpreadFilter } from './plugins/spread-filter.ts';
import { isFeasible } from '../../placement/feasible.ts';
import { softConstraints } from './topology-spread.ts';
import type { ClusterView, FreeView } from '../../cluster/cluster.ts';
import type { Draw } from '../../placement/tie-rule.ts';
import type { PlacementRequest, ScorePolicy } from '../../placement/policy.ts';

/** The sum of the scores that one host alone decides. */
export type LocalScore = Omit<ScorePolicy, 'name'>;

export class PlainCycle {
  /** Where the next cycle starts. */
  nextStart = 0;
  private readonly view: ClusterView;
  private readonly free: FreeView;
  private readonly local: LocalScore;
  private readonly draw: Draw | undefined;
  private readonly feasible: number[] = [];

  constructor(view: ClusterView, free: FreeView, local: LocalScore, draw: Draw | undefined) {
    this.view = view;
    this.free = free;
    this.local = local;
    this.draw = draw;
  }

  /** The node for the request, or NO_HOST. */
  choose(
    request: PlacementRequest,
    order: readonly number[],
    start: number,
    wanted: number,
    isOpen?: (node: number) => boolean,
  ): number {
    this.findFeasible(request, order, start, wanted, isOpen);
    const { feasible, draw } = this;
    if (feasible.length === 0) return NO_HOST;
    // Taken without scoring (kubernetes.md 1.3, step 7).
    if (feasible.length === 1) return feasible[0]!;
    const scores = this.totals(request);
    return feasible[draw === undefined ? preorderMaximum(scores) : drawnMaximum(scores, draw)]!;
  }

  private findFeasible(
    request: PlacementRequest,
    order: readonly number[],
    start: number,
    wanted: number,
    isOpen: ((node: number) => boolean) | undefined,
  ): void {
    const { feasible, view, free } = this;
    const keepsHard = hardSpreadFilter(view, request, order);
    feasible.length = 0;
    let visited = 0;
    for (; visited < order.length; visited++) {
      const node = order[(start + visited) % order.length]!;
      if (!isFeasible(view, free, request, node)) continue;
      if (keepsHard?.(node) === false || isOpen?.(node) === false) continue;
      if (feasible.length === wanted) break;
      feasible.push(node);
    }
    this.nextStart = order.length === 0 ? start : (start + visited) % order.length;
  }

  private totals(request: PlacementRequest): number[] {
    const { feasible, view, local } = this;
    const spread = this.spreadScores(request);
    const taints = this.taintScores(request);
    return feasible.map(
      (node, i) =>
        local.score(node, request, view) +
        SPREAD_WEIGHT * (spread[i] ?? 0) +
        TAINT_WEIGHT * taints[i]!,
    );
  }

  private spreadScores(request: PlacementRequest): number[] {
    const { feasible, view } = this;
    const { counts, hosts } = view;
    const constraints = softConstraints(view, request);
    if (constraints.length === 0) return [];
    const zones = new Set(feasible.map((node) => hosts.zone[node]!));
    const weights = spreadWeights(constraints, feasible.length, zones.size);
    const raw = feasible.map((node) => {
      const inZone = counts.inZone(request.workload, hosts.zone[node]!);
      return rawSpread(constraints, weights, counts.onHost(request.workload, node), inZone);
    });
    const { min, max } = rangeOf(raw);
    return raw.map((value) => spreadScore(value, min, max));
  }

  private taintScores(request: PlacementRequest): number[] {
    const { hosts, specs } = this.view;
    const spec = specs.at(request.spec);
    const raw = this.feasible.map((node) => dislikedTaints(spec, specs.kindAt(hosts.kind[node]!)));
    const { max } = rangeOf(raw);
    return raw.map((value) => taintScore(value, max));
  }
}

function rangeOf(values: readonly number[]): { min: number; max: number } {
  let min = Infinity;
  let max = 0;
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { min, max };
}
