/**
 * A hand-built world for tests of controllers: a cluster, its ledger, and actions applied by hand.
 *
 * Unlike the simulation, it takes no time: a bound task runs at once, a terminated host is gone at once unless it holds
 * tasks, which leave with `finishDraining`.
 */

import { AssumedParameters } from '../../src/cloud/assumptions.ts';
import { ActionBuffer } from '../../src/orchestration/actions.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { HOST_STATE, NO_ROW } from '../../src/cluster/hosts.ts';
import { Ledger } from '../../src/cluster/ledger.ts';
import { FIRST_END_STATE, TASK_STATE } from '../../src/cluster/tasks.ts';
import { describeInstance } from '../../src/orchestration/host-description.ts';
import { endReasons, pendingReasons, terminationReasons } from '../../src/base/reason-code.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import type { Action } from '../../src/orchestration/actions.ts';
import type { Controller } from '../../src/orchestration/controller.ts';
import type { Market } from '../../src/orchestration/host-description.ts';
import type { OrchestratorKind } from '../../src/cluster/cluster.ts';
import type { PendingReason } from '../../src/base/reasons.ts';
import type { PoolDescription } from '../../src/cluster/pools.ts';
import type { TaskSpec, WorkloadKind } from '../../src/cluster/spec.ts';

export const MARKET: Market = { region: 'us-east-1', parameters: new AssumedParameters() };

export interface PoolSize {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly desired?: number;
}

export class World {
  readonly cluster: Cluster;
  readonly ledger: Ledger;
  nowUs = 0;

  constructor(orchestrator: OrchestratorKind, zones: readonly string[] = ['a', 'b', 'c']) {
    this.cluster = new Cluster(zones, ['main'], [orchestrator]);
    this.ledger = new Ledger(this.cluster);
  }

  /** An Auto Scaling group unless `parts` says otherwise. */
  addPool(
    name: string,
    instanceTypes: readonly string[],
    size: PoolSize = {},
    parts: Partial<PoolDescription> = {},
  ): number {
    const { minimum = 0, maximum = 100, desired = minimum } = size;
    const description: PoolDescription = {
      name,
      cluster: 0,
      kind: 'asg',
      instanceTypes,
      spot: false,
      labels: {},
      taints: [],
      workloads: [],
      ...parts,
    };
    return this.cluster.pools.add(description, minimum, maximum, desired);
  }

  /** A workload whose tasks ask for `cpuTicks` and `memoryBytes`; `parts` overrides the rest. */
  addWorkload(
    name: string,
    kind: WorkloadKind,
    cpuTicks: number,
    memoryBytes: number,
    parts: Partial<TaskSpec> = {},
  ): number {
    const spec = { ...plainTaskSpec(name, kind, cpuTicks, memoryBytes), ...parts };
    return this.cluster.workloads.add(name, kind, 0, this.cluster.specs.rowOf(spec));
  }

  /** A host of the pool's first type, brought to `state`. */
  addHost(pool: number, zone = 0, state: number = HOST_STATE.ready): number {
    const { instanceTypes, spot } = this.cluster.pools.descriptions[pool]!;
    return this.addHostOf(instanceTypes[0]!, pool, zone, spot, state);
  }

  addHostOf(type: string, pool: number, zone: number, spot: boolean, state: number): number {
    const description = describeInstance(this.cluster, pool, type, zone, spot, MARKET);
    const host = this.ledger.addHost(description, this.nowUs);
    for (let next = HOST_STATE.running; next <= state; next++) this.setHostState(host, next);
    return host;
  }

  setHostState(host: number, state: number): void {
    this.ledger.setHostState(host, state, this.nowUs);
  }

  /** Brings every launching host to ready. */
  finishLaunches(): void {
    const { hosts } = this.cluster;
    for (let host = 0; host < hosts.count; host++) {
      if (hosts.state[host] !== HOST_STATE.launching) continue;
      this.setHostState(host, HOST_STATE.running);
      this.setHostState(host, HOST_STATE.ready);
    }
  }

  addPending(workload: number, count = 1, pool = NO_ROW): number[] {
    const spec = this.cluster.workloads.spec[workload]!;
    const task = { spec, workload, replaces: NO_ROW, durationUs: Infinity, workTickUs: 0 };
    return Array.from({ length: count }, () => this.ledger.addTask(task, pool, this.nowUs));
  }

  /** Pending tasks that the scheduler has tried in vain. */
  addRefused(workload: number, count = 1, reason: PendingReason = 'insufficient-cpu'): number[] {
    const tasks = this.addPending(workload, count);
    for (const task of tasks)
      this.ledger.noteRefused(task, pendingReasons.codeOf(reason), this.nowUs);
    return tasks;
  }

  bind(task: number, host: number): void {
    const refusal = this.ledger.bind(task, host, this.nowUs);
    if (refusal !== undefined)
      throw new Error(`task ${task} cannot go to host ${host}: ${refusal}`);
  }

  /** `count` tasks that run on a host. */
  addRunning(workload: number, host: number, count = 1): number[] {
    const tasks = this.addPending(workload, count);
    for (const task of tasks) this.bind(task, host);
    return tasks;
  }

  endTask(task: number): void {
    this.ledger.end(task, TASK_STATE.completed, endReasons.codeOf('completed'), this.nowUs);
  }

  /** Wakes a controller at `nowUs`, applies what it decides and returns it. */
  wake(controller: Controller, nowUs: number = this.nowUs): Action[] {
    this.nowUs = nowUs;
    const out = new ActionBuffer();
    controller.wake(nowUs, out);
    for (const action of out.actions) this.apply(action);
    return out.actions;
  }

  /** The actions of autoscalers. */
  apply(action: Action): void {
    const { hosts } = this.cluster;
    switch (action.kind) {
      case 'launch':
        this.addHostOf(
          action.instanceType,
          action.pool,
          action.zone,
          action.spot,
          HOST_STATE.launching,
        );
        return;
      case 'terminate':
        hosts.terminationReason[action.host] = terminationReasons.codeOf(action.reason);
        if (hosts.taskCount[action.host]! > 0) {
          this.setHostState(action.host, HOST_STATE.draining);
        } else {
          this.setHostState(action.host, HOST_STATE.terminating);
          this.setHostState(action.host, HOST_STATE.terminated);
        }
        return;
      case 'change-taints':
        this.ledger.changeTaints(action.host, action.remove, action.add, this.nowUs);
        return;
      case 'stop-task':
        if (this.cluster.tasks.state[action.task] === TASK_STATE.pending) this.endTask(action.task);
        else this.ledger.markStopping(action.task, this.nowUs);
        return;
      case 'refuse':
        this.ledger.noteRefused(action.task, pendingReasons.codeOf(action.reason), this.nowUs);
        return;
      case 'set-pool-desired':
        if (action.bounds !== undefined) {
          const { minimum, maximum } = action.bounds;
          this.ledger.setPoolBounds(action.pool, minimum, maximum);
        }
        this.ledger.setPoolDesired(action.pool, action.desired, this.nowUs);
        return;
      default:
        throw new Error(`the hand-built world does not apply ${action.kind}`);
    }
  }

  /** Ends the tasks that were asked to stop. */
  finishStopping(): void {
    const { tasks } = this.cluster;
    for (let task = 0; task < tasks.count; task++) {
      const isLeaving = tasks.stopping[task] === 1 && tasks.state[task]! < FIRST_END_STATE;
      if (isLeaving) this.endTask(task);
    }
  }

  /** Ends the tasks of draining hosts, and the hosts. */
  finishDraining(): void {
    const { hosts } = this.cluster;
    for (let host = 0; host < hosts.count; host++) {
      if (hosts.state[host] !== HOST_STATE.draining) continue;
      while (hosts.firstTask[host] !== NO_ROW) this.endTask(hosts.firstTask[host]!);
      this.setHostState(host, HOST_STATE.terminating);
      this.setHostState(host, HOST_STATE.terminated);
    }
  }

  /** Hosts of a pool in one of the states from launching to ready. */
  hostsOf(pool: number): number[] {
    const { hosts } = this.cluster;
    return Array.from({ length: hosts.count }, (_, host) => host).filter(
      (host) => hosts.pool[host] === pool && hosts.state[host]! <= HOST_STATE.ready,
    );
  }
}
