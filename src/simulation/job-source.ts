/** A stream of jobs: arrivals from a process, attributes drawn whole at each birth. */

import { NEVER, TICKS_PER_CORE } from '../base/units.ts';
import type { Arrival, TaskSource } from './task-source.ts';
import type { ArrivalProcess, ArrivalState } from '../workload/arrivals/arrival-process.ts';
import type { JobAttributes } from '../workload/arrivals/job-attributes.ts';
import type { Specs } from '../cluster/specs.ts';

export class JobSource implements TaskSource {
  readonly workload: number;
  readonly tasksPerArrival: number;
  nextUs: number;
  /** Row of the spec without sizes. */
  private readonly template: number;
  private readonly arrivals: ArrivalProcess;
  private readonly attributes: JobAttributes;
  private readonly specs: Specs;

  private lastSpec = 0;
  private lastCpuTicks = -1;
  private lastMemoryBytes = -1;

  /** CPU and memory of the spec in row `template` are replaced by what is drawn, once for the tasks of a gang. */
  constructor(
    workload: number,
    template: number,
    arrivals: ArrivalProcess,
    attributes: JobAttributes,
    specs: Specs,
    tasksPerArrival = 1,
  ) {
    this.workload = workload;
    this.template = template;
    this.arrivals = arrivals;
    this.attributes = attributes;
    this.specs = specs;
    this.tasksPerArrival = tasksPerArrival;
    this.nextUs = arrivals.nextUs();
  }

  take(into: Arrival): void {
    this.again(into);
    this.nextUs = this.arrivals.nextUs();
  }

  /** The attributes of one more, which brings no arrival of its own. */
  again(into: Arrival): void {
    const { cpuTicks, memoryBytes, durationUs, workUs } = this.attributes.draw();
    into.spec = this.specRow(cpuTicks, memoryBytes);
    into.durationUs = durationUs;
    // CPU time of one core, in ticks x us.
    into.workTickUs = workUs * TICKS_PER_CORE;
  }

  /** Most streams ask for one size: the last one is remembered. */
  private specRow(cpuTicks: number, memoryBytes: number): number {
    if (cpuTicks !== this.lastCpuTicks || memoryBytes !== this.lastMemoryBytes) {
      this.lastSpec = this.specs.sizedRowOf(this.template, cpuTicks, memoryBytes);
      this.lastCpuTicks = cpuTicks;
      this.lastMemoryBytes = memoryBytes;
    }
    return this.lastSpec;
  }

  save(): unknown {
    // JSON has no Infinity.
    const nextUs = this.nextUs === NEVER ? null : this.nextUs;
    return { nextUs, arrivals: this.arrivals.save() };
  }

  restore(state: { nextUs: number | null; arrivals: ArrivalState }): void {
    this.nextUs = state.nextUs ?? NEVER;
    this.arrivals.restore(state.arrivals);
  }
}
