/**
 * The life of a task once it runs (task-start.ts brings it there), until it has left its host:
 *
 *     running -> completed, or stopped by a decision, or ended by an exit of its containers or by its host
 *
 * End         after its duration, when its CPU work is served, or when it is told to stop. Stopping takes a time
 *             (runtime/stop-time.ts) in which it holds its room. A pod that was bound is terminating even when nothing of it runs
 *             yet; an ECS or batch task is then gone at once.
 * Hanging     containers do no work any more and do not answer TERM; a liveness probe finds them and has them started again.
 * Exit        containers that exit with an error are started again in place by the kubelet, after a back-off
 *             (runtime/restart-backoff.ts) in which the task is `placed`, unless their pod restarts none; under ECS and batch
 *             the task has failed (aws.md 3.7).
 * Lost        what a failed machine does to a task: host-failures.ts.
 */

import { DIGEST_KIND } from './digest.ts';
import { EVENT } from './events.ts';
import { PHASE } from './phases.ts';
import { FIRST_END_STATE, TASK_STATE } from '../cluster/tasks.ts';
import { GRACE_S, untilStoppedUs } from '../runtime/stop-time.ts';
import { NO_EVENT } from '../kernel/calendar.ts';
import { NEVER, US_PER_SECOND } from '../base/units.ts';
import { WORKLOAD_KINDS } from '../cluster/workloads.ts';
import { endReasons } from '../base/reason-code.ts';
import { watchersOf } from './observer.ts';
import type { ContainerRuns } from './container-runs.ts';
import type { EndReason } from '../base/reasons.ts';
import type { HostMemory } from './host-memory.ts';
import type { PodTemplate } from '../cluster/pod-template.ts';
import type { SimulationContext } from './context.ts';
import type { TaskClock } from './task-clock.ts';
import type { TaskStart } from './task-start.ts';
import type { Watcher } from './observer.ts';
import type { WorkHosts } from './work-hosts.ts';

/** What happens on the host of a task besides the task itself. */
export interface HostSide {
  readonly work: WorkHosts;
  readonly memory: HostMemory;
  readonly runs: ContainerRuns;
}

export class TaskLife {
  private readonly context: SimulationContext;
  private readonly clock: TaskClock;
  private readonly starting: TaskStart;
  private readonly side: HostSide;
  /** Called when a task has left a host. */
  private readonly onLeft: (task: number, host: number) => void;
  private readonly endWatchers: readonly Watcher<'taskEnded'>[];

  constructor(
    context: SimulationContext,
    clock: TaskClock,
    starting: TaskStart,
    side: HostSide,
    onLeft: (task: number, host: number) => void,
  ) {
    this.context = context;
    this.clock = clock;
    this.starting = starting;
    this.side = side;
    this.onLeft = onLeft;
    this.endWatchers = watchersOf(context.observers, 'taskEnded');
  }

  finish(task: number): void {
    this.ended(task, TASK_STATE.completed, 'completed');
  }

  /**
   * Asks a task to stop. One that is pending ends at once, others when they are gone from their host, at the latest when the
   * grace period has passed: the task's own unless `graceUs` says otherwise.
   */
  stop(task: number, reason: EndReason, graceUs?: number): void {
    const { setup, ledger, kernel } = this.context;
    const { tasks } = setup.cluster;
    if (tasks.stopping[task] === 1) return;
    const state = tasks.state[task]!;
    const isPod = this.clock.isPod(task);
    if (state === TASK_STATE.pending || (state !== TASK_STATE.running && !isPod)) {
      this.end(task, TASK_STATE.cancelled, reason);
      return;
    }
    ledger.markStopping(task, kernel.nowUs);
    tasks.reason[task] = endReasons.codeOf(reason);
    // A host that is down, or cut off, confirms nothing.
    if (setup.cluster.hosts.down[tasks.host[task]!] === 0) this.hearsOfStop(task, graceUs);
  }

  /** Its host has heard that it is to stop. */
  hearsOfStop(task: number, graceUs?: number): void {
    const goneUs =
      this.context.kernel.nowUs + this.untilGoneUs(task, this.clock.isPod(task), graceUs);
    this.clock.next(task, goneUs, PHASE.completion, EVENT.taskStopped);
  }

  /** Does something of the task's life stand in the calendar? */
  isAwaited(task: number): boolean {
    return this.context.setup.cluster.tasks.nextEvent[task] !== NO_EVENT;
  }

  stopped(task: number): void {
    const reason = endReasons.wordOf(this.context.setup.cluster.tasks.reason[task]!);
    this.end(task, TASK_STATE.cancelled, reason === '' ? 'stopped' : reason);
  }

  /** The run of its containers is over, with an error; or a probe tells them to end. */
  exited(task: number): void {
    const { runs } = this.side;
    const reason = runs.reasonOf(task);
    if (reason !== 'unhealthy') return this.containersExited(task, reason);
    const goneUs = this.context.kernel.nowUs + this.untilStoppedUs(task);
    this.clock.next(task, goneUs, PHASE.completion, EVENT.taskKilled);
  }

  /** Its containers answer nobody from now on. */
  hangs(task: number): void {
    const { work } = this.side;
    work.leave(task);
    work.changed(this.context.setup.cluster.tasks.host[task]!);
    this.starting.goOn(task);
  }

  foundUnready(task: number): void {
    const { ledger, kernel, setup } = this.context;
    if (setup.cluster.tasks.isReady[task] === 1) ledger.setUnready(task, kernel.nowUs);
    this.starting.goOn(task);
  }

  containersExited(task: number, reason: EndReason): void {
    if (reason === 'out-of-memory') this.noteKill(task);
    if (!this.isRestarted(task)) return this.ended(task, TASK_STATE.failed, reason);
    const { nowUs } = this.context.kernel;
    const restartUs = this.side.runs.restartUs(task);
    this.leaveRun(task);
    if (restartUs === nowUs) this.starting.start(task);
    else this.clock.next(task, restartUs, PHASE.capacityReady, EVENT.taskStart);
  }

  private noteKill(task: number): void {
    const { setup, kernel } = this.context;
    const { nowUs } = kernel;
    setup.usage.killed(task, nowUs - (this.side.runs.startedUs(task) ?? nowUs), nowUs);
  }

  /** The machine under the task failed: nothing of it runs any more, and whoever bound it has not been told. */
  lost(task: number): void {
    const { orchestrators, tasks } = this.context.setup.cluster;
    if (orchestrators[tasks.cluster[task]!] === 'batch') {
      this.end(task, TASK_STATE.cancelled, 'host-failed');
      return;
    }
    this.clock.cancel(task);
    this.side.work.leave(task);
  }

  /** The machine is back, and its kubelet or agent looks at what it should run. */
  found(task: number): void {
    const { kernel, setup } = this.context;
    const { tasks } = setup.cluster;
    const { nowUs } = kernel;
    const isRunning = tasks.state[task] === TASK_STATE.running;
    if (tasks.stopping[task] === 1 && this.clock.isPod(task)) {
      const confirmUs = setup.market.parameters.us('kubernetes.stop-confirm-s');
      this.clock.next(task, nowUs + confirmUs, PHASE.completion, EVENT.taskStopped);
    } else if (!isRunning && tasks.stopping[task] === 0) this.starting.heard(task, nowUs);
    else if (!this.clock.isPod(task)) this.end(task, TASK_STATE.cancelled, 'host-failed');
    else if (!this.isRestarted(task)) this.end(task, TASK_STATE.failed, 'host-failed');
    else {
      this.leaveRun(task);
      const startUs = nowUs + this.starting.containerStartUs(task);
      this.clock.next(task, startUs, PHASE.capacityReady, EVENT.taskStart);
    }
  }

  /** It ended by itself; whoever placed it hears of that from its host. */
  private ended(task: number, state: number, reason: EndReason): void {
    if (this.context.links?.holds(task, state, reason) !== true) {
      this.end(task, state, reason);
      return;
    }
    this.clock.cancel(task);
    this.side.work.leave(task);
  }

  /** Ends a task now, whatever it was doing. */
  end(task: number, state: number, reason: EndReason): void {
    const { setup, ledger, kernel } = this.context;
    const { tasks } = setup.cluster;
    const { work, memory, runs } = this.side;
    const host = tasks.host[task]!;
    this.clock.cancel(task);
    work.leave(task);
    // Its work may have been done in this very instant.
    if (tasks.state[task]! >= FIRST_END_STATE) return;
    if (host >= 0) this.starting.forget(task);
    ledger.end(task, state, endReasons.codeOf(reason), kernel.nowUs);
    this.context.volumes?.left(task, host);
    runs.forget(task);
    this.context.links?.forget(task);
    setup.choosers[tasks.cluster[task]!]!.ended(tasks.workload[task]!, tasks.pool[task]!);
    work.changed(host);
    memory.changed(host);
    if (host >= 0) this.context.disks?.changed(host);
    this.context.lastActedUs = kernel.nowUs;
    this.clock.fold(DIGEST_KIND.end, task);
    for (const observer of this.endWatchers) observer.taskEnded(task);
    if (host >= 0) this.onLeft(task, host);
  }

  /** Nothing of the task runs now; it will be started again on its host. */
  private leaveRun(task: number): void {
    const { setup, ledger, kernel } = this.context;
    const { tasks } = setup.cluster;
    const { work, memory } = this.side;
    this.clock.cancel(task);
    work.leave(task);
    if (tasks.isReady[task] === 1) ledger.setUnready(task, kernel.nowUs);
    tasks.state[task] = TASK_STATE.placed;
    work.changed(tasks.host[task]!);
    memory.changed(tasks.host[task]!);
    this.context.disks?.changed(tasks.host[task]!);
  }

  /** Does the kubelet start containers again that exited with an error? */
  private isRestarted(task: number): boolean {
    if (!this.clock.isPod(task)) return false;
    const { cluster, containers } = this.context.setup;
    const { tasks, specs, workloads } = cluster;
    const workload = tasks.workload[task]!;
    const stated =
      containers[workload]?.restartPolicy ?? specs.at(tasks.spec[task]!).pod?.restartPolicy;
    return (stated ?? defaultPolicy(workloads.kind[workload]!)) !== 'Never';
  }

  private untilGoneUs(task: number, isPod: boolean, statedUs?: number): number {
    const { setup } = this.context;
    const isRunning = setup.cluster.tasks.state[task] === TASK_STATE.running;
    const confirmUs = isPod ? setup.market.parameters.us('kubernetes.stop-confirm-s') : 0;
    return (isRunning ? this.untilStoppedUs(task, statedUs) : 0) + confirmUs;
  }

  /** From the order to stop to the last container gone. */
  private untilStoppedUs(task: number, statedUs?: number): number {
    const { setup } = this.context;
    const { tasks, specs } = setup.cluster;
    const { terminationGraceS = GRACE_S, preStopS = 0 } = specs.at(tasks.spec[task]!).pod ?? {};
    const stops = setup.stops[tasks.workload[task]!] ?? {};
    const { stopUs, graceUs, preStopUs = preStopS * US_PER_SECOND } = stops;
    let stop = NEVER;
    if (!this.side.runs.isHanging(task)) {
      stop =
        stopUs === undefined
          ? setup.market.parameters.us('container.stop-s')
          : this.clock.drawnUs(task, 'stop', stopUs);
    }
    const grace = statedUs ?? graceUs ?? terminationGraceS * US_PER_SECOND;
    return untilStoppedUs(stop, grace, this.clock.isPod(task) ? preStopUs : 0);
  }
}

/** What a pod has that states none: those of jobs must not be Always. */
function defaultPolicy(kind: number): PodTemplate['restartPolicy'] {
  return ['job', 'trace'].includes(WORKLOAD_KINDS[kind]!) ? 'OnFailure' : 'Always';
}
