/**
 * The runs of containers that may end in an error or hang, that probes may kill, or whose memory is stated: what happens in each
 * and when, and the back-off of the restarts. Tasks of other workloads have no entry and cost nothing.
 *
 * Course     what happens in a run is known when it starts, and ends with its first exit or with the work done. At the same time:
 *            ready at the start, done, exit, hanging, not ready, ready.
 */

import { EVENT } from './events.ts';
import { NEVER } from '../base/units.ts';
import { crashAfterUs, overLimitAfterUs } from '../runtime/container-behaviour.ts';
import { healthCourse } from '../runtime/probe.ts';
import { restartAfterExit } from '../runtime/restart-backoff.ts';
import type { Backoff } from '../runtime/restart-backoff.ts';
import type { ContainerBehaviour } from '../runtime/container-behaviour.ts';
import type { EndReason } from '../base/reasons.ts';
import type { SimulationContext } from './context.ts';

export interface RunStep {
  readonly atUs: number;
  readonly event: number;
}

export interface Run {
  startedUs: number;
  course: readonly RunStep[];
  /** Steps of the course that were taken, or are in the calendar. */
  taken: number;
  reason: EndReason;
  /** What the course would be with memory enough, and why it would end. */
  readonly unlimited: readonly RunStep[];
  readonly unlimitedReason: EndReason;
  /** NEVER for one that does not hang. */
  hangUs: number;
  backoff: Backoff | undefined;
}

const ENDS: readonly number[] = [EVENT.taskFinish, EVENT.taskExit];

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

  /**
   * The task's containers start, and could answer after `startupUs`. True when their run is kept here: `next` then says what
   * happens, else nothing happens to them but their work.
   */
  begin(task: number, startupUs: number, isPod: boolean): boolean {
    const behaviour = this.behaviourOf(task);
    if (behaviour === undefined || !isFollowed(behaviour, startupUs)) return false;
    const { nowUs } = this.context.kernel;
    const hangUs = this.drawnUs(task, 'hang', behaviour.hang);
    const probes = (isPod ? behaviour.probes : undefined) ?? {};
    const { readyUs, unreadyUs, killUs } = healthCourse(startupUs, hangUs, probes);
    const crashUs = this.drawnUs(task, 'crash', behaviour.crash);
    const crashedUs = crashUs < hangUs ? crashUs : NEVER;
    const exitUs = Math.min(crashedUs, killUs);
    const doneUs = this.doneUs(task);
    const ready = { atUs: readyUs, event: EVENT.taskReady };
    const later = [
      { atUs: doneUs < hangUs ? doneUs : NEVER, event: EVENT.taskFinish },
      { atUs: exitUs, event: EVENT.taskExit },
      { atUs: hangUs, event: EVENT.taskHangs },
      { atUs: unreadyUs, event: EVENT.taskUnready },
    ];
    const steps = readyUs === 0 ? [ready, ...later] : [...later, ready];
    const unlimited = courseOf(steps, nowUs);
    const unlimitedReason = exitUs === crashedUs ? 'essential-container-exited' : 'unhealthy';
    const overUs = nowUs + this.overLimitUs(task, this.specOf(task));
    this.runs.set(task, {
      startedUs: nowUs,
      ...limited({ startedUs: nowUs, unlimited, unlimitedReason }, overUs),
      taken: 0,
      unlimited,
      unlimitedReason,
      hangUs: nowUs + hangUs,
      backoff: this.runs.get(task)?.backoff,
    });
    return true;
  }

  /** Does the run take more memory already than a pod of `spec` may? */
  isBeyond(task: number, spec: number): boolean {
    const startedUs = this.startedUs(task);
    if (startedUs === undefined) return false;
    return startedUs + this.overLimitUs(task, spec) <= this.context.kernel.nowUs;
  }

  /** The task has another limit of memory now. True when what comes next to its run is not what the calendar has. */
  resized(task: number): boolean {
    const run = this.runs.get(task);
    const pending = run?.course[run.taken - 1];
    if (run === undefined || pending === undefined) return false;
    if (pending.atUs <= this.context.kernel.nowUs) return false;
    const overUs = run.startedUs + this.overLimitUs(task, this.specOf(task));
    Object.assign(run, limited(run, overUs));
    const next = run.course[run.taken - 1];
    if (next?.atUs === pending.atUs && next.event === pending.event) return false;
    run.taken--;
    return true;
  }

  /** What happens next to the run, once; undefined for nothing. */
  next(task: number): RunStep | undefined {
    const run = this.runs.get(task);
    return run?.course[run.taken++];
  }

  reasonOf(task: number): EndReason {
    return this.runs.get(task)!.reason;
  }

  isHanging(task: number): boolean {
    return (this.runs.get(task)?.hangUs ?? NEVER) <= this.context.kernel.nowUs;
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
    const nothing = {
      course: [],
      taken: 0,
      reason: 'completed',
      unlimited: [],
      unlimitedReason: 'completed',
      hangUs: NEVER,
    } as const;
    this.runs.set(task, { ...nothing, startedUs: nowUs, backoff });
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

  private drawnUs(
    task: number,
    what: 'crash' | 'hang',
    process: ContainerBehaviour['crash'],
  ): number {
    if (process === undefined) return NEVER;
    const { seed, cluster } = this.context.setup;
    const { tasks, workloads } = cluster;
    const workload = workloads.names[tasks.workload[task]!]!;
    const run = tasks.attempts[task]!;
    return crashAfterUs(process, seed, { what, workload, ordinal: tasks.ordinal[task]!, run });
  }

  /** Since the start of a run, of a task that asks for what `spec` says. */
  private overLimitUs(task: number, spec: number): number {
    const memory = this.behaviourOf(task)?.memory;
    if (memory === undefined) return NEVER;
    return overLimitAfterUs(memory, this.context.setup.cluster.specs.memoryBytes[spec]!);
  }

  private specOf(task: number): number {
    return this.context.setup.cluster.tasks.spec[task]!;
  }

  /** After how long the task is done that runs for a time; who has CPU work to serve is told when it is. */
  private doneUs(task: number): number {
    const { tasks } = this.context.setup.cluster;
    return tasks.workTickUs[task]! > 0 ? NEVER : tasks.durationUs[task]!;
  }
}

/** Containers that answer at once and never hang are not killed for their health. */
function isFollowed(behaviour: ContainerBehaviour, startupUs: number): boolean {
  const { crash, hang, memory, disk, probes } = behaviour;
  const isWatched = memory !== undefined || disk !== undefined;
  const isJudged =
    probes?.startup !== undefined || (probes?.liveness !== undefined && startupUs > 0);
  return crash !== undefined || hang !== undefined || isWatched || isJudged;
}

/** The course with its end for want of memory at `overUs`, where nothing ends it before. */
function limited(
  {
    startedUs,
    unlimited,
    unlimitedReason,
  }: Pick<Run, 'startedUs' | 'unlimited' | 'unlimitedReason'>,
  overUs: number,
): Pick<Run, 'course' | 'reason'> {
  const isBefore = ({ atUs, event }: RunStep): boolean =>
    atUs < overUs ||
    (atUs === overUs && event === EVENT.taskFinish) ||
    (atUs === overUs && event === EVENT.taskReady && atUs === startedUs);
  const before = unlimited.filter(isBefore);
  const ends = before.some(({ event }) => ENDS.includes(event));
  if (overUs === NEVER || ends) return { course: unlimited, reason: unlimitedReason };
  return {
    course: [...before, { atUs: overUs, event: EVENT.taskExit }],
    reason: 'out-of-memory',
  };
}

/** In the order of time, up to the end. */
function courseOf(steps: readonly RunStep[], startUs: number): RunStep[] {
  const order = [...steps].sort((a, b) => (a.atUs === b.atUs ? 0 : a.atUs - b.atUs));
  const course: RunStep[] = [];
  for (const { atUs, event } of order) {
    if (atUs === NEVER) break;
    course.push({ atUs: startUs + atUs, event });
    if (ENDS.includes(event)) break;
  }
  return course;
}
