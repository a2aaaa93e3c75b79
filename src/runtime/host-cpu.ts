/**
 * The CPU of one host as a machine: tasks that have work to finish are served by weighted, capped sharing, next to a
 * background of tasks that only use CPU (services). The host has one next event: the first completion.
 *
 *     remaining_i falls by rate_i ticks x us each us      rate = shareCpu(capacity, caps, weights)
 *     completion  at now + ceil(remaining / rate): whole microseconds, never early
 *
 * Driving    advance(now) first, then change what there is (`add`, `remove`, `setBackground`, all at that now), then read
 *            `nextEventAtUs` again: any change and any advance may move it. Never advance past it.
 * Rounding   demands and caps up to whole ticks, so that rates are whole.
 * Exact      for work below 2^53 ticks x us (one core for 19 hours); beyond that a completion may be a microsecond off.
 * Departs    the background is one contender with the sum of its demands and weights: exact unless some of its tasks are
 *            capped while others starve. CPU caches, hyper-threads and scheduling delay cost nothing.
 * Cost       O(tasks on the host) a change or advance.
 * State      flat; rates follow from it.
 */

import { assert } from '../base/assert.ts';
import { NEVER } from '../base/units.ts';
import { shareCpu } from './cpu-share.ts';

export interface HostCpuState {
  readonly nowUs: number;
  readonly tasks: readonly number[];
  readonly remainingTickUs: readonly number[];
  readonly capTicks: readonly number[];
  readonly weights: readonly number[];
}

/** Row of the background among the contenders. */
const BACKGROUND = 0;
const NO_TASK = -1;

export class HostCpu {
  private readonly capacityTicks: number;
  private nowUs: number;
  private nextUs = NEVER;
  private areRatesKnown = true;

  // Contenders in order of arrival, row 0 the background.
  private tasks: number[] = [NO_TASK];
  private remainingTickUs: number[] = [Infinity];
  private capTicks: number[] = [0];
  private weights: number[] = [1];
  private rateTicks: number[] = [0];

  constructor(capacityTicks: number, nowUs: number) {
    assert(
      Number.isSafeInteger(capacityTicks) && capacityTicks >= 0,
      () => `expected a capacity in whole ticks, found ${capacityTicks}`,
    );
    this.capacityTicks = capacityTicks;
    this.nowUs = nowUs;
  }

  /** Tasks with work left. */
  get taskCount(): number {
    return this.tasks.length - 1;
  }

  /** True while the task has work left here. */
  has(task: number): boolean {
    return this.tasks.includes(task, 1);
  }

  /** A task that uses up to `capTicks` (Infinity: all there is) until `workTickUs` are served. */
  add(task: number, workTickUs: number, capTicks: number, weight: number, nowUs: number): void {
    this.assertAdvancedTo(nowUs);
    assert(workTickUs > 0, () => `task ${task} has no work: ${workTickUs} ticks x us`);
    assert(!this.tasks.includes(task), () => `task ${task} is on this host already`);
    assertDemand(capTicks);
    assertWeight(weight);
    this.tasks.push(task);
    this.remainingTickUs.push(workTickUs);
    this.capTicks.push(Math.ceil(capTicks));
    this.weights.push(weight);
    this.rateTicks.push(0);
    this.areRatesKnown = false;
  }

  /** Takes a task away and says how much of its work was left. */
  remove(task: number, nowUs: number): number {
    this.assertAdvancedTo(nowUs);
    const row = this.rowOf(task);
    const leftTickUs = this.remainingTickUs[row]!;
    for (const column of this.columns()) column.splice(row, 1);
    this.areRatesKnown = false;
    return leftTickUs;
  }

  /** CPU that tasks without work to finish would use, and the sum of their weights (at least 1). */
  setBackground(demandTicks: number, weight: number, nowUs: number): void {
    this.assertAdvancedTo(nowUs);
    assertDemand(demandTicks);
    assertWeight(weight);
    this.capTicks[BACKGROUND] = Math.ceil(demandTicks);
    this.weights[BACKGROUND] = weight;
    this.areRatesKnown = false;
  }

  /** Serves up to `nowUs`; tasks whose work is done leave and are appended to `out` in order of arrival. */
  advance(nowUs: number, out: number[]): void {
    const elapsedUs = nowUs - this.nowUs;
    assert(elapsedUs >= 0, () => `a host's CPU is at ${this.nowUs} us; it cannot go to ${nowUs}`);
    if (elapsedUs === 0) return;
    const nextUs = this.nextEventAtUs();
    assert(nowUs <= nextUs, () => `a task completes at ${nextUs} us; advance to ${nowUs} skips it`);
    this.nowUs = nowUs;
    this.areRatesKnown = false;
    const columns = this.columns();
    let done = 0;
    for (let row = 1; row < this.tasks.length; row++) {
      this.remainingTickUs[row]! -= this.rateTicks[row]! * elapsedUs;
      if (this.remainingTickUs[row]! <= 0) {
        out.push(this.tasks[row]!);
        done++;
      } else if (done > 0) {
        for (const column of columns) column[row - done] = column[row]!;
      }
    }
    for (const column of columns) column.length -= done;
  }

  /** Time of the next completion, or NEVER. */
  nextEventAtUs(): number {
    this.share();
    return this.nextUs;
  }

  /** CPU that a task gets now. */
  rateOf(task: number): number {
    const row = this.rowOf(task);
    this.share();
    return this.rateTicks[row]!;
  }

  /** CPU that the background gets now: its demand unless the host is contended. */
  get backgroundRateTicks(): number {
    this.share();
    return this.rateTicks[BACKGROUND]!;
  }

  /** CPU in use now. */
  get usedTicks(): number {
    this.share();
    return this.rateTicks.reduce((sum, ticks) => sum + ticks, 0);
  }

  save(): HostCpuState {
    return {
      nowUs: this.nowUs,
      tasks: [...this.tasks],
      remainingTickUs: [...this.remainingTickUs],
      capTicks: [...this.capTicks],
      weights: [...this.weights],
    };
  }

  restore(state: HostCpuState): void {
    this.nowUs = state.nowUs;
    this.tasks = [...state.tasks];
    this.remainingTickUs = [...state.remainingTickUs];
    this.capTicks = [...state.capTicks];
    this.weights = [...state.weights];
    this.rateTicks = this.tasks.map(() => 0);
    this.areRatesKnown = false;
  }

  /** Rates and next completion, from the state alone: the same before and after a restore. */
  private share(): void {
    if (this.areRatesKnown) return;
    this.areRatesKnown = true;
    shareCpu(this.capacityTicks, this.capTicks, this.weights, this.tasks.length, this.rateTicks);
    this.nextUs = NEVER;
    for (let row = 1; row < this.tasks.length; row++) {
      if (this.rateTicks[row] === 0) continue;
      const afterUs = Math.ceil(this.remainingTickUs[row]! / this.rateTicks[row]!);
      this.nextUs = Math.min(this.nextUs, this.nowUs + afterUs);
    }
  }

  private rowOf(task: number): number {
    const row = this.tasks.indexOf(task);
    assert(row > BACKGROUND, () => `task ${task} has no work on this host`);
    return row;
  }

  private columns(): number[][] {
    return [this.tasks, this.remainingTickUs, this.capTicks, this.weights, this.rateTicks];
  }

  private assertAdvancedTo(nowUs: number): void {
    assert(
      nowUs === this.nowUs,
      () => `a host's CPU was advanced to ${this.nowUs} us and is changed at ${nowUs} us`,
    );
  }
}

function assertDemand(ticks: number): void {
  assert(ticks >= 0, () => `expected a demand of CPU that is not negative, found ${ticks} ticks`);
}

function assertWeight(weight: number): void {
  assert(
    Number.isSafeInteger(weight) && weight > 0,
    () => `expected a weight of at least 1, found ${weight}`,
  );
}
