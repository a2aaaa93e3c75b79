/**
 * What metrics-server last read of each pod: CPU in whole milli-cores, rounded up as its quantities are, and memory where
 * the workload states what it uses.
 *
 * Fresh     a container needs two readings of its counter, the first at its start at the earliest; one that runs for less
 *           than 10 s is left out. Window: the time since the reading before, or since the start.
 * Departs   a reading is taken at its instant, not averaged over its window: usage is piecewise constant over minutes.
 * Source    kubernetes.md 4.1 (15 s resolution); metrics-server's own rule for fresh containers.
 */

import { TASK_STATE } from '../cluster/tasks.ts';
import { TICKS_PER_MILLI, US_PER_SECOND } from '../base/units.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { UsageProbe } from './usage-probe.ts';

export interface PodSample {
  readonly cpuMilli: number;
  readonly memoryBytes: number | undefined;
  readonly atUs: number;
  readonly windowUs: number;
}

/** By number of the task: rows are used again. */
export type PodSamplesState = readonly (readonly [number: number, sample: PodSample])[];

export const SCRAPE_PERIOD_US = 15 * US_PER_SECOND;
const FRESH_US = 10 * US_PER_SECOND;

export class PodSamples {
  private readonly view: ClusterView;
  private readonly probe: UsageProbe;
  private byNumber = new Map<number, PodSample>();

  constructor(view: ClusterView, probe: UsageProbe) {
    this.view = view;
    this.probe = probe;
  }

  /** Reads all that run of `tasks`; what was read before is forgotten. */
  scrape(tasks: Iterable<number>, nowUs: number): void {
    const { state, startedUs, number } = this.view.tasks;
    this.byNumber.clear();
    for (const task of tasks) {
      if (state[task] !== TASK_STATE.running) continue;
      const windowUs = Math.min(nowUs - startedUs[task]!, SCRAPE_PERIOD_US);
      if (windowUs < FRESH_US) continue;
      const cpuMilli = Math.ceil(this.probe.taskTicks(task, nowUs) / TICKS_PER_MILLI);
      const memoryBytes = this.probe.taskMemoryBytes(task, nowUs);
      this.byNumber.set(number[task]!, { cpuMilli, memoryBytes, atUs: nowUs, windowUs });
    }
  }

  of(task: number): PodSample | undefined {
    return this.byNumber.get(this.view.tasks.number[task]!);
  }

  save(): PodSamplesState {
    return [...this.byNumber];
  }

  restore(state: PodSamplesState): void {
    this.byNumber = new Map(state);
  }
}
