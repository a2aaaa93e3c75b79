/**
 * Pods of one template that stand in the same place of the scheduling queue, with equal counts and equal rejectors, in order
 * of time and number. A row a pod, and nothing else for those that were refused together.
 *
 * Times      `rows[at .. evenEnd)` all count from `evenUs`; each of the others from its own time in the column `sinceUs`.
 */

import type { Template } from './template.ts';

export const PLACE = {
  active: 0,
  backoff: 1,
  errorBackoff: 2,
  unschedulable: 3,
  gated: 4,
} as const;

export type Place = (typeof PLACE)[keyof typeof PLACE];

/** What the order of pods is read from, by task row. */
export interface PodColumns {
  readonly number: { readonly [task: number]: number };
  sinceUs: Float64Array;
}

const DEAD_ROWS_MAX = 1_024;

/** Where pods stand, and how often they were tried. */
export interface Standing {
  readonly place: Place;
  /** Refusals by plugins, and errors in a row since the last of them; no more than Backoff.countMax of each. */
  readonly failures: number;
  readonly errors: number;
  /** Bits of the plugins that refused, where the place is `unschedulable`; else 0. */
  readonly rejectors: number;
}

export class Batch implements Standing {
  readonly template: Template;
  place: Place;
  failures: number;
  errors: number;
  rejectors: number;
  /** Where it stands in the heap of its place, or -1; or in the list of batches that the same plugins refused. */
  heapAt = -1;
  private readonly columns: PodColumns;
  private rows: number[] = [];
  private at = 0;
  private evenEnd = 0;
  private evenUs = 0;
  /** True while rows stand in order of their numbers. */
  private isByNumber = true;

  constructor(columns: PodColumns, template: Template, standing: Standing) {
    this.columns = columns;
    this.template = template;
    this.place = standing.place;
    this.failures = standing.failures;
    this.errors = standing.errors;
    this.rejectors = standing.rejectors;
  }

  standsAs({ place, failures, errors, rejectors }: Standing): boolean {
    return (
      this.place === place &&
      this.failures === failures &&
      this.errors === errors &&
      this.rejectors === rejectors
    );
  }

  stand({ place, failures, errors, rejectors }: Standing): void {
    this.place = place;
    this.failures = failures;
    this.errors = errors;
    this.rejectors = rejectors;
  }

  get size(): number {
    return this.rows.length - this.at;
  }

  get head(): number {
    return this.rows[this.at]!;
  }

  get headUs(): number {
    return this.timeUs(0);
  }

  row(index: number): number {
    return this.rows[this.at + index]!;
  }

  /** Since when the pod at a position, 0 for the head, stands in the queue. */
  timeUs(index: number): number {
    const at = this.at + index;
    return at < this.evenEnd ? this.evenUs : this.columns.sinceUs[this.rows[at]!]!;
  }

  indexOf(task: number): number {
    const at = this.rows.indexOf(task, this.at);
    return at < 0 ? -1 : at - this.at;
  }

  /** How many of the first pods satisfy a condition that holds for older pods first. */
  countWhile(holds: (index: number) => boolean): number {
    if (holds(this.size - 1)) return this.size;
    if (!holds(0)) return 0;
    // Those of the common time are all alike.
    let count = Math.max(1, this.evenEnd - this.at);
    while (holds(count)) count++;
    return count;
  }

  /** Takes the head out. */
  shift(): number {
    const task = this.rows[this.at++]!;
    if (this.at > DEAD_ROWS_MAX && this.at * 2 > this.rows.length) {
      this.rows.splice(0, this.at);
      this.evenEnd = Math.max(0, this.evenEnd - this.at);
      this.at = 0;
    }
    return task;
  }

  /** Takes the last pods out. */
  clear(): void {
    if (this.rows.length === 1) this.rows.pop();
    else this.rows = [];
    this.at = this.evenEnd = 0;
    this.isByNumber = true;
  }

  removeAt(index: number): void {
    const at = this.at + index;
    this.rows.splice(at, 1);
    if (at < this.evenEnd) this.evenEnd--;
  }

  /** Puts a pod in its place in the order. */
  insert(task: number, timeUs: number): void {
    const { rows, columns } = this;
    columns.sinceUs[task] = timeUs;
    let index = this.size;
    while (index > 0 && this.isBefore(task, timeUs, index - 1)) index--;
    if (index === this.size) this.noteNumber(task);
    else {
      this.spellOut();
      this.isByNumber = false;
    }
    rows.splice(this.at + index, 0, task);
  }

  /** Puts a pod before all others, before they are evened out. */
  putFirst(task: number): void {
    const { number } = this.columns;
    if (this.size > 0) this.isByNumber &&= number[task]! < number[this.head]!;
    if (this.at > 0) this.rows[--this.at] = task;
    else this.rows.unshift(task);
  }

  /** All of its pods count from now on, in order of their numbers. */
  evenOut(nowUs: number): void {
    if (!this.isByNumber) {
      const { number } = this.columns;
      this.rows = this.rows.slice(this.at).sort((a, b) => number[a]! - number[b]!);
      this.at = 0;
      this.isByNumber = true;
    }
    this.evenEnd = this.rows.length;
    this.evenUs = nowUs;
  }

  /** Takes the first `count` pods of another batch over, each with its time. */
  takeFrom(other: Batch, count: number): void {
    if (this.size === 0 && count === other.size) this.swapWith(other);
    else if (this.size === 0 || !other.isBefore(this.row(this.size - 1), this.lastUs, 0)) {
      this.interleave(other, count);
    } else {
      for (let index = 0; index < count; index++) {
        const task = other.row(index);
        this.columns.sinceUs[task] = other.timeUs(index);
        this.noteNumber(task);
        this.rows.push(task);
      }
    }
    other.dropFirst(count);
  }

  private get lastUs(): number {
    return this.timeUs(this.size - 1);
  }

  /** True when a pod with that time comes before the pod at a position. */
  private isBefore(task: number, timeUs: number, index: number): boolean {
    const otherUs = this.timeUs(index);
    if (timeUs !== otherUs) return timeUs < otherUs;
    const { number } = this.columns;
    return number[task]! < number[this.row(index)]!;
  }

  /** Merges two ordered lists. */
  private interleave(other: Batch, count: number): void {
    this.spellOut();
    const merged: number[] = [];
    let mine = 0;
    for (let theirs = 0; theirs < count; theirs++) {
      const task = other.row(theirs);
      const timeUs = other.timeUs(theirs);
      while (mine < this.size && !this.isBefore(task, timeUs, mine)) merged.push(this.row(mine++));
      merged.push(task);
      this.columns.sinceUs[task] = timeUs;
    }
    while (mine < this.size) merged.push(this.row(mine++));
    this.rows = merged;
    this.at = 0;
    this.isByNumber = false;
  }

  private swapWith(other: Batch): void {
    const { rows, at, evenEnd, evenUs, isByNumber } = other;
    other.rows = this.rows;
    other.at = other.rows.length;
    this.rows = rows;
    this.at = at;
    this.evenEnd = evenEnd;
    this.evenUs = evenUs;
    this.isByNumber = isByNumber;
  }

  private dropFirst(count: number): void {
    this.at = Math.min(this.rows.length, this.at + count);
    if (this.at === this.rows.length) this.clear();
  }

  /** Writes the common time of the first pods to the column. */
  private spellOut(): void {
    for (let at = this.at; at < this.evenEnd; at++) {
      this.columns.sinceUs[this.rows[at]!] = this.evenUs;
    }
    this.evenEnd = 0;
  }

  private noteNumber(task: number): void {
    const { number } = this.columns;
    if (this.size === 0) this.isByNumber = true;
    else this.isByNumber &&= number[this.row(this.size - 1)]! < number[task]!;
  }
}
