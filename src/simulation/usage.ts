/**
 * CPU in use, evaluated when somebody asks (samples, controllers), never by an event of its own.
 *
 * Starting   a replica asks for what its start takes, where that is stated, until it is ready.
 * Demand     a ready service task asks for baseline + rate / ready replicas x CPU per request; a running job, or a
 *            service without traffic, for its fraction of the request; both capped by the limit.
 * Memory     as the workload states it, since the start of the task: a restart in place does not set it back here.
 * Kills      for want of memory are remembered for 10 min where a vertical autoscaler may want to hear of them.
 * Grant      a host with enough CPU grants all; a contended one shares by weight = CPU request (cgroup weights).
 * Cost       one pass over the tasks inside, remembered for the instant; what a spec without traffic asks for is looked up.
 */

import { DOWN, HOST_STATE, NO_ROW } from '../cluster/hosts.ts';
import { TASK_STATE } from '../cluster/tasks.ts';
import { cpuWeight } from '../runtime/cpu-weight.ts';
import { US_PER_MINUTE } from '../base/units.ts';
import { Queues } from './queues.ts';
import { memoryInUse } from '../runtime/container-behaviour.ts';
import { shareCpu } from '../runtime/cpu-share.ts';
import type { ContainerBehaviour } from '../runtime/container-behaviour.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { MessageQueue } from '../traffic/message-queue.ts';
import type { QueuesState } from './queues.ts';
import type { RateProfile } from '../traffic/profile.ts';
import type { MemoryKill, UsageProbe } from '../telemetry/usage-probe.ts';

interface WorkloadKill extends MemoryKill {
  readonly workload: number;
}

export interface UsageState {
  readonly kills: readonly WorkloadKill[];
  readonly queues: QueuesState;
}

const REMEMBERED_US = 10 * US_PER_MINUTE;

export class Usage implements UsageProbe {
  private readonly cluster: Cluster;
  /** By workload row; undefined for those that serve no traffic. */
  private readonly profiles: readonly (RateProfile | undefined)[];
  /** By workload row: what states the use of memory. */
  private readonly containers: readonly (ContainerBehaviour | undefined)[];
  private computedAtUs = -1;
  private computedVersion = -1;
  private usedByWorkload: number[] = [];
  private total = 0;
  private kills: readonly WorkloadKill[] = [];
  private readonly queues: Queues;
  private readonly demand: number[] = [];
  private readonly weight: number[] = [];
  private readonly granted: number[] = [];
  private readonly rows: number[] = [];
  /** By spec; filled when first asked. */
  private readonly steady: number[] = [];
  /** By spec, likewise. */
  private readonly starting: number[] = [];

  constructor(
    cluster: Cluster,
    profiles: readonly (RateProfile | undefined)[],
    containers: readonly (ContainerBehaviour | undefined)[],
    queues: readonly (MessageQueue | undefined)[],
  ) {
    this.cluster = cluster;
    this.profiles = profiles;
    this.containers = containers;
    this.queues = new Queues(cluster, queues);
  }

  usedTicks(workload: number, nowUs: number): number {
    this.compute(nowUs);
    return this.usedByWorkload[workload] ?? 0;
  }

  /** Of the workload's ready tasks. */
  requestedTicks(workload: number): number {
    const { workloads, specs } = this.cluster;
    return workloads.ready[workload]! * specs.cpuTicks[workloads.spec[workload]!]!;
  }

  readyTasks(workload: number): number {
    return this.cluster.workloads.ready[workload]!;
  }

  taskTicks(task: number, nowUs: number): number {
    this.compute(nowUs);
    return this.cluster.tasks.usageTicks[task]!;
  }

  taskMemoryBytes(task: number, nowUs: number): number | undefined {
    const { tasks, specs } = this.cluster;
    const memory = this.containers[tasks.workload[task]!]?.memory;
    if (memory === undefined) return undefined;
    const request = specs.memoryBytes[tasks.spec[task]!]!;
    return memoryInUse(memory, request, nowUs - tasks.startedUs[task]!);
  }

  memoryKills(workload: number, afterUs: number): readonly MemoryKill[] {
    return this.kills.filter((kill) => kill.workload === workload && kill.atUs > afterUs);
  }

  /** A run of `ranUs` was killed for want of memory. */
  killed(task: number, ranUs: number, nowUs: number): void {
    const { tasks, specs } = this.cluster;
    const workload = tasks.workload[task]!;
    if (this.containers[workload]?.memory?.ofBytes === undefined) return;
    const requestBytes = specs.memoryBytes[tasks.spec[task]!]!;
    const kill = { workload, task: tasks.number[task]!, atUs: nowUs, ranUs, requestBytes };
    this.kills = [...this.kills.filter(({ atUs }) => atUs > nowUs - REMEMBERED_US), kill];
  }

  queueLength(workload: number, nowUs: number): number {
    return this.queues.length(workload, nowUs);
  }

  save(): UsageState {
    return { kills: this.kills, queues: this.queues.save() };
  }

  restore({ kills, queues }: UsageState): void {
    this.kills = kills;
    this.queues.restore(queues);
  }

  requestsPerSecond(workload: number, nowUs: number): number {
    return this.profiles[workload]?.rateAt(nowUs) ?? 0;
  }

  /** CPU in use on all hosts, ticks. */
  totalTicks(nowUs: number): number {
    this.compute(nowUs);
    return this.total;
  }

  /** CPU that one task asks for at `nowUs`, before its host shares. */
  demandTicks(task: number, nowUs: number): number {
    const { tasks, workloads, specs } = this.cluster;
    if (tasks.state[task] !== TASK_STATE.running) return 0;
    const workload = tasks.workload[task]!;
    const profile = this.profiles[workload];
    if (profile === undefined) {
      const steadyTicks = this.steadyTicks(this.specOfUse(task));
      if (tasks.isReady[task] === 1) return steadyTicks;
      return Math.max(steadyTicks, this.startTicks(task));
    }
    const { usage } = specs.at(tasks.spec[task]!);
    const limitTicks = this.limitTicks(task, usage.limitTicks);
    // A task that is stopping is sent no more requests.
    const isServing = tasks.isReady[task] === 1 && tasks.stopping[task] === 0;
    if (!isServing) {
      return Math.max(Math.min(limitTicks, usage.baselineTicks), this.startTicks(task));
    }
    const ratePerReplica = profile.rateAt(nowUs) / Math.max(1, workloads.ready[workload]!);
    return Math.min(
      limitTicks,
      usage.baselineTicks + ratePerReplica * usage.ticksPerRequestPerSecond,
    );
  }

  /** What a replica takes while it starts; 0 once it is ready or on its way out. */
  private startTicks(task: number): number {
    const { tasks, specs } = this.cluster;
    const spec = tasks.spec[task]!;
    let ticks = this.starting[spec];
    if (ticks === undefined) {
      const { limitTicks, startupTicks = 0 } = specs.at(spec).usage;
      this.starting[spec] = ticks = Math.min(limitTicks, startupTicks);
    }
    return tasks.isReady[task] === 0 && tasks.stopping[task] === 0 ? ticks : 0;
  }

  /** A limit keeps its ratio to the request where a vertical autoscaler changes both (kubernetes.md 4.2). */
  private limitTicks(task: number, writtenTicks: number): number {
    const { tasks, workloads, specs } = this.cluster;
    const workload = tasks.workload[task]!;
    if (writtenTicks === Infinity || workloads.scalesLimits[workload] === 0) return writtenTicks;
    const written = specs.cpuTicks[workloads.spec[workload]!]!;
    const ticks = specs.cpuTicks[tasks.spec[task]!]!;
    return written === 0 ? writtenTicks : Math.trunc((writtenTicks * ticks) / written);
  }

  /** Where requests follow what is used, what is used does not follow requests: it is a share of what was written. */
  private specOfUse(task: number): number {
    const { tasks, workloads } = this.cluster;
    const workload = tasks.workload[task]!;
    return workloads.admittedCpuTicks[workload]! > 0
      ? workloads.spec[workload]!
      : tasks.spec[task]!;
  }

  /** What a running task without traffic asks for all the time. */
  private steadyTicks(spec: number): number {
    let ticks = this.steady[spec];
    if (ticks === undefined) {
      const { usage, cpuTicks } = this.cluster.specs.at(spec);
      const { limitTicks, baselineTicks, fractionOfRequest } = usage;
      ticks = Math.min(limitTicks, baselineTicks + fractionOfRequest * cpuTicks);
      this.steady[spec] = ticks;
    }
    return ticks;
  }

  private compute(nowUs: number): void {
    const { journal, hosts, workloads } = this.cluster;
    if (this.computedAtUs === nowUs && this.computedVersion === journal.version) return;
    this.computedAtUs = nowUs;
    this.computedVersion = journal.version;
    this.usedByWorkload = Array.from({ length: workloads.count }, () => 0);
    this.total = 0;
    for (let host = 0; host < hosts.count; host++) {
      const state = hosts.state[host]!;
      if (state < HOST_STATE.ready || state > HOST_STATE.draining) continue;
      if ((hosts.down[host]! & ~DOWN.cutOff) !== 0) continue;
      this.computeHost(host, nowUs);
    }
  }

  private computeHost(host: number, nowUs: number): void {
    const { hosts, tasks } = this.cluster;
    const { demand, rows, granted } = this;
    let count = 0;
    let asked = 0;
    for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
      rows[count] = task;
      demand[count] = this.demandTicks(task, nowUs);
      asked += demand[count]!;
      count++;
    }
    const capacity = hosts.cpuCapacity[host]!;
    const isContended = asked > capacity;
    if (isContended) shareCpu(capacity, demand, this.weightsOf(count), count, granted);
    for (let i = 0; i < count; i++) {
      const used = isContended ? granted[i]! : demand[i]!;
      tasks.usageTicks[rows[i]!] = used;
      // A controller measures ready tasks that stay; the host feels all.
      const isMeasured = tasks.isReady[rows[i]!] === 1 && tasks.stopping[rows[i]!] === 0;
      if (isMeasured) this.usedByWorkload[tasks.workload[rows[i]!]!]! += used;
      this.total += used;
    }
  }

  private weightsOf(count: number): readonly number[] {
    const { tasks, specs } = this.cluster;
    for (let i = 0; i < count; i++) {
      this.weight[i] = cpuWeight(specs.cpuTicks[tasks.spec[this.rows[i]!]!]!);
    }
    return this.weight;
  }
}
