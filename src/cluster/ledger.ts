/**
 * The one writer of hosts, tasks and counts: a bind is committed or refused, never half done.
 *
 * Every change goes to the journal with the time that the ledger was told; it knows no clock.
 */

import { changedTaints } from './changed-taints.ts';
import { assert } from '../base/assert.ts';
import { MILLI_PER_GPU } from '../base/units.ts';
import { CHANGE } from './journal.ts';
import { link, unlink } from './host-task-list.ts';
import { FIRST_END_STATE, TASK_STATE } from './tasks.ts';
import { GPUS_PER_HOST_MAX, HOST_STATE, LAUNCH_TYPE, NO_ROW, NOT_YET } from './hosts.ts';
import { WORKLOAD_KINDS } from './workloads.ts';
import { devicesFit, gpuDevicesFor, misfit } from './fit.ts';
import type { Cluster } from './cluster.ts';
import type { HostDescription } from './hosts.ts';
import type { Taint } from './spec.ts';
import type { PendingReason } from '../base/reasons.ts';

export interface NewTask {
  readonly spec: number;
  readonly workload: number;
  /** The task that this one replaces, or NO_ROW. */
  readonly replaces: number;
  /** Run time once started; Infinity for tasks that end when told to, or when their work is served. */
  readonly durationUs: number;
  /** CPU work to serve, ticks x us; 0 for tasks that run for a time. */
  readonly workTickUs: number;
  /** Absent for the next number of its workload. */
  readonly place?: TaskPlace | undefined;
  /** The only host that it may go to. */
  readonly pinned?: number;
}

/** A place in a workload that is taken again when the task that had it is gone: of a stateful pod, or of an index of a job. */
export interface TaskPlace {
  readonly ordinal: number;
  /** Number of the task that had it first; NO_ROW for a task that has it first. */
  readonly origin: number;
}

/** Why a commit was refused: the host cannot take it, or changed since the decision. */
export type BindRefusal = PendingReason;

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');

export class Ledger {
  private readonly cluster: Cluster;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  addHost(description: HostDescription, nowUs: number): number {
    const { hosts, journal, specs, pools } = this.cluster;
    assert(
      description.gpuCount <= GPUS_PER_HOST_MAX,
      () => `a host has at most ${GPUS_PER_HOST_MAX} GPUs, found ${description.gpuCount}`,
    );
    const host = hosts.add();
    this.cluster.nameHost(description);
    hosts.state[host] = HOST_STATE.launching;
    hosts.cluster[host] = description.cluster;
    hosts.pool[host] = description.pool;
    hosts.zone[host] = description.zone;
    hosts.ordinal[host] = pools.launched[description.pool]!++;
    hosts.launchType[host] = description.launchType;
    hosts.capacityType[host] = description.capacityType;
    hosts.kind[host] = specs.kindRowOf({ labels: description.labels, taints: description.taints });
    hosts.cpuCapacity[host] = description.cpuCapacityTicks;
    hosts.memoryCapacity[host] = description.memoryCapacityBytes;
    hosts.cpuAllocatable[host] = hosts.cpuFree[host] = description.cpuAllocatableTicks;
    hosts.memoryAllocatable[host] = hosts.memoryFree[host] = description.memoryAllocatableBytes;
    hosts.slotsAllocatable[host] = hosts.slotsFree[host] = description.slots;
    hosts.gpuCount[host] = description.gpuCount;
    const gpus = host * GPUS_PER_HOST_MAX;
    hosts.gpuFree.fill(MILLI_PER_GPU, gpus, gpus + description.gpuCount);
    hosts.firstTask[host] = NO_ROW;
    hosts.requestedUs[host] = nowUs;
    hosts.runningUs[host] = hosts.readyUs[host] = hosts.terminatedUs[host] = NOT_YET;
    hosts.lastTaskEventUs[host] = nowUs;
    hosts.priceNanoUsdPerHour[host] = description.priceNanoUsdPerHour;
    hosts.nextEvent[host] = hosts.reclaimEvent[host] = hosts.failureEvent[host] = NO_ROW;
    journal.write(CHANGE.hostAdded, host, description.pool, nowUs);
    return host;
  }

  setHostState(host: number, state: number, nowUs: number): void {
    const { hosts, journal, totals } = this.cluster;
    const before = hosts.state[host]!;
    assert(state > before, () => `host ${host} cannot go from state ${before} to ${state}`);
    const sign = Number(countsInTotals(state)) - Number(countsInTotals(before));
    totals.cpuAllocatable += sign * hosts.cpuAllocatable[host]!;
    totals.memoryAllocatable += sign * hosts.memoryAllocatable[host]!;
    totals.cpuRequested += sign * (hosts.cpuAllocatable[host]! - hosts.cpuFree[host]!);
    totals.memoryRequested += sign * (hosts.memoryAllocatable[host]! - hosts.memoryFree[host]!);
    if (hosts.launchType[host] !== LAUNCH_TYPE.fargate) {
      totals.hostsUp += Number(isUp(state)) - Number(isUp(before));
      this.countNode(host, sign, nowUs);
    }
    hosts.state[host] = state;
    if (state === HOST_STATE.running) hosts.runningUs[host] = nowUs;
    if (state === HOST_STATE.ready) hosts.readyUs[host] = nowUs;
    if (state === HOST_STATE.terminating) hosts.terminatedUs[host] = nowUs;
    const kind = state === HOST_STATE.terminated ? CHANGE.hostRemoved : CHANGE.hostState;
    journal.write(kind, host, state, nowUs);
  }

  /** Adds a pending task that waits for `pool`, or for any when it is NO_ROW. */
  addTask(task: NewTask, pool: number, nowUs: number): number {
    const { tasks, workloads, journal, totals } = this.cluster;
    const row = tasks.add(journal.oldest);
    tasks.spec[row] = task.spec;
    tasks.workload[row] = task.workload;
    tasks.cluster[row] = workloads.cluster[task.workload]!;
    // A replacement is the same work again: it keeps the ordinal, so its draws are the same.
    const { replaces, place } = task;
    const isNew = replaces === NO_ROW;
    tasks.ordinal[row] =
      place?.ordinal ?? (isNew ? workloads.submitted[task.workload]!++ : tasks.ordinal[replaces]!);
    const origin = place?.origin ?? (isNew ? NO_ROW : tasks.origin[replaces]!);
    tasks.origin[row] = origin === NO_ROW ? tasks.number[row]! : origin;
    tasks.pool[row] = pool;
    tasks.host[row] = tasks.nominated[row] = NO_ROW;
    tasks.pinned[row] = task.pinned ?? NO_ROW;
    // The row may have held another task.
    tasks.state[row] = TASK_STATE.pending;
    tasks.reason[row] = tasks.attempts[row] = tasks.stopping[row] = tasks.isReady[row] = 0;
    tasks.gpuMask[row] = tasks.usageTicks[row] = 0;
    tasks.held[row] = workloads.holds[task.workload]!;
    tasks.submittedUs[row] = nowUs;
    tasks.placedUs[row] = tasks.pulledUs[row] = tasks.startedUs[row] = NOT_YET;
    tasks.readyUs[row] = tasks.finishedUs[row] = NOT_YET;
    tasks.durationUs[row] = task.durationUs;
    tasks.workTickUs[row] = task.workTickUs;
    tasks.nextOnHost[row] = tasks.previousOnHost[row] = NO_ROW;
    tasks.nextEvent[row] = NO_ROW;
    workloads.pending[task.workload]!++;
    if (workloads.kind[task.workload] !== DAEMON) totals.tasksPending++;
    journal.write(CHANGE.taskPending, row, task.workload, nowUs);
    return row;
  }

  /**
   * Binds a pending task to a host, or says why not and changes nothing. Its GPUs are those of the mask `devices`, bit d for
   * device d, or with 0 those of the rule of fit.ts.
   */
  bind(task: number, host: number, nowUs: number, devices = 0): BindRefusal | undefined {
    const { hosts, tasks, specs } = this.cluster;
    assert(tasks.state[task] === TASK_STATE.pending, () => `task ${task} is not pending`);
    const launchesForIt =
      hosts.launchType[host] === LAUNCH_TYPE.fargate && hosts.state[host]! <= HOST_STATE.running;
    if (hosts.state[host] !== HOST_STATE.ready && !launchesForIt) return 'host-not-ready';
    const spec = tasks.spec[task]!;
    const refusal = misfit(specs, spec, hosts, host);
    if (refusal !== undefined) return refusal;
    if (devices !== 0 && !devicesFit(specs, spec, hosts, host, devices)) return 'insufficient-gpu';

    const needsGpu = specs.gpuCount[spec] !== 0;
    this.join(
      task,
      host,
      devices || (needsGpu ? gpuDevicesFor(specs, spec, hosts, host) : 0),
      nowUs,
    );
    return undefined;
  }

  /**
   * Binds a pending task to a host that cannot take it, as whoever decides on an old view does where nobody checks the commit
   * (kubernetes.md 2.7). The caller ends the task in the same instant.
   */
  bindBeyond(task: number, host: number, nowUs: number): void {
    this.join(task, host, 0, nowUs);
  }

  setReady(task: number, nowUs: number): void {
    const { tasks, workloads, journal } = this.cluster;
    tasks.readyUs[task] = nowUs;
    tasks.isReady[task] = 1;
    if (tasks.stopping[task] === 0) workloads.ready[tasks.workload[task]!]!++;
    journal.write(CHANGE.taskReady, task, tasks.host[task]!, nowUs);
  }

  /** A task that was ready is so no more. */
  setUnready(task: number, nowUs: number): void {
    const { tasks, workloads, journal } = this.cluster;
    assert(tasks.isReady[task] === 1, () => `task ${task} is not ready`);
    tasks.isReady[task] = 0;
    if (tasks.stopping[task] === 0) workloads.ready[tasks.workload[task]!]!--;
    journal.write(CHANGE.taskUnready, task, tasks.host[task]!, nowUs);
  }

  /** Sets why a machine does not answer: bits of DOWN, 0 when it does. */
  setDown(host: number, down: number, nowUs: number): void {
    this.cluster.hosts.down[host] = down;
    this.cluster.journal.write(CHANGE.hostHealth, host, down, nowUs);
  }

  /** EC2 recommends to replace a spot host. */
  noteAtRisk(host: number, nowUs: number): void {
    this.cluster.journal.write(CHANGE.hostAtRisk, host, 0, nowUs);
  }

  /** What a node reports of the images that it holds, the largest first (`NodeImages`). */
  reportImages(host: number, images: readonly number[], nowUs: number): void {
    const { hosts, journal } = this.cluster;
    const before = this.cluster.images.on(host);
    this.cluster.images.report(host, hosts.cluster[host]!, images);
    const changed = [
      ...images.filter((image) => !before.includes(image)),
      ...before.filter((image) => !images.includes(image)),
    ];
    for (const image of changed) journal.write(CHANGE.nodeImages, host, image, nowUs);
  }

  /** Takes taints from a host, those with the same key and effect, and gives it others that it does not have. */
  changeTaints(host: number, remove: readonly Taint[], add: readonly Taint[], nowUs: number): void {
    const { hosts, specs, journal } = this.cluster;
    const { labels, taints } = specs.kindAt(hosts.kind[host]!);
    const kind = specs.kindRowOf({ labels, taints: changedTaints(taints, remove, add) });
    if (kind === hosts.kind[host]) return;
    hosts.kind[host] = kind;
    journal.write(CHANGE.hostLabels, host, kind, nowUs);
  }

  /**
   * From now on the task counts as leaving: its service may replace it. It holds its room until it ends. On Kubernetes it is
   * terminating, and spreading looks past it (kubernetes.md 1.8).
   */
  markStopping(task: number, nowUs: number): void {
    const { tasks, workloads, journal } = this.cluster;
    assert(tasks.stopping[task] === 0, () => `task ${task} is stopping already`);
    assert(tasks.host[task] !== NO_ROW, () => `task ${task} is pending: it ends, and never stops`);
    const workload = tasks.workload[task]!;
    tasks.stopping[task] = 1;
    if (!this.cluster.counts.includes(task)) this.count(task, -1);
    workloads.stopping[workload]!++;
    workloads.bound[workload]!--;
    if (tasks.isReady[task] === 1) workloads.ready[workload]!--;
    journal.write(CHANGE.taskStopping, task, tasks.host[task]!, nowUs);
  }

  /**
   * Lets a bound task ask for the sizes of `spec`, which differs from its own in CPU and memory alone, or says why its host
   * cannot give them and changes nothing.
   */
  resize(task: number, spec: number, nowUs: number): BindRefusal | undefined {
    const { hosts, tasks, specs, journal, resizes } = this.cluster;
    const from = tasks.spec[task]!;
    const host = tasks.host[task]!;
    assert(host !== NO_ROW, () => `task ${task} is not bound: it cannot be resized in place`);
    assert(
      specs.templateOf(from) === specs.templateOf(spec),
      () => `task ${task} of spec ${from} cannot become spec ${spec}: more than sizes differ`,
    );
    const more = (sizes: readonly number[]): number => sizes[spec]! - sizes[from]!;
    if (more(specs.cpuTicks) > Math.max(0, hosts.cpuFree[host]!)) return 'insufficient-cpu';
    if (more(specs.memoryBytes) > Math.max(0, hosts.memoryFree[host]!)) {
      return 'insufficient-memory';
    }
    this.accountCpu(host, nowUs);
    this.move(task, host, -1);
    tasks.spec[task] = spec;
    this.move(task, host, 1);
    resizes.note({ version: journal.version, task, from, to: spec }, journal.oldest);
    journal.write(CHANGE.taskResized, task, host, nowUs);
    return undefined;
  }

  /** Ends a task in one of the end states and frees what it holds. */
  end(task: number, state: number, reason: number, nowUs: number): void {
    const { tasks, workloads, journal, totals } = this.cluster;
    assert(state >= FIRST_END_STATE, () => `${state} is not a state in which a task ends`);
    const before = tasks.state[task]!;
    assert(before < FIRST_END_STATE, () => `task ${task} has ended already`);
    const workload = tasks.workload[task]!;
    const host = tasks.host[task]!;
    tasks.state[task] = state;
    tasks.reason[task] = reason;
    tasks.finishedUs[task] = nowUs;
    if (before === TASK_STATE.pending) {
      workloads.pending[workload]!--;
      if (workloads.kind[workload] !== DAEMON) totals.tasksPending--;
      journal.write(CHANGE.taskWithdrawn, task, workload, nowUs);
      tasks.leave(task, journal.version);
      return;
    }
    this.accountCpu(host, nowUs);
    this.move(task, host, -1);
    if (this.cluster.counts.includes(task)) this.count(task, -1);
    unlink(this.cluster, task, host);
    if (tasks.stopping[task] === 1) workloads.stopping[workload]!--;
    else {
      workloads.bound[workload]!--;
      if (tasks.isReady[task] === 1) workloads.ready[workload]!--;
    }
    if (workloads.kind[workload] !== DAEMON) {
      this.cluster.hosts.lastTaskEventUs[host] = nowUs;
      totals.tasksInside--;
    }
    journal.write(CHANGE.taskReleased, task, host, nowUs);
    if (state === TASK_STATE.cancelled) journal.write(CHANGE.taskCancelled, task, host, nowUs);
    else if (state === TASK_STATE.failed) journal.write(CHANGE.taskFailed, task, host, nowUs);
    tasks.leave(task, journal.version);
  }

  /** Notes why a pending task was refused; whoever buys capacity listens. */
  noteRefused(task: number, reason: number, nowUs: number): void {
    this.cluster.tasks.reason[task] = reason;
    this.cluster.journal.write(CHANGE.taskRefused, task, reason, nowUs);
  }

  /** A task whose job was suspended is there from now on: it joins the queue. */
  admit(task: number, nowUs: number): void {
    const { tasks, journal } = this.cluster;
    tasks.held[task] = 0;
    journal.write(CHANGE.taskPending, task, tasks.workload[task]!, nowUs);
  }

  /** Keeps a host for a pending task; NO_ROW gives it up. */
  nominate(task: number, host: number): void {
    this.cluster.tasks.nominated[task] = host;
  }

  /** Sends a pending task to another pool; it joins the queue anew. */
  assignPool(task: number, pool: number, nowUs: number): void {
    this.cluster.tasks.pool[task] = pool;
    this.cluster.tasks.reason[task] = 0;
    this.cluster.journal.write(CHANGE.taskPending, task, this.cluster.tasks.workload[task]!, nowUs);
  }

  /** Gives a workload another revision: its next tasks ask for `spec`. */
  setSpec(workload: number, spec: number, nowUs: number): void {
    const { workloads, journal } = this.cluster;
    const before = workloads.spec[workload]!;
    workloads.spec[workload] = spec;
    journal.write(CHANGE.workloadSpec, workload, before, nowUs);
  }

  /** 0 for what is written. Nobody has to be woken: it counts when the next task comes. */
  setRequests(workload: number, cpuTicks: number, memoryBytes: number): void {
    const { workloads } = this.cluster;
    workloads.admittedCpuTicks[workload] = cpuTicks;
    workloads.admittedMemoryBytes[workload] = memoryBytes;
  }

  setDesired(workload: number, desired: number, nowUs: number): void {
    this.cluster.workloads.desired[workload] = desired;
    this.cluster.journal.write(CHANGE.serviceDesired, workload, desired, nowUs);
  }

  /** Whoever sets them sets the desired size too, if it has to change. */
  setPoolBounds(pool: number, minimum: number, maximum: number): void {
    this.cluster.pools.minimum[pool] = minimum;
    this.cluster.pools.maximum[pool] = maximum;
  }

  setPoolDesired(pool: number, desired: number, nowUs: number): void {
    this.cluster.pools.desired[pool] = desired;
    this.cluster.journal.write(CHANGE.poolDesired, pool, desired, nowUs);
  }

  /** Brings the host's integral of bound CPU up to `nowUs`. Call before its free CPU changes. */
  accountCpu(host: number, nowUs: number): void {
    const { hosts } = this.cluster;
    const readyUs = hosts.readyUs[host]!;
    const endUs = hosts.terminatedUs[host]!;
    const since = hosts.accountedUs[host]!;
    // Pods of a dead node stay bound after its machine is gone.
    const untilUs = endUs === NOT_YET ? nowUs : Math.max(since, endUs);
    hosts.accountedUs[host] = untilUs;
    if (readyUs === NOT_YET) return;
    const bound = hosts.cpuAllocatable[host]! - hosts.cpuFree[host]!;
    hosts.cpuBoundTickUs[host]! += bound * (untilUs - Math.max(since, readyUs));
  }

  /** A host takes tasks from now on (sign 1), or holds none any more (sign -1): then it reports nothing. */
  private countNode(host: number, sign: number, nowUs: number): void {
    if (sign === 0) return;
    const { images, hosts } = this.cluster;
    if (sign < 0) this.reportImages(host, [], nowUs);
    images.countNode(hosts.cluster[host]!, sign < 0 ? -1 : 1);
  }

  private join(task: number, host: number, gpuMask: number, nowUs: number): void {
    const { hosts, tasks, workloads, journal, totals } = this.cluster;
    tasks.gpuMask[task] = gpuMask;
    this.accountCpu(host, nowUs);
    this.move(task, host, 1);
    tasks.host[task] = host;
    tasks.nominated[task] = NO_ROW;
    this.count(task, 1);
    link(this.cluster, task, host);
    const workload = tasks.workload[task]!;
    tasks.state[task] = TASK_STATE.placed;
    tasks.pool[task] = hosts.pool[host]!;
    tasks.placedUs[task] = nowUs;
    tasks.reason[task] = 0;
    workloads.pending[workload]!--;
    workloads.bound[workload]!++;
    if (workloads.kind[workload] !== DAEMON) {
      hosts.lastTaskEventUs[host] = nowUs;
      totals.tasksPending--;
      totals.tasksInside++;
    }
    journal.write(CHANGE.taskBound, task, host, nowUs);
  }

  /** Takes (sign 1) or gives back (sign -1) what `task` holds on `host`. */
  private move(task: number, host: number, sign: 1 | -1): void {
    const { hosts, tasks, specs, totals, workloads } = this.cluster;
    const spec = tasks.spec[task]!;
    const cpu = sign * specs.cpuTicks[spec]!;
    const memory = sign * specs.memoryBytes[spec]!;
    hosts.cpuFree[host]! -= cpu;
    hosts.memoryFree[host]! -= memory;
    hosts.slotsFree[host]! -= sign;
    const milli = sign * specs.gpuMilli[spec]!;
    for (let mask = tasks.gpuMask[task]!; mask !== 0; mask &= mask - 1) {
      const device = 31 - Math.clz32(mask & -mask);
      hosts.gpuFree[host * GPUS_PER_HOST_MAX + device]! -= milli;
    }
    const workload = tasks.workload[task]!;
    if (workloads.kind[workload] === DAEMON) hosts.daemonCount[host]! += sign;
    else hosts.taskCount[host]! += sign;
    if (countsInTotals(hosts.state[host]!)) {
      totals.cpuRequested += cpu;
      totals.memoryRequested += memory;
    }
  }

  private count(task: number, by: 1 | -1): void {
    const { tasks, counts } = this.cluster;
    counts.add(tasks.workload[task]!, tasks.host[task]!, by);
  }
}

function countsInTotals(state: number): boolean {
  return state === HOST_STATE.ready || state === HOST_STATE.draining;
}

function isUp(state: number): boolean {
  return state >= HOST_STATE.running && state <= HOST_STATE.draining;
}
