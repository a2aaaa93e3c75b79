/** A cluster for schedulers: plain hosts, workloads of stated specs, and decisions that are committed by hand. */

import { ActionBuffer } from '../../src/orchestration/actions.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { HOST_STATE, NO_ROW } from '../../src/cluster/hosts.ts';
import { Ledger } from '../../src/cluster/ledger.ts';
import { endReasons, pendingReasons } from '../../src/base/reason-code.ts';
import { plainHost } from '../support/plain-host.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import type { Action } from '../../src/orchestration/actions.ts';
import type { Controller } from '../../src/orchestration/controller.ts';
import type { EndReason } from '../../src/base/reasons.ts';
import type { HostDescription } from '../../src/cluster/hosts.ts';
import type { PoolKind } from '../../src/cluster/pools.ts';
import type { TaskSpec, WorkloadKind } from '../../src/cluster/spec.ts';

export class ClusterBuilder {
  readonly cluster = new Cluster(['a', 'b', 'c'], ['main', 'other'], ['kubernetes', 'batch']);
  readonly ledger = new Ledger(this.cluster);
  nowUs = 0;

  /** With one pool, `asg`, at row 0. */
  constructor() {
    this.pool('asg');
  }

  pool(kind: PoolKind, workloads: readonly number[] = [], cluster = 0): number {
    const { pools } = this.cluster;
    const plain = { instanceTypes: [], spot: false, labels: {}, taints: [] };
    const name = `pool-${pools.count}`;
    return pools.add({ ...plain, name, cluster, kind, workloads }, 0, 10, 0);
  }

  workload(kind: WorkloadKind, parts: Partial<TaskSpec> = {}, cluster = 0): number {
    const name = `workload-${this.cluster.workloads.count}`;
    const spec = { ...plainTaskSpec(name, kind, 0, 0), ...parts };
    return this.cluster.workloads.add(name, kind, cluster, this.cluster.specs.rowOf(spec));
  }

  host(parts: Partial<HostDescription> = {}, state: number = HOST_STATE.ready): number {
    const labels = { 'topology.kubernetes.io/zone': this.cluster.zones[parts.zone ?? 0]! };
    const description = plainHost({ ...parts, labels: { ...labels, ...parts.labels } });
    const host = this.ledger.addHost(description, this.nowUs);
    for (let next = 1; next <= state; next++) this.ledger.setHostState(host, next, this.nowUs);
    return host;
  }

  pending(workload: number, pool: number = NO_ROW): number {
    const spec = this.cluster.workloads.spec[workload]!;
    const task = { spec, workload, replaces: NO_ROW, durationUs: Infinity, workTickUs: 0 };
    return this.ledger.addTask(task, pool, this.nowUs);
  }

  bind(task: number, host: number, devices = 0): number {
    const refusal = this.ledger.bind(task, host, this.nowUs, devices);
    if (refusal !== undefined) throw new Error(`task ${task}, host ${host}: ${refusal}`);
    return task;
  }

  running(workload: number, host: number): number {
    return this.bind(this.pending(workload), host);
  }

  endedAs(task: number, state: number): void {
    this.ledger.end(task, state, 1, this.nowUs);
  }

  /** Wakes a controller and commits its binds, refusals, nominations and stops. */
  wake(controller: Controller, nowUs: number = this.nowUs): readonly Action[] {
    this.nowUs = nowUs;
    const out = new ActionBuffer();
    controller.wake(nowUs, out);
    for (const action of out.actions) {
      if (action.kind === 'bind') this.bind(action.task, action.host, action.devices);
      if (action.kind === 'assign-pool') this.ledger.assignPool(action.task, action.pool, nowUs);
      if (action.kind === 'admit') this.ledger.admit(action.task, nowUs);
      if (action.kind === 'nominate') this.ledger.nominate(action.task, action.host);
      if (action.kind === 'stop-task') this.stop(action.task, action.reason);
      if (action.kind !== 'refuse') continue;
      this.ledger.noteRefused(action.task, pendingReasons.codeOf(action.reason), nowUs);
    }
    return out.actions;
  }

  /** It keeps its room until it is told to end. */
  private stop(task: number, reason: EndReason): void {
    this.ledger.markStopping(task, this.nowUs);
    this.cluster.tasks.reason[task] = endReasons.codeOf(reason);
  }

  /** Wakes until the controller wants no further wake; binds as `task>host@atUs`, refusals as `task:reason`. */
  settle(controller: Controller, nowUs: number = this.nowUs): string[] {
    const decisions: string[] = [];
    for (let atUs = nowUs; atUs < Infinity; atUs = controller.wakeAtUs) {
      for (const action of this.wake(controller, atUs)) {
        if (action.kind === 'bind') {
          decisions.push(`${action.task}>${action.host}@${action.atUs}`);
        } else if (action.kind === 'refuse') decisions.push(`${action.task}:${action.reason}`);
        else decisions.push(action.kind);
      }
    }
    return decisions;
  }
}
