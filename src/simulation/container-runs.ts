/**
 * The runs of containers that may end in an error or whose memory is stated: when each began, when and why it will exit, and
 * the back-off of its restarts. Tasks of other workloads have no entry and cost nothing.
 */

import { NEVER } from '../base/units.ts';
import { crashAfterUs, overLimitAfterUs } from '../runtime/container-behaviour.ts';
import { restartAfterExit } from '../runtime/restart-backoff.ts';
import type { Backoff } from '../runtime/restart-backoff.ts';
import type { ContainerBehaviour } from '../runtime/container-behaviour.ts';
import type { EndReason } from '../base/reasons.ts';
import type { SimulationContext } from './context.ts';

export interface Run {
  startedUs: number;
  /** NEVER for one that goes on. */
  exitUs: number;
  reason: EndReason;
  backoff: Backoff | undefined;
}

export class ContainerRuns {
  private readonly context: SimulationContext;
  private readonly runs = new Map<number, Run>();

  constructor(context: SimulationContext) {
    this.context = context;
  }

  behaviourOf(task: number): ContainerBehaviour | undefined {
    const { setup } = this.context;
    return setup.containers[setup.cluster.tasks.workload[task]!];
  }

  /** The task's containers start. */
  begin(task: number): void {
    const behaviour = this.behaviourOf(task);
    if (behaviour?.crash === undefined && behaviour?.memory === undefined) return;
    const { nowUs } = this.context.kernel;
    const crashUs = this.crashUs(task, behaviour);
    const overUs = this.overLimitUs(task, behaviour);
    const backoff = this.runs.get(task)?.backoff;
    this.runs.set(task, {
      startedUs: nowUs,
      exitUs: nowUs + Math.min(crashUs, overUs),
      reason: overUs <= crashUs ? 'out-of-memory' : 'essential-container-exited',
      backoff,
    });
  }

  /** When the run will exit with an error, or NEVER. */
  exitUs(task: number): number {
    return this.runs.get(task)?.exitUs ?? NEVER;
  }

  reasonOf(task: number): EndReason {
    return this.runs.get(task)!.reason;
  }

  /** Start of the run; undefined when the task has none. */
  startedUs(task: number): number | undefined {
    return this.runs.get(task)?.startedUs;
  }

  /** The run has exited now: when the kubelet starts the next. */
  restartUs(task: number): number {
    const { nowUs } = this.context.kernel;
    const run = this.runs.get(task);
    const backoff = restartAfterExit(run?.backoff, nowUs);
    this.runs.set(task, { startedUs: nowUs, exitUs: NEVER, reason: 'completed', backoff });
    return backoff.restartedUs;
  }

  forget(task: number): void {
    this.runs.delete(task);
  }

  save(): (readonly [number, Run])[] {
    return [...this.runs].map(([task, run]) => [task, { ...run }] as const);
  }

  restore(state: readonly (readonly [number, Run])[]): void {
    this.runs.clear();
    for (const [task, run] of state) this.runs.set(task, { ...run });
  }

  private crashUs(task: number, { crash }: ContainerBehaviour): number {
    if (crash === undefined) return NEVER;
    const { seed, cluster } = this.context.setup;
    const { tasks, workloads } = cluster;
    const name = workloads.names[tasks.workload[task]!]!;
    return crashAfterUs(crash, seed, name, tasks.ordinal[task]!, tasks.attempts[task]!);
  }

  private overLimitUs(task: number, { memory }: ContainerBehaviour): number {
    const { tasks, specs } = this.context.setup.cluster;
    if (memory === undefined) return NEVER;
    return overLimitAfterUs(memory, specs.memoryBytes[tasks.spec[task]!]!);
  }
}
