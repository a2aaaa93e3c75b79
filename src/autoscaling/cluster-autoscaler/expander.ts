/**
 * The contract of an expander: of the groups that could grow, keep the best.
 *
 * Expanders may be chained, each filtering what the one before left; the first to leave one option decides. Among what
 * is left at the end one is drawn, or the first in group order taken when there is no draw.
 * Source   kubernetes.md 5.5, 9.
 */

import { assert } from '../../base/assert.ts';
import type { Draw } from '../../placement/tie-rule.ts';
import type { HostDescription } from '../../cluster/hosts.ts';

/** What expanders ask of a node; capacity, not what is allocatable. */
export type OfferedNode = Pick<
  HostDescription,
  'cpuCapacityTicks' | 'memoryCapacityBytes' | 'gpuCount' | 'priceNanoUsdPerHour'
>;

/** One group, grown. */
export interface ExpansionOption {
  readonly pool: number;
  /** Name of the group. */
  readonly id: string;
  /** At least 1. */
  readonly nodeCount: number;
  readonly node: OfferedNode;
  /** Pods that the new nodes would take: how many, and what they ask for together. */
  readonly podCount: number;
  readonly podCpuTicks: number;
  readonly podMemoryBytes: number;
}

export interface Expander {
  /** As in scenario files. */
  readonly name: string;
  /** The best of one or more options, at least one, in their order. `clusterNodes`: nodes there and on their way. */
  best<Option extends ExpansionOption>(
    options: readonly Option[],
    clusterNodes: number,
  ): readonly Option[];
}

export function chooseOption<Option extends ExpansionOption>(
  options: readonly Option[],
  expanders: readonly Expander[],
  clusterNodes: number,
  draw: Draw | undefined,
): Option | undefined {
  let left = options;
  for (const expander of expanders) {
    if (left.length > 1) left = expander.best(left, clusterNodes);
    assert(options.length === 0 || left.length > 0, () => `${expander.name} left no option`);
  }
  if (left.length < 2 || draw === undefined) return left[0];
  return left[Math.floor(draw() * left.length)];
}

/** The options with the lowest score; equal scores are equal to the last bit. */
export function lowestBy<Option extends ExpansionOption>(
  options: readonly Option[],
  scoreOf: (option: Option) => number,
): readonly Option[] {
  const scores = options.map(scoreOf);
  const lowest = scores.reduce((least, score) => Math.min(least, score), Infinity);
  return options.filter((_, index) => scores[index] === lowest);
}
