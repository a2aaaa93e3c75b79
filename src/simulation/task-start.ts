/**
 * The first part of a task's life on its host:
 *
 *     placed -> pulling -> (container starts) -> running -> ready
 *
 * Steps      one that takes no time is taken at once, without an event of its own. A pod of several containers goes round
 *            pulling and starting once for each (runtime/start-plan.ts).
 * Refusals   a kubelet that may not ask the registry yet tries again later (images/pull-limit.ts).
 * Fargate    a task on a micro-VM waits for the machine before it pulls.
 * Ready      when its containers could answer and, on Kubernetes, its probe has found out (runtime/probe.ts).
 */

import { DIGEST_KIND } from './digest.ts';
import { EVENT } from './events.ts';
import { HOST_STATE, NOT_YET } from '../cluster/hosts.ts';
import { NO_EVENT } from '../kernel/calendar.ts';
import { PHASE } from './phases.ts';
import { REFUSED } from '../images/host-cache.ts';
import { TASK_STATE } from '../cluster/tasks.ts';
import { containerStarts } from '../runtime/container-start.ts';
import { pullRetryUs } from '../images/pull-limit.ts';
import { readyAfterUs } from '../runtime/probe.ts';
import { startFactor } from './start-share.ts';
import { startPlan } from '../runtime/start-plan.ts';
import type { ContainerRuns } from './container-runs.ts';
import type { HostMemory } from './host-memory.ts';
import type { ImageReports } from './image-reports.ts';
import type { NoisyLatency } from '../cloud/latency-noise.ts';
import type { SimulationContext } from './context.ts';
import type { StartStep } from '../runtime/start-plan.ts';
import type { TaskClock } from './task-clock.ts';
import type { TaskSpec } from '../cluster/spec.ts';
import type { WorkHosts } from './work-hosts.ts';

/** How far a task has come that starts in several steps, or whose pulls were refused. */
export interface Progress {
  step: number;
  /** Refused pulls of the step's image. */
  refusals: number;
}

export class TaskStart {
  private readonly context: SimulationContext;
  private readonly clock: TaskClock;
  private readonly runs: ContainerRuns;
  private readonly work: WorkHosts;
  private readonly memory: HostMemory;
  /** Absent where no scheduler looks at images. */
  private readonly reports: ImageReports | undefined;
  /** Start times of containers, by workload. */
  private readonly starts: NoisyLatency[] = [];
  private readonly progress = new Map<number, Progress>();

  constructor(
    context: SimulationContext,
    clock: TaskClock,
    runs: ContainerRuns,
    work: WorkHosts,
    memory: HostMemory,
    reports: ImageReports | undefined,
  ) {
    this.context = context;
    this.clock = clock;
    this.runs = runs;
    this.work = work;
    this.memory = memory;
    this.reports = reports;
  }

  /** A bind was committed; the host hears of it at `atUs`, or when it is ready. */
  bound(task: number, host: number, atUs: number): void {
    const { hosts } = this.context.setup.cluster;
    this.clock.fold(DIGEST_KIND.bind, task);
    if (hosts.state[host] === HOST_STATE.ready && hosts.down[host] === 0) this.heard(task, atUs);
  }

  /** The host hears of the task at `atUs`, or when the task's volumes are there. */
  heard(task: number, atUs: number): void {
    if (this.context.volumes?.holds(task, atUs) === true) return;
    if (atUs <= this.context.kernel.nowUs) this.pull(task);
    else this.clock.next(task, atUs, PHASE.capacityReady, EVENT.taskPull);
  }

  pull(task: number): void {
    const { setup, kernel } = this.context;
    const { tasks, hosts } = setup.cluster;
    const { nowUs } = kernel;
    const host = tasks.host[task]!;
    const path = setup.pullPaths[hosts.pool[host]!]!;
    if (tasks.state[task] === TASK_STATE.placed && tasks.pulledUs[task] === NOT_YET) {
      this.useImages(task, 1);
    }
    tasks.state[task] = TASK_STATE.pulling;
    const endUs = setup.images.pullEndUs(host, this.imageOf(task), path, nowUs);
    if (endUs === REFUSED) this.pullLater(task);
    else if (endUs === nowUs) this.pulled(task);
    else {
      this.reports?.changes(host, endUs);
      this.clock.next(task, endUs, PHASE.capacityReady, EVENT.taskPulled);
    }
  }

  /** The image of the step is there. */
  pulled(task: number): void {
    const { setup, kernel } = this.context;
    const { tasks, orchestrators } = setup.cluster;
    tasks.pulledUs[task] = kernel.nowUs;
    const isBatch = orchestrators[tasks.cluster[task]!] === 'batch';
    const startUs = isBatch ? 0 : this.stepUs(task);
    if (startUs === 0) this.start(task);
    else this.clock.next(task, kernel.nowUs + startUs, PHASE.capacityReady, EVENT.taskStart);
  }

  /** The container of the step runs. After the last the task does. */
  start(task: number): void {
    const progress = this.progress.get(task);
    const plan = progress === undefined ? undefined : this.planOf(task);
    if (progress !== undefined && plan !== undefined && progress.step + 1 < plan.length) {
      progress.step++;
      progress.refusals = 0;
      this.pull(task);
      return;
    }
    this.progress.delete(task);
    this.run(task);
  }

  ready(task: number): void {
    const { ledger, kernel, setup } = this.context;
    const { tasks } = setup.cluster;
    tasks.nextEvent[task] = NO_EVENT;
    ledger.setReady(task, kernel.nowUs);
    this.clock.fold(DIGEST_KIND.ready, task);
    this.work.changed(tasks.host[task]!);
    this.goOn(task);
  }

  /** Waits for what happens next to the run of the task's containers, where that is known. */
  goOn(task: number): void {
    const step = this.runs.next(task);
    if (step === undefined) return;
    const isNow = step.atUs === this.context.kernel.nowUs;
    if (step.event === EVENT.taskReady && isNow) return this.ready(task);
    const phase = step.event === EVENT.taskReady ? PHASE.capacityReady : PHASE.completion;
    this.clock.next(task, step.atUs, phase, step.event);
  }

  /** From image present to process running, of the first container. */
  containerStartUs(task: number): number {
    const { setup } = this.context;
    const { tasks, workloads } = setup.cluster;
    const workload = tasks.workload[task]!;
    const starts = (this.starts[workload] ??= containerStarts(
      setup.market.parameters,
      `${setup.seed}/${workloads.names[workload]}`,
    ));
    return starts.us(tasks.ordinal[task]!);
  }

  /** The task has ended. */
  forget(task: number): void {
    this.progress.delete(task);
    const { tasks } = this.context.setup.cluster;
    const hasPulled = tasks.state[task]! >= TASK_STATE.pulling || tasks.pulledUs[task] !== NOT_YET;
    if (hasPulled) this.useImages(task, -1);
  }

  save(): (readonly [number, Progress])[] {
    return [...this.progress].map(([task, progress]) => [task, { ...progress }] as const);
  }

  restore(state: readonly (readonly [number, Progress])[]): void {
    this.progress.clear();
    for (const [task, progress] of state) this.progress.set(task, { ...progress });
  }

  private run(task: number): void {
    const { setup, kernel } = this.context;
    const { tasks } = setup.cluster;
    const { nowUs } = kernel;
    const host = tasks.host[task]!;
    tasks.state[task] = TASK_STATE.running;
    if (tasks.startedUs[task] === NOT_YET) tasks.startedUs[task] = nowUs;
    const startupUs = this.startupUs(task);
    const isFollowed = this.runs.begin(task, startupUs, this.clock.isPod(task));
    tasks.attempts[task]!++;
    this.clock.fold(DIGEST_KIND.start, task);
    if (isFollowed) this.goOn(task);
    else this.getReady(task, startupUs);
    if (tasks.isReady[task] === 0) this.work.changed(host);
    if (tasks.workTickUs[task]! > 0) this.work.start(task);
    else if (!isFollowed && tasks.durationUs[task] !== Infinity) {
      const finishUs = nowUs + tasks.durationUs[task]!;
      this.clock.next(task, finishUs, PHASE.completion, EVENT.taskFinish);
    }
    if (this.runs.behaviourOf(task)?.memory !== undefined && this.clock.isPod(task)) {
      this.memory.watch(host);
    }
    this.memory.changed(host);
    this.context.disks?.changed(host);
  }

  private pullLater(task: number): void {
    const progress = this.progressOf(task);
    progress.refusals++;
    const atUs = this.context.kernel.nowUs + pullRetryUs(progress.refusals);
    this.clock.next(task, atUs, PHASE.capacityReady, EVENT.taskPull);
  }

  private stepUs(task: number): number {
    const plan = this.planOf(task);
    if (plan === undefined) return this.containerStartUs(task);
    const { step } = this.progressOf(task);
    const { parameters } = this.context.setup.market;
    const startUs =
      step === 0 ? this.containerStartUs(task) : parameters.us('container.next-start-s');
    return startUs + (plan[step]!.runsToEnd ? parameters.us('container.init-run-s') : 0);
  }

  private imageOf(task: number): string {
    const plan = this.planOf(task);
    if (plan === undefined) return this.writtenSpecOf(task).image;
    const { image } = plan[this.progressOf(task).step]!;
    return this.context.setup.images.knows(image) ? image : '';
  }

  private useImages(task: number, by: 1 | -1): void {
    const { setup, kernel } = this.context;
    const { tasks, hosts } = setup.cluster;
    const host = tasks.host[task]!;
    const path = setup.pullPaths[hosts.pool[host]!]!;
    if (path.imageDiskBytes === undefined) return;
    const plan = this.planOf(task) ?? [this.writtenSpecOf(task)];
    for (const { image } of plan) {
      if (setup.images.knows(image)) setup.images.use(host, image, path, by, kernel.nowUs);
    }
    if (by < 0) this.reports?.released(host);
  }

  private startupUs(task: number): number {
    const { setup } = this.context;
    const startup = setup.startup[setup.cluster.tasks.workload[task]!];
    if (startup === undefined) return 0;
    const drawnUs = this.clock.drawnUs(task, 'startup', startup);
    const { cluster, usage } = setup;
    return Math.round(drawnUs * startFactor(cluster, usage, task, this.context.kernel.nowUs));
  }

  private getReady(task: number, startupUs: number): void {
    const probes = this.clock.isPod(task) ? this.runs.behaviourOf(task)?.probes : undefined;
    const afterUs = readyAfterUs(startupUs, probes?.readiness);
    if (afterUs === 0) return this.ready(task);
    const atUs = this.context.kernel.nowUs + afterUs;
    this.clock.next(task, atUs, PHASE.capacityReady, EVENT.taskReady);
  }

  private planOf(task: number): readonly StartStep[] | undefined {
    return this.clock.isPod(task) ? startPlan(this.writtenSpecOf(task).pod) : undefined;
  }

  /** Containers and images are those that were written, whatever sizes were drawn. */
  private writtenSpecOf(task: number): TaskSpec {
    const { tasks, specs } = this.context.setup.cluster;
    return specs.writtenAt(specs.templateOf(tasks.spec[task]!));
  }

  private progressOf(task: number): Progress {
    let progress = this.progress.get(task);
    if (progress === undefined) {
      progress = { step: 0, refusals: 0 };
      this.progress.set(task, progress);
    }
    return progress;
  }
}
