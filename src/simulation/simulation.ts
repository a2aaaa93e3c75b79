/**
 * One run: the only writer of the cluster. `step()` takes one event; everything else is a loop around it.
 */

import { Commit } from './commit.ts';
import { ControllerWakes, NO_ONE } from './controller-wakes.ts';
import { DIGEST_KIND, Digest } from './digest.ts';
import { EVENT } from './events.ts';
import { HOST_STATE, NO_ROW } from '../cluster/hosts.ts';
import { HostDisk } from './host-disk.ts';
import { HostFailures } from './host-failures.ts';
import { HostLife } from './host-life.ts';
import { FinishedPods } from './finished-pods.ts';
import { HostSupply } from './host-supply.ts';
import { MicroVms } from './micro-vms.ts';
import { InvariantError } from '../base/assert.ts';
import { Kernel } from '../kernel/kernel.ts';
import { LadderCalendar } from '../kernel/ladder-calendar.ts';
import { Ledger } from '../cluster/ledger.ts';
import { LinkLosses } from './link-losses.ts';
import { NEVER, usToSeconds } from '../base/units.ts';
import { PHASE } from './phases.ts';
import { TASK_STATE } from '../cluster/tasks.ts';
import { ContainerRuns } from './container-runs.ts';
import { HostMemory } from './host-memory.ts';
import { ImageReports } from './image-reports.ts';
import { PodResizes } from './pod-resizes.ts';
import { TaskClock } from './task-clock.ts';
import { TaskStart } from './task-start.ts';
import { TaskLife } from './task-life.ts';
import { VolumeLife } from './volume-life.ts';
import { WorkHosts } from './work-hosts.ts';
import { pendingReasons } from '../base/reason-code.ts';
import { watchersOf } from './observer.ts';
import type { Arrival } from './task-source.ts';
import type { CalendarEvent } from '../kernel/calendar.ts';
import type { Watcher } from './observer.ts';
import type { RunEnd, SimulationSetup } from './setup.ts';
import type { SimulationContext } from './context.ts';

/** Steps between two reports of progress. */
const PROGRESS_STEPS = 50_000;

export class Simulation {
  readonly kernel: Kernel;
  readonly digest = new Digest();
  private readonly setup: SimulationSetup;
  private readonly context: SimulationContext;
  private readonly ledger: Ledger;
  private readonly work: WorkHosts;
  private readonly runs: ContainerRuns;
  private readonly memory: HostMemory;
  private readonly resizes: PodResizes;
  private readonly reports: ImageReports | undefined;
  private readonly starting: TaskStart;
  private readonly tasks: TaskLife;
  private readonly hosts: HostLife;
  private readonly failures: HostFailures;
  private readonly supply: HostSupply;
  private readonly microVms: MicroVms;
  private readonly commit: Commit;
  private readonly wakes: ControllerWakes;
  /** Those of the observers that watch every event. */
  private readonly before: readonly Watcher<'beforeEvent'>[];
  private readonly after: readonly Watcher<'afterEvent'>[];
  private readonly arrival: Arrival = { spec: 0, durationUs: 0, workTickUs: 0 };

  constructor(setup: SimulationSetup) {
    this.setup = setup;
    this.kernel = new Kernel(new LadderCalendar(), (event) => this.handle(event));
    this.ledger = new Ledger(setup.cluster);
    this.context = {
      setup,
      kernel: this.kernel,
      ledger: this.ledger,
      digest: this.digest,
      observers: setup.observers,
      lastActedUs: 0,
    };
    this.work = new WorkHosts(this.context, (task) => this.tasks.finish(task));
    this.failures = new HostFailures(
      this.context,
      () => this.hosts,
      () => this.tasks,
    );
    this.supply = new HostSupply(this.context);
    this.microVms = new MicroVms(this.context, (zone) => this.failures.isZoneOut(zone));
    this.hosts = new HostLife(
      this.context,
      () => this.tasks,
      () => this.starting,
      this.failures,
      this.supply,
      this.microVms,
    );
    this.runs = new ContainerRuns(this.context);
    this.memory = new HostMemory(this.context, this.runs, () => this.tasks);
    const clock = new TaskClock(this.context);
    const { images, orchestrators } = setup.cluster;
    const isLookedAt = images.names.length > 0 && orchestrators.includes('kubernetes');
    this.reports = isLookedAt ? new ImageReports(this.context) : undefined;
    this.starting = new TaskStart(
      this.context,
      clock,
      this.runs,
      this.work,
      this.memory,
      this.reports,
    );
    const side = { work: this.work, memory: this.memory, runs: this.runs };
    const resized = { ...side, clock, starting: this.starting, tasks: () => this.tasks };
    this.resizes = new PodResizes(this.context, resized);
    this.tasks = new TaskLife(this.context, clock, this.starting, side, (task, host) => {
      this.left(task, host);
      this.resizes.left(task, host);
    });
    this.addWhatIsAskedFor();
    this.commit = new Commit(
      this.context,
      this.tasks,
      this.starting,
      this.hosts,
      this.supply,
      this.resizes,
    );
    this.wakes = new ControllerWakes(this.context, this.commit);
    this.before = watchersOf(setup.observers, 'beforeEvent');
    this.after = watchersOf(setup.observers, 'afterEvent');
  }

  /** Parts that few scenarios need: without them nothing of theirs is looked at. */
  private addWhatIsAskedFor(): void {
    const { setup } = this;
    if (setup.podsOfJob.size > 0) {
      this.context.finishedPods = new FinishedPods(this.context, this.hosts);
    }
    if (setup.cluster.pools.descriptions.some(({ kubelet }) => kubelet?.diskBytes !== undefined)) {
      this.context.disks = new HostDisk(this.context, this.runs, () => this.tasks);
    }
    if (setup.linkLosses.length > 0) {
      this.context.links = new LinkLosses(this.context, setup.linkLosses, () => this.tasks);
    }
    if (!setup.cluster.storage.isEmpty) {
      const start = (task: number, atUs: number): void => this.starting.heard(task, atUs);
      this.context.volumes = new VolumeLife(this.context, start);
    }
  }

  /** Brings the world to time 0: own hosts ready, services asked for, first arrivals and samples in the calendar. */
  begin(): void {
    const { ownHosts, sources, cluster } = this.setup;
    for (const description of ownHosts) {
      const host = this.ledger.addHost(description, 0);
      for (const state of [HOST_STATE.running, HOST_STATE.ready]) {
        this.ledger.setHostState(host, state, 0);
        this.digest.fold(0, DIGEST_KIND.hostState, NO_ROW, host * 8 + state);
      }
      this.failures.watch(host);
    }
    for (let workload = 0; workload < cluster.workloads.count; workload++) {
      const desired = cluster.workloads.desired[workload]!;
      if (desired > 0) this.ledger.setDesired(workload, desired, 0);
    }
    for (let pool = 0; pool < cluster.pools.count; pool++) {
      const desired = cluster.pools.desired[pool]!;
      if (desired > 0) this.ledger.setPoolDesired(pool, desired, 0);
    }
    for (let source = 0; source < sources.length; source++) this.expectArrival(source);
    this.failures.begin();
    this.context.links?.begin();
    this.supply.begin();
    this.context.volumes?.begin();
    this.kernel.scheduleBackground(0, PHASE.sampling, EVENT.sample, 0);
    this.wakes.begin();
  }

  /** One event and all that it causes; false when nothing is pending. */
  step(): boolean {
    return this.kernel.step();
  }

  /** Runs to the end: the stated duration, nothing left to do, or stuck. */
  run(onProgress: (fraction: number) => void = () => {}): RunEnd {
    try {
      return this.runToEnd(onProgress);
    } catch (error) {
      if (error instanceof InvariantError) {
        error.message += ` (at ${usToSeconds(this.kernel.nowUs)} s of simulated time, seed ${this.setup.seed})`;
      }
      throw error;
    }
  }

  /** Flat copy of the whole run, for a simulation assembled from the same scenario to go on from. */
  save() {
    return {
      kernel: this.kernel.save(),
      cluster: this.setup.cluster.save(),
      digest: this.digest.save(),
      streams: this.setup.streams.save(),
      lastActedUs: this.context.lastActedUs,
      work: this.work.save(),
      runs: this.runs.save(),
      resizes: this.resizes.save(),
      memory: this.memory.save(),
      disks: this.context.disks?.save() ?? [],
      links: this.context.links?.save(),
      finishedPods: this.context.finishedPods?.save() ?? [],
      starting: this.starting.save(),
      microVms: this.microVms.save(),
      volumes: this.context.volumes?.save() ?? [],
      reports: this.reports?.save() ?? [],
      images: this.setup.images.save(),
      usage: this.setup.usage.save(),
      sources: this.setup.sources.map((source) => source.save()),
      choosers: this.setup.choosers.map((chooser) => chooser.save()),
      wakes: this.wakes.save(),
      observers: this.setup.observers.map((observer) => observer.save?.() ?? null),
    };
  }

  /** In place of `begin`. */
  restore(state: ReturnType<Simulation['save']>): void {
    const { setup } = this;
    setup.cluster.restore(state.cluster);
    this.kernel.restore(state.kernel);
    this.digest.restore(state.digest);
    setup.streams.restore(state.streams);
    this.context.lastActedUs = state.lastActedUs;
    this.work.restore(state.work);
    this.runs.restore(state.runs);
    this.resizes.restore(state.resizes);
    this.memory.restore(state.memory);
    this.context.disks?.restore(state.disks);
    if (state.links !== undefined) this.context.links?.restore(state.links);
    this.context.finishedPods?.restore(state.finishedPods);
    this.supply.rebuild();
    this.starting.restore(state.starting);
    this.microVms.restore(state.microVms);
    this.context.volumes?.restore(state.volumes);
    this.reports?.restore(state.reports);
    setup.images.restore(state.images);
    setup.usage.restore(state.usage);
    for (const [i, source] of setup.sources.entries()) source.restore(state.sources[i]);
    for (const [i, chooser] of setup.choosers.entries()) chooser.restore(state.choosers[i]!);
    this.wakes.restore(state.wakes as never);
    for (const [i, observer] of setup.observers.entries()) observer.restore?.(state.observers[i]);
  }

  private runToEnd(onProgress: (fraction: number) => void): RunEnd {
    const { durationUs } = this.setup;
    for (;;) {
      if (this.kernel.stepCount % PROGRESS_STEPS === 0) onProgress(this.kernel.nowUs / durationUs);
      const nextUs = this.kernel.calendar.nextTimeUs();
      if (nextUs > durationUs) return this.end(durationUs, 'duration', '');
      if (this.kernel.calendar.foregroundSize === 0) {
        const end = this.quietEnd(nextUs);
        if (end !== undefined) return end;
      }
      this.step();
    }
  }

  /**
   * Nothing but background loops is left: finished when nobody is inside or to come, stuck when pending tasks wait in
   * vain.
   */
  private quietEnd(nextUs: number): RunEnd | undefined {
    const { totals, workloads } = this.setup.cluster;
    const { nowUs } = this.kernel;
    if (totals.tasksPending === 0) {
      const isEmpty = totals.tasksInside === 0 && !hasServices(workloads.desired, workloads.count);
      // Arrivals that the duration cuts off were still to come: such a run lasts as long as it was asked to.
      const isDry = this.setup.sources.every((source) => source.nextUs === NEVER);
      return isEmpty && isDry ? this.end(nowUs, 'finished', '') : undefined;
    }
    const deadlineUs = this.context.lastActedUs + this.setup.stuckAfterUs;
    if (nextUs <= deadlineUs) return undefined;
    return this.end(Math.max(nowUs, deadlineUs), 'stuck', this.explainStuck());
  }

  private end(endUs: number, ending: RunEnd['ending'], explanation: string): RunEnd {
    for (const observer of this.setup.observers) observer.beforeEvent?.(endUs);
    for (const observer of this.setup.observers) observer.runEnded?.(endUs);
    return { endUs, ending, explanation };
  }

  private explainStuck(): string {
    const { tasks, workloads } = this.setup.cluster;
    let first = NO_ROW;
    for (let task = 0; task < tasks.count; task++) {
      if (tasks.state[task] !== TASK_STATE.pending) continue;
      if (first === NO_ROW || tasks.number[task]! < tasks.number[first]!) first = task;
    }
    const reason = pendingReasons.wordOf(tasks.reason[first]!) || 'never tried';
    const since = `pending since ${usToSeconds(tasks.submittedUs[first]!)} s`;
    return `task ${tasks.number[first]} of ${workloads.names[tasks.workload[first]!]}, ${since}: ${reason}`;
  }

  private handle(event: Readonly<CalendarEvent>): void {
    const { timeUs, kind, subject } = event;
    for (const observer of this.before) observer.beforeEvent(timeUs);
    this.dispatch(kind, subject);
    this.wakes.settle(kind === EVENT.wake ? subject : NO_ONE);
    for (const observer of this.after) observer.afterEvent(timeUs);
  }

  private dispatch(kind: number, subject: number): void {
    switch (kind) {
      case EVENT.arrival:
        return this.arrive(subject);
      case EVENT.wake:
        return this.wakes.wake(subject);
      case EVENT.taskPull:
        return this.starting.pull(subject);
      case EVENT.taskPulled:
        return this.starting.pulled(subject);
      case EVENT.taskStart:
        return this.starting.start(subject);
      case EVENT.taskReady:
        return this.starting.ready(subject);
      case EVENT.taskFinish:
        return this.tasks.finish(subject);
      case EVENT.taskStopped:
        return this.tasks.stopped(subject);
      case EVENT.hostRunning:
        return this.hosts.running(subject);
      case EVENT.hostReady:
        this.hosts.ready(subject);
        return this.context.volumes?.nodeJoined();
      case EVENT.hostTerminated:
        return this.hosts.terminated(subject);
      case EVENT.hostRefused:
        return this.hosts.refused(subject);
      case EVENT.hostAtRisk:
        return this.hosts.atRisk(subject);
      case EVENT.capacityFalls:
        return this.hosts.capacityFalls();
      case EVENT.spotNotice:
        return this.hosts.spotNotice(subject);
      case EVENT.spotReclaim:
        return this.hosts.spotReclaim(subject);
      case EVENT.drainExpires:
        return this.hosts.drainExpired(subject);
      case EVENT.hostCpu:
        return this.work.due(subject);
      case EVENT.sample:
        return this.sample();
      case EVENT.taskExit:
        return this.tasks.exited(subject);
      case EVENT.taskHangs:
        return this.tasks.hangs(subject);
      case EVENT.taskUnready:
        return this.tasks.foundUnready(subject);
      case EVENT.taskKilled:
        return this.tasks.containersExited(subject, 'unhealthy');
      case EVENT.imageReport:
        return this.reports!.due(subject);
      case EVENT.hostMemory:
        return this.memory.due(subject);
      case EVENT.hostDisk:
        return this.context.disks!.due(subject);
      case EVENT.volumeMade:
      case EVENT.volumeAttached:
      case EVENT.volumeDetached:
        return this.context.volumes!.due(kind, subject);
      case EVENT.podDeleted:
        return this.context.finishedPods!.podDeleted(subject);
      default:
        return this.dispatchFailure(kind, subject);
    }
  }

  private dispatchFailure(kind: number, subject: number): void {
    switch (kind) {
      case EVENT.hostFails:
        return this.failures.fails(subject);
      case EVENT.hostReturns:
        return this.failures.returns(subject);
      case EVENT.outageBegins:
        return this.failures.outageBegins(subject);
      case EVENT.outageEnds:
        return this.failures.outageEnds(subject);
      case EVENT.outOfService:
        return this.failures.outOfService(subject);
      case EVENT.linkLost:
        return this.context.links!.lost(subject);
      case EVENT.linkBack:
        return this.context.links!.back(subject);
      case EVENT.credentialsEnd:
        return this.context.links!.credentialsEnd(subject);
      default:
        throw new InvariantError(`an event of unknown kind ${kind}`);
    }
  }

  private left(task: number, host: number): void {
    if (this.context.finishedPods?.keeps(task, host) !== true) this.hosts.taskLeft(host);
  }

  private arrive(source: number): void {
    const { sources, cluster } = this.setup;
    const { workload } = sources[source]!;
    const { arrival } = this;
    sources[source]!.take(arrival);
    cluster.workloads.spec[workload] = arrival.spec;
    const { spec, durationUs, workTickUs } = arrival;
    for (let i = 0; i < sources[source]!.tasksPerArrival; i++) {
      this.commit.submit(workload, spec, durationUs, workTickUs, NO_ROW);
    }
    this.expectArrival(source);
  }

  private expectArrival(source: number): void {
    const { nextUs } = this.setup.sources[source]!;
    if (nextUs === NEVER || nextUs > this.setup.durationUs) return;
    this.kernel.schedule(nextUs, PHASE.arrival, EVENT.arrival, source);
  }

  private sample(): void {
    const { nowUs } = this.kernel;
    for (const observer of this.setup.observers) observer.sample?.(nowUs);
    const nextUs = nowUs + this.setup.samplingUs;
    this.kernel.scheduleBackground(nextUs, PHASE.sampling, EVENT.sample, 0);
  }
}

function hasServices(desired: { readonly [row: number]: number }, count: number): boolean {
  for (let workload = 0; workload < count; workload++) if (desired[workload]! > 0) return true;
  return false;
}
