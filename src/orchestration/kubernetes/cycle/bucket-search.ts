/**
 * The best of all feasible nodes when a cycle looks at every one: the best code of each class, the classes compared by their
 * normalised scores, and the places of the equals in the window counted. No node is visited that is not among the best.
 *
 * Cost       O(classes + equals). With so many equals that a walk through all nodes is cheaper it does not answer.
 */

import { NO_CODE, entryOf } from './node-entry.ts';
import { precedesInWalk } from './heap-order.ts';
import type { ClassScores, Found } from './class-scores.ts';
import type { Draw } from '../../../placement/tie-rule.ts';
import type { NodeList } from './node-list.ts';
import type { NodeRow, Ranked } from './node-row.ts';
import type { ScoreBuckets } from './score-buckets.ts';

const NONE = -1;

/** Counting the place of one node takes as long as walking past so many. */
const NODES_PER_PLACE = 16;

export class BucketSearch implements Found {
  readonly classes: number[] = [];
  classCount = 0;
  private readonly scores: ClassScores;
  private buckets!: ScoreBuckets;
  private readonly equals: number[] = [];

  constructor(scores: ClassScores) {
    this.scores = scores;
  }

  /** Slot of the best node, -1 when none is feasible, undefined when there are too many equals. */
  choose(
    row: NodeRow,
    ranked: Ranked,
    list: NodeList,
    start: number,
    draw: Draw | undefined,
  ): number | undefined {
    const { classes, equals, scores } = this;
    const { buckets } = ranked;
    const found = ranked.feasible.count;
    if (found === 0) return NONE;
    let classCount = 0;
    for (let i = 0; i < row.classes.count; i++) {
      if (buckets.bestOf(i) !== NO_CODE) classes[classCount++] = i;
    }
    this.classCount = classCount;
    this.buckets = buckets;
    scores.compute(row, this);
    let best = -Infinity;
    for (let i = 0; i < classCount; i++) best = Math.max(best, this.totalOf(classes[i]!, buckets));
    let count = 0;
    equals.length = 0;
    for (let i = 0; i < classCount; i++) {
      const nodeClass = classes[i]!;
      if (this.totalOf(nodeClass, buckets) !== best) continue;
      const entry = entryOf(nodeClass, buckets.bestOf(nodeClass));
      count += buckets.sizeOf(entry);
      if (count * NODES_PER_PLACE > found && count > 1) return undefined;
      buckets.slotsOf(entry, equals);
    }
    if (count === 1) return equals[0]!;
    return draw === undefined
      ? firstInWalk(equals, ranked, list, start)
      : drawnInOrder(equals, ranked, list, start, draw);
  }

  nodesOf(nodeClass: number): number {
    return this.buckets.nodesOf(nodeClass);
  }

  private totalOf(nodeClass: number, buckets: ScoreBuckets): number {
    return buckets.bestOf(nodeClass) + this.scores.totals[nodeClass]!;
  }
}

/** Place of a slot in the window of all feasible nodes from `start`. */
function placeOf(slot: number, { feasible }: Ranked, list: NodeList, start: number): number {
  const position = list.positionOf[slot]!;
  const place = feasible.countBefore(position) - feasible.countBefore(start);
  return position < start ? place + feasible.count : place;
}

function firstInWalk(
  slots: readonly number[],
  ranked: Ranked,
  list: NodeList,
  start: number,
): number {
  let winner = slots[0]!;
  let first = placeOf(winner, ranked, list, start);
  for (let i = 1; i < slots.length; i++) {
    const place = placeOf(slots[i]!, ranked, list, start);
    if (!precedesInWalk(place, first)) continue;
    first = place;
    winner = slots[i]!;
  }
  return winner;
}

function drawnInOrder(
  slots: readonly number[],
  ranked: Ranked,
  list: NodeList,
  start: number,
  draw: Draw,
): number {
  const inOrder = slots.toSorted(
    (a, b) => placeOf(a, ranked, list, start) - placeOf(b, ranked, list, start),
  );
  let winner = inOrder[0]!;
  for (let equals = 2; equals <= inOrder.length; equals++) {
    if (draw() * equals < 1) winner = inOrder[equals - 1]!;
  }
  return winner;
}
