/** Where tasks come from while a run goes on: one pending arrival each, drawn or read ahead of time. */

import { NEVER } from '../base/units.ts';
import type { TaskTrace } from '../cluster/spec.ts';

/** One arrival. The record is reused. */
export interface Arrival {
  spec: number;
  durationUs: number;
  workTickUs: number;
}

export interface TaskSource {
  readonly workload: number;
  /** Equal tasks that come with each arrival: one, or a gang. */
  readonly tasksPerArrival: number;
  /** Time of the next arrival, or NEVER. */
  readonly nextUs: number;
  /** Fills in the arrival that is due at `nextUs` and moves on to the one after. */
  take(into: Arrival): void;
  save(): unknown;
  restore(state: unknown): void;
}

/** Replays a trace. `specRows[i]` is the row of `trace.specs[i]`. */
export class TraceSource implements TaskSource {
  readonly workload: number;
  readonly tasksPerArrival = 1;
  nextUs: number;
  private readonly trace: TaskTrace;
  private readonly specRows: readonly number[];
  private at = 0;

  constructor(workload: number, trace: TaskTrace, specRows: readonly number[]) {
    this.workload = workload;
    this.trace = trace;
    this.specRows = specRows;
    this.nextUs = trace.submittedUs[0] ?? NEVER;
  }

  take(into: Arrival): void {
    const { specOf, durationUs, submittedUs } = this.trace;
    into.spec = this.specRows[specOf[this.at]!]!;
    into.durationUs = durationUs[this.at]!;
    into.workTickUs = 0;
    this.at++;
    this.nextUs = submittedUs[this.at] ?? NEVER;
  }

  save(): number {
    return this.at;
  }

  restore(at: number): void {
    this.at = at;
    this.nextUs = this.trace.submittedUs[at] ?? NEVER;
  }
}
