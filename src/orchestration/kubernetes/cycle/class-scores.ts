/**
 * The normalised scores of one cycle, weighted and added, for each class of nodes that the cycle found (kubernetes.md 1.9).
 *
 *     total(class) = 3 x TaintToleration + 2 x NodeAffinity + 2 x PodTopologySpread + 2 x InterPodAffinity + 1 x ImageLocality
 *
 * Left out   a plugin that would give every node the same, or skips the cycle: it changes no choice.
 */

import { NO_DOMAIN } from '../constraints/domains.ts';
import { SCORE_MAX } from './taint-score.ts';
import { TAINT_WEIGHT, taintScore } from './taint-score.ts';
import { ln } from '../../../random/portable-math.ts';
import type { NodeClasses } from './node-classes.ts';
import type { NodeRow } from './node-row.ts';
import type { PodRules } from '../constraints/pod-rules.ts';
import type { SpreadRule } from '../constraints/spread-rule.ts';

const NODE_AFFINITY_WEIGHT = 2;
const SPREAD_WEIGHT = 2;
const POD_AFFINITY_WEIGHT = 2;

/** What a search found of the nodes. */
export interface Found {
  /** The first `classCount` are classes of feasible nodes. */
  readonly classes: readonly number[];
  readonly classCount: number;
  /** By class: how many feasible nodes. */
  nodesOf(nodeClass: number): number;
}

/** The part of a NodeRow that the scores are about. */
export type Scored = Pick<NodeRow, 'rules' | 'classes'>;

export class ClassScores {
  /** By class; of the classes found. */
  readonly totals: number[] = [];
  private readonly raw: number[] = [];
  private readonly domains = new Set<number>();

  compute({ rules, classes }: Scored, found: Found): void {
    this.addTaints(classes, found);
    if (rules.prefersNodes) this.addPreferred(classes, found);
    if (rules.soft.length > 0) this.addSpread(rules, classes, found);
    if (rules.affinity.preferences.length > 0) this.addAffinity(rules, classes, found);
    if (rules.images.length > 0) this.addImages(rules, classes, found);
  }

  private addImages(rules: PodRules, classes: NodeClasses, found: Found): void {
    for (let i = 0; i < found.classCount; i++) {
      const nodeClass = found.classes[i]!;
      this.totals[nodeClass]! += rules.imageScore((image) => classes.holds(nodeClass, image));
    }
  }

  private addTaints({ disliked }: NodeClasses, { classes, classCount }: Found): void {
    let max = 0;
    for (let i = 0; i < classCount; i++) max = Math.max(max, disliked[classes[i]!]!);
    for (let i = 0; i < classCount; i++) {
      const nodeClass = classes[i]!;
      this.totals[nodeClass] = TAINT_WEIGHT * taintScore(disliked[nodeClass]!, max);
    }
  }

  private addPreferred({ preferred }: NodeClasses, { classes, classCount }: Found): void {
    let max = 0;
    for (let i = 0; i < classCount; i++) max = Math.max(max, preferred[classes[i]!]!);
    if (max === 0) return;
    for (let i = 0; i < classCount; i++) {
      const nodeClass = classes[i]!;
      const score = Math.trunc((SCORE_MAX * preferred[nodeClass]!) / max);
      this.totals[nodeClass]! += NODE_AFFINITY_WEIGHT * score;
    }
  }

  private addSpread(rules: PodRules, classes: NodeClasses, found: Found): void {
    const { raw, totals } = this;
    const weights = rules.soft.map((rule) => ln(this.sizeOf(rule, rules, classes, found) + 2));
    let min = Infinity;
    let max = 0;
    for (let i = 0; i < found.classCount; i++) {
      const nodeClass = found.classes[i]!;
      if (isLeftOut(rules, classes, nodeClass)) continue;
      const value = rawSpread(rules.soft, weights, classes, nodeClass);
      raw[i] = value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    for (let i = 0; i < found.classCount; i++) {
      const nodeClass = found.classes[i]!;
      if (isLeftOut(rules, classes, nodeClass)) continue;
      const score = max === 0 ? SCORE_MAX : Math.trunc((SCORE_MAX * (max + min - raw[i]!)) / max);
      totals[nodeClass]! += SPREAD_WEIGHT * score;
    }
  }

  /** Of host names the nodes, of other keys the values; the lack of one is a value. Nodes that are left out do not count. */
  private sizeOf(
    { tally: { domains } }: SpreadRule,
    rules: PodRules,
    classes: NodeClasses,
    found: Found,
  ): number {
    let nodes = 0;
    this.domains.clear();
    for (let i = 0; i < found.classCount; i++) {
      const nodeClass = found.classes[i]!;
      if (isLeftOut(rules, classes, nodeClass)) continue;
      if (domains.isByHost) nodes += found.nodesOf(nodeClass);
      else this.domains.add(domains.ofKind(classes.kind[nodeClass]!));
    }
    return nodes + this.domains.size;
  }

  private addAffinity(
    { affinity: { preferences } }: PodRules,
    classes: NodeClasses,
    { classes: found, classCount }: Found,
  ): void {
    const { raw } = this;
    let min = Infinity;
    let max = -Infinity;
    for (let i = 0; i < classCount; i++) {
      let sum = 0;
      for (const tally of preferences) sum += classes.found(found[i]!, tally);
      raw[i] = sum;
      if (sum < min) min = sum;
      if (sum > max) max = sum;
    }
    if (min === max) return;
    for (let i = 0; i < classCount; i++) {
      // Divided first, as the real code does in floating point.
      const score = Math.trunc(SCORE_MAX * ((raw[i]! - min) / (max - min)));
      this.totals[found[i]!]! += POD_AFFINITY_WEIGHT * score;
    }
  }
}

function isLeftOut(
  { leavesOut, soft }: PodRules,
  classes: NodeClasses,
  nodeClass: number,
): boolean {
  if (!leavesOut) return false;
  for (const { tally } of soft) {
    const { domains } = tally;
    if (!domains.isByHost && domains.ofKind(classes.kind[nodeClass]!) === NO_DOMAIN) return true;
  }
  return false;
}

function rawSpread(
  soft: readonly SpreadRule[],
  weights: readonly number[],
  classes: NodeClasses,
  nodeClass: number,
): number {
  let sum = 0;
  for (let i = 0; i < soft.length; i++) {
    const { tally, maxSkew } = soft[i]!;
    const { domains } = tally;
    if (!domains.isByHost && domains.ofKind(classes.kind[nodeClass]!) === NO_DOMAIN) continue;
    sum += classes.found(nodeClass, tally) * weights[i]! + (maxSkew - 1);
  }
  return Math.round(sum);
}
