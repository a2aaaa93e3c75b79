/** The normalised scores of one cycle, weighted and added, for each class of nodes that the cycle found. */

import { SPREAD_WEIGHT, rawSpread, spreadScore, spreadWeights } from './plugins/spread-score.ts';
import { TAINT_WEIGHT, taintScore } from './plugins/taint-score.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { NodeRow } from './node-row.ts';

export class ClassScores {
  /** By class; of the classes found. */
  readonly totals: number[] = [];
  private readonly view: ClusterView;
  private readonly raw: number[] = [];
  private readonly zones: boolean[] = [];

  constructor(view: ClusterView) {
    this.view = view;
  }

  /** For `nodeCount` feasible nodes in the first `classCount` classes of `found`. */
  compute(row: NodeRow, found: readonly number[], classCount: number, nodeCount: number): void {
    this.addTaints(row, found, classCount);
    if (row.soft.length > 0) this.addSpread(row, found, classCount, nodeCount);
  }

  private addTaints({ classes }: NodeRow, found: readonly number[], classCount: number): void {
    let max = 0;
    for (let i = 0; i < classCount; i++) max = Math.max(max, classes.disliked[found[i]!]!);
    for (let i = 0; i < classCount; i++) {
      const nodeClass = found[i]!;
      this.totals[nodeClass] = TAINT_WEIGHT * taintScore(classes.disliked[nodeClass]!, max);
    }
  }

  private addSpread(
    { classes, soft, request }: NodeRow,
    found: readonly number[],
    classCount: number,
    nodeCount: number,
  ): void {
    const { raw, totals } = this;
    const weights = spreadWeights(soft, nodeCount, this.zonesOf(classes.zone, found, classCount));
    let min = Infinity;
    let max = 0;
    for (let i = 0; i < classCount; i++) {
      const nodeClass = found[i]!;
      const inZone = this.view.counts.inZone(request.workload, classes.zone[nodeClass]!);
      const value = rawSpread(soft, weights, classes.onHost[nodeClass]!, inZone);
      raw[i] = value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    for (let i = 0; i < classCount; i++) {
      totals[found[i]!]! += SPREAD_WEIGHT * spreadScore(raw[i]!, min, max);
    }
  }

  /** How many zones the classes are in. */
  private zonesOf(zoneOf: readonly number[], found: readonly number[], classCount: number): number {
    const { zones } = this;
    let count = 0;
    zones.fill(false);
    for (let i = 0; i < classCount; i++) {
      const zone = zoneOf[found[i]!]!;
      if (zones[zone] !== true) count++;
      zones[zone] = true;
    }
    return count;
  }
}
