/**
 * Memory in use on nodes whose pods say how much they take: a node that runs short evicts, one that has none left kills.
 *
 *     free = capacity - what is kept back for the system (taken as used) - what the pods use
 *
 * Pressure   every 10 s: below the hard threshold the node gets the taint `memory-pressure` and evicts one pod, with a grace of
 *            1 s, and waits up to 30 s for it to go before the next (kubernetes.md 2.8). The taint stays 5 min after the last sight.
 * None left  the kernel kills containers at the step that overflows (kubernetes.md 2.9); they restart as after any exit.
 * Pods       that state no use take their request; those that wait for a restart take nothing.
 * Events     only on nodes whose use could pass the threshold, and there only at steps of the use and while it is passed.
 * Departs    no soft thresholds; nothing is reclaimed from images or dead containers; no swap, no page cache.
 */

import { EVENT } from './events.ts';
import { MEMORY_PRESSURE } from '../orchestration/kubernetes/node/node-taints.ts';
import { MIB, NEVER, US_PER_MINUTE, US_PER_SECOND } from '../base/units.ts';
import { NO_EVENT } from '../kernel/calendar.ts';
import { NO_ROW } from '../cluster/hosts.ts';
import { PHASE } from './phases.ts';
import { TASK_STATE } from '../cluster/tasks.ts';
import { loopPhaseUs } from '../random/loop-phase.ts';
import { limitOf, memoryInUse, nextStepUs } from '../runtime/container-behaviour.ts';
import { oomScore, oomScoreAdjust, qosOf } from '../orchestration/kubernetes/node/oom-score.ts';
import { rankForEviction } from '../orchestration/kubernetes/node/eviction-rank.ts';
import { tasksOn } from './tasks-on.ts';
import { thresholdAmount } from '../orchestration/kubernetes/node/allocatable.ts';
import { tickAfter } from '../orchestration/kubernetes/node/pod-collector.ts';
import type { ContainerRuns } from './container-runs.ts';
import type { EventHandle } from '../kernel/calendar.ts';
import type { SimulationContext } from './context.ts';
import type { TaskLife } from './task-life.ts';

const PERIOD_US = 10 * US_PER_SECOND;
const TRANSITION_US = 5 * US_PER_MINUTE;
const EVICTED_GRACE_US = US_PER_SECOND;
const PATIENCE_US = 30 * US_PER_SECOND;
const DEFAULT_THRESHOLD = { amount: 100 * MIB };

export interface MemoryHost {
  event: EventHandle;
  /** When pressure was seen last; NEVER when the node has no condition. */
  pressureUs: number;
  /** Number of the pod that is being evicted, and until when it is waited for; -1 for none. */
  victim: number;
  waitsUntilUs: number;
}

interface MemoryUser {
  readonly task: number;
  readonly priority: number;
  readonly use: number;
  readonly request: number;
}

export class HostMemory {
  private readonly context: SimulationContext;
  private readonly runs: ContainerRuns;
  private readonly tasks: () => TaskLife;
  /** Hosts on which some pod states its use. */
  private readonly hosts = new Map<number, MemoryHost>();
  private isActing = false;

  constructor(context: SimulationContext, runs: ContainerRuns, tasks: () => TaskLife) {
    this.context = context;
    this.runs = runs;
    this.tasks = tasks;
  }

  /** A task with a stated use starts on the host. */
  watch(host: number): void {
    if (this.hosts.has(host)) return;
    this.hosts.set(host, { event: NO_EVENT, pressureUs: NEVER, victim: -1, waitsUntilUs: 0 });
  }

  /** Something on the host started, restarted or ended. */
  changed(host: number): void {
    const entry = this.hosts.get(host);
    if (entry !== undefined && !this.isActing) this.rearm(host, entry);
  }

  /** The calendar entry of the host is due. */
  due(host: number): void {
    const entry = this.hosts.get(host)!;
    entry.event = NO_EVENT;
    if (this.context.setup.cluster.hosts.down[host] !== 0) return;
    this.isActing = true;
    this.killIfNoneLeft(host);
    const { nowUs } = this.context.kernel;
    if ((nowUs - this.phaseUs(host)) % PERIOD_US === 0) this.look(host, entry);
    this.isActing = false;
    this.rearm(host, entry);
  }

  save(): (readonly [number, MemoryHost])[] {
    return [...this.hosts].map(([host, entry]) => [host, { ...entry }] as const);
  }

  restore(state: readonly (readonly [number, MemoryHost])[]): void {
    this.hosts.clear();
    for (const [host, entry] of state) this.hosts.set(host, { ...entry });
  }

  /** The eviction loop of the kubelet. */
  private look(host: number, entry: MemoryHost): void {
    const { ledger, kernel } = this.context;
    const { nowUs } = kernel;
    if (this.usedBytes(host) <= this.evictionBytes(host)) {
      if (entry.pressureUs === NEVER || nowUs - entry.pressureUs < TRANSITION_US) return;
      entry.pressureUs = NEVER;
      ledger.changeTaints(host, [MEMORY_PRESSURE], [], nowUs);
      return;
    }
    if (entry.pressureUs === NEVER) ledger.changeTaints(host, [], [MEMORY_PRESSURE], nowUs);
    entry.pressureUs = nowUs;
    if (nowUs < entry.waitsUntilUs && this.isHere(host, entry.victim)) return;
    const { tasks } = this.context.setup.cluster;
    const [first] = rankForEviction(
      this.usersOf(host).filter(({ task }) => tasks.stopping[task] === 0),
    );
    if (first === undefined) return;
    entry.victim = tasks.number[first.task]!;
    entry.waitsUntilUs = nowUs + PATIENCE_US;
    this.decided(first.task);
    this.tasks().stop(first.task, 'evicted', EVICTED_GRACE_US);
  }

  private killIfNoneLeft(host: number): void {
    const { cluster, containers } = this.context.setup;
    const { tasks, specs, hosts } = cluster;
    const capacity = hosts.memoryCapacity[host]!;
    while (this.usedBytes(host) > capacity - this.systemBytes(host)) {
      let victim = NO_ROW;
      let worst = -Infinity;
      for (const { task, use, request, priority } of this.usersOf(host)) {
        const memory = containers[tasks.workload[task]!]?.memory;
        const limit = memory === undefined ? Infinity : limitOf(memory, request);
        const qos = qosOf(specs.at(tasks.spec[task]!), limit);
        const score = oomScore(oomScoreAdjust(qos, priority, request, capacity), use, capacity);
        if (score > worst) [victim, worst] = [task, score];
      }
      if (victim === NO_ROW) return;
      if (tasks.stopping[victim] === 1) this.tasks().stopped(victim);
      else this.tasks().containersExited(victim, 'out-of-memory');
    }
  }

  private rearm(host: number, entry: MemoryHost): void {
    const { kernel } = this.context;
    kernel.cancel(entry.event);
    entry.event = NO_EVENT;
    const atUs = this.nextUs(host, entry);
    if (atUs !== NEVER) {
      entry.event = kernel.schedule(atUs, PHASE.disruption, EVENT.hostMemory, host);
    } else if (!this.hasStated(host)) this.hosts.delete(host);
  }

  /** When something could happen next, or NEVER. */
  private nextUs(host: number, entry: MemoryHost): number {
    const { nowUs } = this.context.kernel;
    if (this.context.setup.cluster.hosts.down[host] !== 0) return NEVER;
    const phaseUs = this.phaseUs(host);
    const isPressed = this.usedBytes(host) > this.evictionBytes(host);
    const tickUs = isPressed ? tickAfter(nowUs, PERIOD_US, phaseUs) : NEVER;
    const clearUs =
      entry.pressureUs === NEVER
        ? NEVER
        : tickAfter(Math.max(nowUs, entry.pressureUs + TRANSITION_US - 1), PERIOD_US, phaseUs);
    const couldPass = this.peakBytes(host) > this.evictionBytes(host);
    return Math.min(tickUs, clearUs, couldPass ? this.nextStepUs(host) : NEVER);
  }

  private nextStepUs(host: number): number {
    const { nowUs } = this.context.kernel;
    let nextUs = NEVER;
    for (const { task } of this.usersOf(host)) {
      const memory = this.runs.behaviourOf(task)?.memory;
      if (memory === undefined) continue;
      const startedUs = this.runs.startedUs(task)!;
      nextUs = Math.min(nextUs, startedUs + nextStepUs(memory, nowUs - startedUs));
    }
    return nextUs;
  }

  private usersOf(host: number): MemoryUser[] {
    const { nowUs } = this.context.kernel;
    const { cluster } = this.context.setup;
    const { tasks, specs } = cluster;
    return tasksOn(cluster, host).flatMap((task) => {
      if (tasks.state[task] !== TASK_STATE.running) return [];
      const spec = tasks.spec[task]!;
      const request = specs.memoryBytes[spec]!;
      const memory = this.runs.behaviourOf(task)?.memory;
      const startedUs = this.runs.startedUs(task) ?? nowUs;
      const use = memory === undefined ? request : memoryInUse(memory, request, nowUs - startedUs);
      return [{ task, priority: specs.at(spec).priority, use, request }];
    });
  }

  private usedBytes(host: number): number {
    return this.usersOf(host).reduce((sum, { use }) => sum + use, 0);
  }

  private peakBytes(host: number): number {
    return this.usersOf(host).reduce((sum, { task, request }) => {
      const steps = this.runs.behaviourOf(task)?.memory?.steps ?? [{ share: 1 }];
      return (
        sum + Math.round(request * steps.reduce((most, { share }) => Math.max(most, share), 0))
      );
    }, 0);
  }

  /** Use above which the kubelet evicts. */
  private evictionBytes(host: number): number {
    const { hosts } = this.context.setup.cluster;
    return hosts.memoryCapacity[host]! - this.systemBytes(host) - this.thresholdBytes(host);
  }

  /** What capacity and allocatable differ by besides the eviction threshold. */
  private systemBytes(host: number): number {
    const { hosts } = this.context.setup.cluster;
    const keptBack = hosts.memoryCapacity[host]! - hosts.memoryAllocatable[host]!;
    return Math.max(0, keptBack - this.thresholdBytes(host));
  }

  private thresholdBytes(host: number): number {
    const { hosts, pools } = this.context.setup.cluster;
    const stated =
      pools.descriptions[hosts.pool[host]!]!.kubelet?.evictionHard?.['memory.available'];
    return thresholdAmount(stated ?? DEFAULT_THRESHOLD, hosts.memoryCapacity[host]!);
  }

  private hasStated(host: number): boolean {
    const { cluster } = this.context.setup;
    return tasksOn(cluster, host).some((task) => this.runs.behaviourOf(task)?.memory !== undefined);
  }

  private isHere(host: number, number: number): boolean {
    const { cluster } = this.context.setup;
    return tasksOn(cluster, host).some((task) => cluster.tasks.number[task] === number);
  }

  private phaseUs(host: number): number {
    return loopPhaseUs(this.context.setup.seed, 'eviction', host, PERIOD_US);
  }

  private decided(task: number): void {
    const { observers, kernel, setup } = this.context;
    const name = `task-${setup.cluster.tasks.number[task]}`;
    for (const observer of observers) {
      observer.decided?.(kernel.nowUs, 'kubelet', name, 'evict', 'evicted');
    }
  }
}
