/**
 * Makes decisions true, in the order in which they were taken. A decision that the world has overtaken is dropped: its
 * controller sees the world as it is at its next wake.
 */

import { DIGEST_KIND } from './digest.ts';
import { FIRST_END_STATE, TASK_STATE } from '../cluster/tasks.ts';
import { HOST_STATE, NO_ROW } from '../cluster/hosts.ts';
import { NEVER, ticksToMilli } from '../base/units.ts';
import {
  kubeletRefusal,
  pressureRefusal,
} from '../orchestration/kubernetes/node/kubelet-admission.ts';
import { pendingReasons } from '../base/reason-code.ts';
import { unreachable } from '../base/assert.ts';
import { watchersOf } from './observer.ts';
import type { Action, TaskRun } from '../orchestration/actions.ts';
import type { Actor, Decision, EndReason, PendingReason } from '../base/reasons.ts';
import type { HostLife } from './host-life.ts';
import type { HostSupply } from './host-supply.ts';
import type { PodResizes } from './pod-resizes.ts';
import type { SimulationContext } from './context.ts';
import type { TaskLife } from './task-life.ts';
import type { TaskStart } from './task-start.ts';
import type { TaskPlace } from '../cluster/ledger.ts';
import type { Watcher } from './observer.ts';

/** What it is called to stop a task for a reason, where it is no scaling in. */
const STOPS_FOR: Partial<Record<EndReason, Decision>> = {
  'taint-evicted': 'evict',
  evicted: 'evict',
  drained: 'evict',
  resized: 'evict',
  preempted: 'preempt',
};

export class Commit {
  private readonly context: SimulationContext;
  private readonly tasks: TaskLife;
  private readonly starting: TaskStart;
  private readonly hosts: HostLife;
  private readonly supply: HostSupply;
  private readonly resizes: PodResizes;
  private readonly listeners: readonly Watcher<'decided'>[];

  constructor(
    context: SimulationContext,
    tasks: TaskLife,
    starting: TaskStart,
    hosts: HostLife,
    supply: HostSupply,
    resizes: PodResizes,
  ) {
    this.context = context;
    this.tasks = tasks;
    this.starting = starting;
    this.hosts = hosts;
    this.supply = supply;
    this.resizes = resizes;
    this.listeners = watchersOf(context.observers, 'decided');
  }

  apply(actor: Actor, action: Action): void {
    switch (action.kind) {
      case 'bind':
        return this.bind(actor, action);
      case 'admit':
        return this.admit(actor, action.task);
      case 'nominate':
        return this.nominate(action.task, action.host);
      case 'refuse':
        return this.refuse(actor, action.task, action.reason);
      case 'assign-pool':
        return this.assignPool(action.task, action.pool);
      case 'launch':
        return this.launch(actor, action);
      case 'launch-micro-vm':
        return this.launchMicroVm(action.task, action.pool);
      case 'terminate':
        return this.terminate(actor, action.host, action.reason);
      case 'create-task':
        return this.createTask(actor, action.workload, action.run);
      case 'give-up':
        return this.giveUp(actor, action.workload, action.why);
      case 'delete-job':
        return this.context.finishedPods?.jobDeleted(action.workload, action.job, action.afterUs);
      case 'set-spec':
        return this.setSpec(actor, action.workload, action.spec);
      case 'set-requests':
        return this.setRequests(actor, action);
      case 'resize-task':
        return this.resizeTask(action);
      case 'create-daemon':
        return this.createDaemon(action.workload, action.host);
      case 'replace-task':
        return this.replaceTask(actor, action.task);
      case 'stop-task':
        return this.stopTask(actor, action);
      case 'force-delete':
        return this.forceDelete(actor, action.task, action.reason);
      case 'mark-unready':
        return this.markUnready(action.task);
      case 'change-taints':
        return this.changeTaints(actor, action);
      case 'set-desired':
        return this.setDesired(actor, action.workload, action.desired);
      case 'set-pool-desired':
        return this.setPoolDesired(actor, action);
      default:
        return unreachable(action);
    }
  }

  /** Adds a pending task and sends it to the pool that its cluster's strategy names. */
  submit(
    workload: number,
    spec: number,
    durationUs: number,
    workTickUs: number,
    replaces: number,
    place?: TaskPlace,
    pinned: number = NO_ROW,
  ): number {
    const { setup, ledger, kernel, digest } = this.context;
    const pool = setup.choosers[setup.cluster.workloads.cluster[workload]!]!.choose(workload);
    const task = ledger.addTask(
      { spec, workload, replaces, durationUs, workTickUs, place, pinned },
      pool,
      kernel.nowUs,
    );
    digest.fold(kernel.nowUs, DIGEST_KIND.arrive, setup.cluster.tasks.number[task]!, NO_ROW);
    this.context.volumes?.submitted(task);
    return task;
  }

  private bind(actor: Actor, action: Extract<Action, { kind: 'bind' }>): void {
    const { task, host, devices, atUs } = action;
    const { ledger, kernel, setup } = this.context;
    if (setup.cluster.tasks.state[task] !== TASK_STATE.pending) return;
    const { cluster } = setup;
    const isPod = cluster.orchestrators[cluster.hosts.cluster[host]!] === 'kubernetes';
    const asks = actor === 'kubelet' ? kubeletRefusal : pressureRefusal;
    const turnedAway = isPod ? asks(cluster, task, host) : undefined;
    const refusal = turnedAway ?? ledger.bind(task, host, kernel.nowUs, devices);
    if (refusal !== undefined) {
      if (isPod && refusal !== 'host-not-ready') return this.turnAway(actor, task, host, refusal);
      // The task stays pending and joins the queue again.
      ledger.assignPool(task, setup.cluster.tasks.pool[task]!, kernel.nowUs);
      this.refuse(actor, task, 'conflict');
      return;
    }
    this.context.lastActedUs = kernel.nowUs;
    this.decidedOf(actor, task, 'place', setup.cluster.hostNames[host]!);
    this.starting.bound(task, host, atUs);
  }

  /** The API server binds whatever it is told to; the kubelet does not run it, and the pod has failed (kubernetes.md 2.7). */
  private turnAway(actor: Actor, task: number, host: number, why: PendingReason): void {
    const { ledger, kernel, setup } = this.context;
    this.decidedOf(actor, task, 'place', setup.cluster.hostNames[host]!);
    this.decidedOf('kubelet', task, 'refuse', why);
    ledger.bindBeyond(task, host, kernel.nowUs);
    this.tasks.end(task, TASK_STATE.failed, 'rejected');
  }

  private admit(actor: Actor, task: number): void {
    const { setup, ledger, kernel } = this.context;
    const { tasks } = setup.cluster;
    if (tasks.state[task] !== TASK_STATE.pending || tasks.held[task] === 0) return;
    this.context.lastActedUs = kernel.nowUs;
    this.decidedOf(actor, task, 'admit', '');
    ledger.admit(task, kernel.nowUs);
  }

  private nominate(task: number, host: number): void {
    const { setup, ledger } = this.context;
    if (setup.cluster.tasks.state[task] === TASK_STATE.pending) ledger.nominate(task, host);
  }

  private refuse(actor: Actor, task: number, reason: PendingReason): void {
    const { tasks } = this.context.setup.cluster;
    if (tasks.state[task] !== TASK_STATE.pending) return;
    this.decidedOf(actor, task, 'refuse', reason);
    this.context.ledger.noteRefused(task, pendingReasons.codeOf(reason), this.context.kernel.nowUs);
  }

  private assignPool(task: number, pool: number): void {
    const { ledger, kernel, setup } = this.context;
    const { tasks } = setup.cluster;
    if (tasks.state[task] !== TASK_STATE.pending) return;
    setup.choosers[tasks.cluster[task]!]!.ended(tasks.workload[task]!, tasks.pool[task]!);
    ledger.assignPool(task, pool, kernel.nowUs);
  }

  private launch(actor: Actor, action: Extract<Action, { kind: 'launch' }>): void {
    const { cluster } = this.context.setup;
    const { instanceType, zone } = this.supply.chosen(action);
    const host = this.hosts.launch(action.pool, instanceType, zone, action.spot);
    this.decided(actor, cluster.hostNames[host]!, 'launch', instanceType);
  }

  private launchMicroVm(task: number, pool: number): void {
    const { setup, ledger, kernel } = this.context;
    if (setup.cluster.tasks.state[task] !== TASK_STATE.pending) return;
    const host = this.hosts.launchMicroVm(task, pool);
    if (host === undefined) {
      this.refuse('fargate', task, 'size-not-offered');
      return;
    }
    const refusal = ledger.bind(task, host, kernel.nowUs);
    if (refusal !== undefined) return this.refuse('fargate', task, refusal);
    this.context.lastActedUs = kernel.nowUs;
    this.decidedOf('fargate', task, 'place', setup.cluster.hostNames[host]!);
    this.starting.bound(task, host, kernel.nowUs);
  }

  private terminate(
    actor: Actor,
    host: number,
    reason: Extract<Action, { kind: 'terminate' }>['reason'],
  ): void {
    const { cluster } = this.context.setup;
    if (cluster.hosts.state[host]! >= HOST_STATE.draining) return;
    this.decided(actor, cluster.hostNames[host]!, 'terminate', reason);
    this.hosts.terminate(host, reason);
  }

  private createTask(actor: Actor, workload: number, run: TaskRun = {}): void {
    const {
      spec = this.context.setup.cluster.workloads.spec[workload]!,
      durationUs = NEVER,
      workTickUs = 0,
      place,
    } = run;
    const admitted = this.admitted(workload, spec);
    const task = this.submit(workload, admitted, durationUs, workTickUs, NO_ROW, place);
    this.decidedOf(actor, task, 'scale-out', '');
  }

  private giveUp(actor: Actor, workload: number, why: string): void {
    this.decided(actor, this.context.setup.cluster.workloads.names[workload]!, 'give-up', why);
  }

  private setSpec(actor: Actor, workload: number, spec: number): void {
    const { ledger, kernel, setup } = this.context;
    const { workloads, specs } = setup.cluster;
    if (workloads.spec[workload] === spec) return;
    this.context.lastActedUs = kernel.nowUs;
    this.decided(actor, workloads.names[workload]!, 'roll-out', specs.at(spec).image);
    ledger.setSpec(workload, spec, kernel.nowUs);
  }

  private setRequests(actor: Actor, action: Extract<Action, { kind: 'set-requests' }>): void {
    const { ledger, setup } = this.context;
    const { workloads } = setup.cluster;
    const { workload, cpuTicks, memoryBytes } = action;
    const isSame =
      workloads.admittedCpuTicks[workload] === cpuTicks &&
      workloads.admittedMemoryBytes[workload] === memoryBytes;
    if (isSame) return;
    const amounts = `${ticksToMilli(cpuTicks)}m ${memoryBytes}`;
    this.decided(actor, workloads.names[workload]!, 'resize', amounts);
    ledger.setRequests(workload, cpuTicks, memoryBytes);
  }

  private resizeTask(action: Extract<Action, { kind: 'resize-task' }>): void {
    const { task, cpuTicks, memoryBytes } = action;
    const { tasks, specs } = this.context.setup.cluster;
    const spec = specs.sizedRowOf(tasks.spec[task]!, cpuTicks, memoryBytes);
    this.resizes.ask(task, spec);
  }

  /** The spec with what a vertical autoscaler admits in place of what is written. */
  private admitted(workload: number, spec: number): number {
    const { workloads, specs } = this.context.setup.cluster;
    const cpuTicks = workloads.admittedCpuTicks[workload]!;
    const memoryBytes = workloads.admittedMemoryBytes[workload]!;
    if (cpuTicks === 0 && memoryBytes === 0) return spec;
    return specs.sizedRowOf(
      spec,
      cpuTicks || specs.cpuTicks[spec]!,
      memoryBytes || specs.memoryBytes[spec]!,
    );
  }

  /** A daemon's task is bound to its host at once, or given up where it does not fit; its pod is for the scheduler to bind. */
  private createDaemon(workload: number, host: number): void {
    const { setup, ledger, kernel } = this.context;
    const { hosts, workloads, orchestrators } = setup.cluster;
    if (hosts.state[host] !== HOST_STATE.ready) return;
    const spec = workloads.spec[workload]!;
    if (orchestrators[hosts.cluster[host]!] === 'kubernetes') {
      this.submit(workload, spec, NEVER, 0, NO_ROW, undefined, host);
      return;
    }
    const task = this.submit(workload, spec, NEVER, 0, NO_ROW);
    if (ledger.bind(task, host, kernel.nowUs) === undefined) {
      this.starting.bound(task, host, kernel.nowUs);
    } else this.tasks.end(task, TASK_STATE.cancelled, 'unplaced');
  }

  private replaceTask(actor: Actor, task: number): void {
    const { tasks } = this.context.setup.cluster;
    const again = this.submit(
      tasks.workload[task]!,
      tasks.spec[task]!,
      tasks.durationUs[task]!,
      tasks.workTickUs[task]!,
      task,
    );
    this.decidedOf(actor, again, 'replace', this.nameOf(task));
  }

  private stopTask(actor: Actor, action: Extract<Action, { kind: 'stop-task' }>): void {
    if (this.context.setup.cluster.tasks.state[action.task]! >= FIRST_END_STATE) return;
    this.decidedOf(actor, action.task, STOPS_FOR[action.reason] ?? 'scale-in', action.reason);
    this.tasks.stop(action.task, action.reason, action.graceUs);
  }

  private forceDelete(actor: Actor, task: number, reason: EndReason): void {
    if (this.context.setup.cluster.tasks.state[task]! >= FIRST_END_STATE) return;
    this.decidedOf(actor, task, 'evict', reason);
    this.tasks.end(task, TASK_STATE.cancelled, reason);
  }

  private markUnready(task: number): void {
    const { ledger, kernel, setup } = this.context;
    const { tasks } = setup.cluster;
    if (tasks.state[task] !== TASK_STATE.running || tasks.isReady[task] === 0) return;
    ledger.setUnready(task, kernel.nowUs);
  }

  private changeTaints(actor: Actor, action: Extract<Action, { kind: 'change-taints' }>): void {
    const { setup, ledger, kernel } = this.context;
    const { host, remove, add } = action;
    this.context.lastActedUs = kernel.nowUs;
    const names = add.map(({ key, effect }) => `${key}:${effect}`).join(' ');
    this.decided(actor, setup.cluster.hostNames[host]!, 'taint', names);
    ledger.changeTaints(host, remove, add, kernel.nowUs);
  }

  private setDesired(actor: Actor, workload: number, desired: number): void {
    const { ledger, kernel, setup } = this.context;
    const { workloads } = setup.cluster;
    const before = workloads.desired[workload]!;
    if (before === desired) return;
    this.context.lastActedUs = kernel.nowUs;
    this.decided(
      actor,
      workloads.names[workload]!,
      desired > before ? 'scale-out' : 'scale-in',
      `${before} -> ${desired}`,
    );
    ledger.setDesired(workload, desired, kernel.nowUs);
  }

  private setPoolDesired(
    actor: Actor,
    { pool, desired, bounds }: Extract<Action, { kind: 'set-pool-desired' }>,
  ): void {
    const { ledger, kernel, setup } = this.context;
    const { pools } = setup.cluster;
    if (bounds !== undefined) ledger.setPoolBounds(pool, bounds.minimum, bounds.maximum);
    const before = pools.desired[pool]!;
    const bounded = Math.min(Math.max(desired, pools.minimum[pool]!), pools.maximum[pool]!);
    if (before === bounded) return;
    this.context.lastActedUs = kernel.nowUs;
    this.decided(
      actor,
      pools.descriptions[pool]!.name,
      bounded > before ? 'scale-out' : 'scale-in',
      `${before} -> ${bounded}`,
    );
    ledger.setPoolDesired(pool, bounded, kernel.nowUs);
  }

  private nameOf(task: number): string {
    return `task-${this.context.setup.cluster.tasks.number[task]}`;
  }

  /** Names of tasks are made only for those who listen. */
  private decidedOf(actor: Actor, task: number, decision: Decision, reason: string): void {
    if (this.listeners.length > 0) this.decided(actor, this.nameOf(task), decision, reason);
  }

  private decided(actor: Actor, subject: string, decision: Decision, reason: string): void {
    for (const observer of this.listeners) {
      observer.decided(this.context.kernel.nowUs, actor, subject, decision, reason);
    }
  }
}
