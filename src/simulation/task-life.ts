/**
 * The life of a task once it is bound:
 *
 *     placed -> pulling -> (container starts) -> running -> ready -> completed, or stopped by a decision
 *
 * A step that takes no time is taken at once, without an event of its own.
 * A task on a Fargate micro-VM waits for the machine before it pulls. A running task ends after its duration, when its
 * CPU work is served, or when it is told to stop; stopping takes a time (runtime/stop-time.ts) in which it holds its room.
 * A pod that was bound is terminating even when nothing of it runs yet; an ECS or batch task is then gone at once.
 */

import { DIGEST_KIND } from './digest.ts';
import { EVENT } from './events.ts';
import { HOST_STATE, NOT_YET } from '../cluster/hosts.ts';
import { NO_EVENT } from '../kernel/calendar.ts';
import { PHASE } from './phases.ts';
import { FIRST_END_STATE, TASK_STATE } from '../cluster/tasks.ts';
import { GRACE_S, untilGoneUs } from '../runtime/stop-time.ts';
import { US_PER_SECOND } from '../base/units.ts';
import { containerStarts } from '../runtime/container-start.ts';
import { counterUniform } from '../random/counter-hash.ts';
import { endReasons } from '../base/reason-code.ts';
import { quantile } from '../random/sampler.ts';
import { watchersOf } from './observer.ts';
import type { EndReason } from '../base/reasons.ts';
import type { NoisyLatency } from '../cloud/latency-noise.ts';
import type { SimulationContext } from './context.ts';
import type { Watcher } from './observer.ts';
import type { WorkHosts } from './work-hosts.ts';

export class TaskLife {
  private readonly context: SimulationContext;
  private readonly work: WorkHosts;
  /** Called when a task has left a host. */
  private readonly onLeft: (task: number, host: number) => void;
  private readonly endWatchers: readonly Watcher<'taskEnded'>[];
  /** Start times of containers, by workload. */
  private readonly starts: NoisyLatency[] = [];

  constructor(
    context: SimulationContext,
    work: WorkHosts,
    onLeft: (task: number, host: number) => void,
  ) {
    this.context = context;
    this.work = work;
    this.onLeft = onLeft;
    this.endWatchers = watchersOf(context.observers, 'taskEnded');
  }

  /** A bind was committed; the host hears of it at `atUs`, or when it is ready. */
  bound(task: number, host: number, atUs: number): void {
    const { cluster } = this.context.setup;
    this.fold(DIGEST_KIND.bind, task);
    const hears = cluster.hosts.state[host] === HOST_STATE.ready && cluster.hosts.down[host] === 0;
    if (hears) this.heard(task, atUs);
  }

  /** The host hears of the task at `atUs`. */
  heard(task: number, atUs: number): void {
    if (atUs <= this.context.kernel.nowUs) this.pull(task);
    else this.next(task, atUs, PHASE.capacityReady, EVENT.taskPull);
  }

  pull(task: number): void {
    const { setup, kernel } = this.context;
    const { tasks, specs } = setup.cluster;
    const { image } = specs.at(tasks.spec[task]!);
    const host = tasks.host[task]!;
    tasks.state[task] = TASK_STATE.pulling;
    const endUs = setup.images.pullEndUs(
      host,
      image,
      setup.pullPaths[setup.cluster.hosts.pool[host]!]!,
      kernel.nowUs,
    );
    if (endUs === kernel.nowUs) this.pulled(task);
    else this.next(task, endUs, PHASE.capacityReady, EVENT.taskPulled);
  }

  pulled(task: number): void {
    const { setup, kernel } = this.context;
    const { tasks, orchestrators } = setup.cluster;
    tasks.pulledUs[task] = kernel.nowUs;
    const isBatch = orchestrators[tasks.cluster[task]!] === 'batch';
    const startUs = isBatch ? 0 : this.containerStartUs(task);
    if (startUs === 0) this.start(task);
    else this.next(task, kernel.nowUs + startUs, PHASE.capacityReady, EVENT.taskStart);
  }

  start(task: number): void {
    const { setup, kernel } = this.context;
    const { tasks } = setup.cluster;
    const { nowUs } = kernel;
    tasks.state[task] = TASK_STATE.running;
    if (tasks.startedUs[task] === NOT_YET) tasks.startedUs[task] = nowUs;
    tasks.attempts[task]!++;
    this.fold(DIGEST_KIND.start, task);
    const startup = setup.startup[tasks.workload[task]!];
    if (startup === undefined) this.ready(task);
    else {
      this.work.changed(tasks.host[task]!);
      this.next(task, nowUs + this.startupUs(task, startup), PHASE.capacityReady, EVENT.taskReady);
    }
    if (tasks.workTickUs[task]! > 0) this.work.start(task);
    else if (tasks.durationUs[task] !== Infinity) {
      this.next(task, nowUs + tasks.durationUs[task]!, PHASE.completion, EVENT.taskFinish);
    }
  }

  ready(task: number): void {
    const { ledger, kernel, setup } = this.context;
    setup.cluster.tasks.nextEvent[task] = NO_EVENT;
    ledger.setReady(task, kernel.nowUs);
    this.fold(DIGEST_KIND.ready, task);
    this.work.changed(setup.cluster.tasks.host[task]!);
  }

  finish(task: number): void {
    this.end(task, TASK_STATE.completed, 'completed');
  }

  /** Asks a task to stop. One that is pending ends at once, others when they are gone from their host. */
  stop(task: number, reason: EndReason): void {
    const { setup, ledger, kernel } = this.context;
    const { tasks, orchestrators } = setup.cluster;
    if (tasks.stopping[task] === 1) return;
    const state = tasks.state[task]!;
    const isPod = orchestrators[tasks.cluster[task]!] === 'kubernetes';
    if (state === TASK_STATE.pending || (state !== TASK_STATE.running && !isPod)) {
      this.end(task, TASK_STATE.cancelled, reason);
      return;
    }
    ledger.markStopping(task, kernel.nowUs);
    tasks.reason[task] = endReasons.codeOf(reason);
    // A host that is down confirms nothing.
    if (setup.cluster.hosts.down[tasks.host[task]!] !== 0) return;
    const goneUs = kernel.nowUs + this.untilGoneUs(task, isPod);
    this.next(task, goneUs, PHASE.completion, EVENT.taskStopped);
  }

  stopped(task: number): void {
    const reason = endReasons.wordOf(this.context.setup.cluster.tasks.reason[task]!);
    this.end(task, TASK_STATE.cancelled, reason === '' ? 'stopped' : reason);
  }

  /** The machine under the task failed: nothing of it runs any more, and whoever bound it has not been told. */
  lost(task: number): void {
    const { kernel, setup } = this.context;
    const { tasks, orchestrators } = setup.cluster;
    if (orchestrators[tasks.cluster[task]!] === 'batch') {
      this.end(task, TASK_STATE.cancelled, 'host-failed');
      return;
    }
    kernel.cancel(tasks.nextEvent[task]!);
    tasks.nextEvent[task] = NO_EVENT;
    this.work.leave(task);
  }

  /** The machine is back, and its kubelet or agent looks at what it should run. */
  found(task: number): void {
    const { kernel, setup } = this.context;
    const { tasks, orchestrators } = setup.cluster;
    const isPod = orchestrators[tasks.cluster[task]!] === 'kubernetes';
    if (tasks.state[task] !== TASK_STATE.running && tasks.stopping[task] === 0) {
      this.heard(task, kernel.nowUs);
    } else if (!isPod) this.end(task, TASK_STATE.cancelled, 'host-failed');
    else if (tasks.stopping[task] === 1) {
      const confirmUs = setup.market.parameters.us('kubernetes.stop-confirm-s');
      this.next(task, kernel.nowUs + confirmUs, PHASE.completion, EVENT.taskStopped);
    } else this.restartOnHost(task);
  }

  /** Ends a task now, whatever it was doing. */
  end(task: number, state: number, reason: EndReason): void {
    const { setup, ledger, kernel } = this.context;
    const { tasks } = setup.cluster;
    const host = tasks.host[task]!;
    kernel.cancel(tasks.nextEvent[task]!);
    tasks.nextEvent[task] = NO_EVENT;
    this.work.leave(task);
    // Its work may have been done in this very instant.
    if (tasks.state[task]! >= FIRST_END_STATE) return;
    ledger.end(task, state, endReasons.codeOf(reason), kernel.nowUs);
    setup.choosers[tasks.cluster[task]!]!.ended(tasks.workload[task]!, tasks.pool[task]!);
    this.work.changed(host);
    this.context.lastActedUs = kernel.nowUs;
    this.fold(DIGEST_KIND.end, task);
    for (const observer of this.endWatchers) observer.taskEnded(task);
    if (host >= 0) this.onLeft(task, host);
  }

  /** Schedules the next event of the task's life in place of the one it had. */
  private next(task: number, timeUs: number, phase: number, event: number): void {
    const { kernel, setup } = this.context;
    const { tasks } = setup.cluster;
    kernel.cancel(tasks.nextEvent[task]!);
    tasks.nextEvent[task] = kernel.schedule(timeUs, phase, event, task);
  }

  private containerStartUs(task: number): number {
    const { setup } = this.context;
    const { tasks, workloads } = setup.cluster;
    const workload = tasks.workload[task]!;
    const starts = (this.starts[workload] ??= containerStarts(
      setup.market.parameters,
      `${setup.seed}/${workloads.names[workload]}`,
    ));
    return starts.us(tasks.ordinal[task]!);
  }

  /** Its containers were lost with the machine's memory: they start anew unless their pod restarts none. */
  private restartOnHost(task: number): void {
    const { setup, ledger, kernel } = this.context;
    const { tasks, specs } = setup.cluster;
    if (specs.at(tasks.spec[task]!).pod?.restartPolicy === 'Never') {
      this.end(task, TASK_STATE.failed, 'host-failed');
      return;
    }
    if (tasks.isReady[task] === 1) ledger.setUnready(task, kernel.nowUs);
    const startUs = kernel.nowUs + this.containerStartUs(task);
    this.next(task, startUs, PHASE.capacityReady, EVENT.taskStart);
  }

  private untilGoneUs(task: number, isPod: boolean): number {
    const { setup } = this.context;
    const { tasks, workloads, specs } = setup.cluster;
    const { parameters } = setup.market;
    const confirmUs = isPod ? parameters.us('kubernetes.stop-confirm-s') : 0;
    if (tasks.state[task] !== TASK_STATE.running) return confirmUs;
    const workload = tasks.workload[task]!;
    const { stopUs, graceUs } = setup.stops[workload] ?? {};
    const graceS = specs.at(tasks.spec[task]!).pod?.terminationGraceS ?? GRACE_S;
    const stop =
      stopUs === undefined
        ? parameters.us('container.stop-s')
        : this.drawnUs(task, `stop/${workloads.names[workload]}`, stopUs);
    return untilGoneUs(stop, graceUs ?? graceS * US_PER_SECOND, confirmUs);
  }

  private startupUs(task: number, startup: Parameters<typeof quantile>[0]): number {
    const { setup } = this.context;
    const { tasks, workloads } = setup.cluster;
    return this.drawnUs(task, `startup/${workloads.names[tasks.workload[task]!]}`, startup);
  }

  /** The same for the same work under every policy. */
  private drawnUs(task: number, purpose: string, from: Parameters<typeof quantile>[0]): number {
    const { setup } = this.context;
    const draw = counterUniform(setup.seed, purpose, setup.cluster.tasks.ordinal[task]!);
    return Math.max(0, Math.round(quantile(from, draw)));
  }

  private fold(kind: number, task: number): void {
    const { digest, kernel, setup } = this.context;
    const { tasks } = setup.cluster;
    digest.fold(kernel.nowUs, kind, tasks.number[task]!, tasks.host[task]!);
  }
}
