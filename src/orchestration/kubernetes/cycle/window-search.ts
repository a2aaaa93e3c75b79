/**
 * The best node of one window by what a row remembers: one pass over the list keeps the best of each class, then the classes
 * are compared by their normalised scores.
 *
 * Cost       a few operations a node of the list that is looked at.
 */

import { NO_CODE } from './node-entry.ts';
import { precedesInWalk } from './heap-order.ts';
import type { ClassScores, Found } from './class-scores.ts';
import type { Draw } from '../../../placement/tie-rule.ts';
import type { NodeRow } from './node-row.ts';

const NONE = -1;

export class WindowSearch implements Found {
  /** Position from which the next cycle starts. */
  nextStart = 0;
  private readonly scores: ClassScores;
  /** Slots of the nodes found. */
  private window = new Int32Array(0);
  private found = 0;
  /** Classes found, the first `classCount`. By class: the best code, 0 when not found, its place in the window, and how many. */
  readonly classes: number[] = [];
  classCount = 0;
  private bestCode = new Int32Array(16);
  private bestPlace = new Int32Array(16);
  private nodes = new Int32Array(16);

  constructor(scores: ClassScores) {
    this.scores = scores;
  }

  /** Slot of the best of the first `wanted` feasible nodes from `start`, or -1. `refused` is by class, 0 for those that will do; all will without it. */
  choose(
    row: NodeRow,
    slotAt: Int32Array,
    start: number,
    wanted: number,
    refused: Uint8Array | undefined,
    draw: Draw | undefined,
  ): number {
    this.reset(row, wanted);
    let stop = this.scan(row, slotAt, start, slotAt.length, wanted, refused);
    if (stop === NONE) stop = this.scan(row, slotAt, 0, start, wanted, refused);
    this.nextStart = stop === NONE ? start : stop;
    if (this.found <= 1) return this.found === 1 ? this.window[0]! : NONE;
    this.scores.compute(row, this);
    return draw === undefined ? this.firstInWalk() : this.drawn(row, draw);
  }

  nodesOf(nodeClass: number): number {
    return this.nodes[nodeClass]!;
  }

  private reset(row: NodeRow, wanted: number): void {
    for (let i = 0; i < this.classCount; i++) {
      this.bestCode[this.classes[i]!] = this.nodes[this.classes[i]!] = 0;
    }
    this.classCount = this.found = 0;
    if (this.window.length < wanted) this.window = new Int32Array(wanted);
    if (this.bestCode.length < row.classes.count) {
      this.bestCode = new Int32Array(2 * row.classes.count);
      this.bestPlace = new Int32Array(2 * row.classes.count);
      this.nodes = new Int32Array(2 * row.classes.count);
    }
  }

  /** Takes in the nodes at positions from `from` up to `to`; the position of the first that is too many, or -1. */
  private scan(
    row: NodeRow,
    slotAt: Int32Array,
    from: number,
    to: number,
    wanted: number,
    refused: Uint8Array | undefined,
  ): number {
    const { codes, classOf, first, stride } = row;
    const { window, bestCode, bestPlace, nodes } = this;
    let place = this.found;
    for (let position = from; position < to; position++) {
      const slot = slotAt[position]!;
      const code = codes[first + slot * stride]!;
      if (code === NO_CODE) continue;
      const nodeClass = classOf[slot]!;
      if (refused !== undefined && refused[nodeClass] !== 0) continue;
      if (place === wanted) {
        this.found = place;
        return position;
      }
      window[place] = slot;
      nodes[nodeClass]!++;
      const best = bestCode[nodeClass]!;
      if (code > best || (code === best && precedesInWalk(place, bestPlace[nodeClass]!))) {
        if (best === NO_CODE) this.classes[this.classCount++] = nodeClass;
        bestCode[nodeClass] = code;
        bestPlace[nodeClass] = place;
      }
      place++;
    }
    this.found = place;
    return NONE;
  }

  private bestTotal(): number {
    const { classes, bestCode, scores } = this;
    let best = -Infinity;
    for (let i = 0; i < this.classCount; i++) {
      const nodeClass = classes[i]!;
      best = Math.max(best, bestCode[nodeClass]! + scores.totals[nodeClass]!);
    }
    return best;
  }

  private firstInWalk(): number {
    const { classes, bestCode, bestPlace, scores } = this;
    const best = this.bestTotal();
    let winner = NONE;
    for (let i = 0; i < this.classCount; i++) {
      const nodeClass = classes[i]!;
      if (bestCode[nodeClass]! + scores.totals[nodeClass]! !== best) continue;
      const place = bestPlace[nodeClass]!;
      if (winner === NONE || precedesInWalk(place, winner)) winner = place;
    }
    return this.window[winner]!;
  }

  private drawn({ codes, classOf, first, stride }: NodeRow, draw: Draw): number {
    const { totals } = this.scores;
    const best = this.bestTotal();
    let winner = NONE;
    let equals = 0;
    for (let place = 0; place < this.found; place++) {
      const slot = this.window[place]!;
      if (codes[first + slot * stride]! + totals[classOf[slot]!]! !== best) continue;
      if (++equals === 1 || draw() * equals < 1) winner = slot;
    }
    return winner;
  }
}
