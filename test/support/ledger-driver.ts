/**
 * Any life of a small cluster, which starts with four ready hosts: random operations on a ledger, each applied only where
 * it is allowed, so that a property can be checked after every one of them.
 */

import fc from 'fast-check';
import { Cluster } from '../../src/cluster/cluster.ts';
import { FIRST_END_STATE, TASK_STATE } from '../../src/cluster/tasks.ts';
import { GIB, TICKS_PER_CORE } from '../../src/base/units.ts';
import { HOST_STATE, LAUNCH_TYPE, NO_ROW } from '../../src/cluster/hosts.ts';
import { Ledger } from '../../src/cluster/ledger.ts';
import { plainHost } from './plain-host.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import type { TaskSpec, WorkloadKind } from '../../src/cluster/spec.ts';

export interface Operation {
  readonly kind:
    | 'add-host'
    | 'advance-host'
    | 'add-task'
    | 'bind'
    | 'set-ready'
    | 'mark-stopping'
    | 'resize'
    | 'end'
    | 'move-to-pool';
  /** Picks among what the operation may be applied to, modulo their number. */
  readonly pick: number;
  /** A second pick. */
  readonly other: number;
  /** Time since the operation before, us. */
  readonly afterUs: number;
}

export function operations(length: number): fc.Arbitrary<Operation[]> {
  const kinds =
    'add-host mark-stopping move-to-pool resize resize set-ready advance-host advance-host ' +
    'add-task add-task add-task end end bind bind bind bind bind';
  return fc.array(
    fc.record({
      kind: fc.constantFrom(...(kinds.split(' ') as Operation['kind'][])),
      pick: fc.nat(1_000),
      other: fc.nat(1_000),
      afterUs: fc.nat(3),
    }),
    // Without the size, fast-check draws lists of ten at most.
    { minLength: length / 2, maxLength: length, size: 'max' },
  );
}

const WORKLOADS: readonly [WorkloadKind, Partial<TaskSpec>][] = [
  ['service', { cpuTicks: TICKS_PER_CORE / 2, memoryBytes: GIB }],
  ['job', { cpuTicks: TICKS_PER_CORE, memoryBytes: 6 * GIB, priority: 1 }],
  ['job', { gpuCount: 1, gpuMilli: 300 }],
  ['trace', { gpuCount: 2, gpuMilli: 1_000, cpuTicks: TICKS_PER_CORE }],
  ['daemon', { cpuTicks: TICKS_PER_CORE / 10 }],
];

export const POOL_COUNT = 3;

const UNTIL_READY = [HOST_STATE.running, HOST_STATE.ready];

export class LedgerDriver {
  readonly cluster: Cluster;
  readonly ledger: Ledger;
  nowUs = 0;

  constructor() {
    this.cluster = new Cluster(['a', 'b'], ['main', 'second'], ['ecs', 'batch']);
    this.ledger = new Ledger(this.cluster);
    const { pools, workloads, specs } = this.cluster;
    for (let pool = 0; pool < POOL_COUNT; pool++) {
      const parts = {
        kind: 'asg',
        instanceTypes: [],
        spot: false,
        labels: {},
        taints: [],
      } as const;
      // The last pool belongs to the second cluster.
      const cluster = pool === POOL_COUNT - 1 ? 1 : 0;
      pools.add({ ...parts, name: `pool-${pool}`, cluster, workloads: [] }, 0, 10, 0);
    }
    for (const [i, [kind, parts]] of WORKLOADS.entries()) {
      const spec = { ...plainTaskSpec(`workload-${i}`, kind, 0, 0), ...parts };
      workloads.add(`workload-${i}`, kind, 0, specs.rowOf(spec));
    }
    for (let host = 0; host < 4; host++) {
      this.addHost(host);
      for (const state of UNTIL_READY) this.ledger.setHostState(host, state, 0);
    }
  }

  /** True when something was done. */
  apply({ kind, pick, other, afterUs }: Operation): boolean {
    this.nowUs += afterUs;
    const { ledger, nowUs } = this;
    const { tasks, hosts } = this.cluster;
    switch (kind) {
      case 'add-host':
        this.addHost(pick);
        return true;
      case 'advance-host': {
        const host = pickOf(
          rows(hosts.count, (row) => hosts.state[row]! < HOST_STATE.terminated),
          pick,
        );
        if (host === undefined) return false;
        const left = HOST_STATE.terminated - hosts.state[host]!;
        // Mostly to the next state, sometimes beyond: a host may fail while it launches.
        const step = other % 10 < 8 ? 1 : 1 + (other % left);
        ledger.setHostState(host, hosts.state[host]! + step, nowUs);
        return true;
      }
      case 'add-task':
        this.addTask(pick % WORKLOADS.length, other);
        return true;
      case 'bind': {
        const task = pickOf(
          this.tasksWhere((row) => tasks.state[row] === TASK_STATE.pending),
          pick,
        );
        if (task === undefined || hosts.count === 0) return false;
        const ready = rows(hosts.count, (row) => hosts.state[row] === HOST_STATE.ready);
        // Now and then to a host that is not ready, which is refused or is a micro-VM.
        const host = other % 5 === 0 ? other % hosts.count : pickOf(ready, other);
        return host !== undefined && ledger.bind(task, host, nowUs) === undefined;
      }
      default:
        return this.applyToTask(kind, pick, other);
    }
  }

  tasksWhere(holds: (task: number) => boolean): number[] {
    return rows(this.cluster.tasks.count, holds);
  }

  isInside(task: number): boolean {
    const state = this.cluster.tasks.state[task]!;
    return state !== TASK_STATE.pending && state < FIRST_END_STATE;
  }

  private applyToTask(kind: Operation['kind'], pick: number, other: number): boolean {
    const { ledger, nowUs } = this;
    const { tasks } = this.cluster;
    const isAllowed: Partial<Record<Operation['kind'], (task: number) => boolean>> = {
      'set-ready': (task) => this.isInside(task) && tasks.isReady[task] === 0,
      'mark-stopping': (task) => this.isInside(task) && tasks.stopping[task] === 0,
      resize: (task) => this.isInside(task),
      'move-to-pool': (task) => tasks.state[task] === TASK_STATE.pending,
      end: (task) => tasks.state[task]! < FIRST_END_STATE,
    };
    const task = pickOf(this.tasksWhere(isAllowed[kind]!), pick);
    if (task === undefined) return false;
    if (kind === 'set-ready') ledger.setReady(task, nowUs);
    else if (kind === 'mark-stopping') ledger.markStopping(task, nowUs);
    else if (kind === 'resize') return this.resize(task, other);
    else if (kind === 'move-to-pool') ledger.assignPool(task, other % POOL_COUNT, nowUs);
    else ledger.end(task, FIRST_END_STATE + (other % 3), 1, nowUs);
    return true;
  }

  /** To half a core and less than a GiB at most, or to nothing. */
  private resize(task: number, other: number): boolean {
    const { specs, tasks } = this.cluster;
    const cpuTicks = ((other % 5) * TICKS_PER_CORE) / 8;
    const spec = specs.sizedRowOf(tasks.spec[task]!, cpuTicks, ((other % 7) * GIB) / 8);
    return this.ledger.resize(task, spec, this.nowUs) === undefined;
  }

  private addHost(pick: number): void {
    const pool = pick % POOL_COUNT;
    this.ledger.addHost(
      plainHost({
        pool,
        cluster: this.cluster.pools.descriptions[pool]!.cluster,
        zone: pick % 2,
        gpuCount: [0, 2, 4][pick % 3]!,
        launchType: pick % 5 === 0 ? LAUNCH_TYPE.fargate : LAUNCH_TYPE.ec2,
      }),
      this.nowUs,
    );
  }

  private addTask(workload: number, other: number): void {
    const spec = this.cluster.workloads.spec[workload]!;
    const task = { spec, workload, replaces: NO_ROW, durationUs: 1, workTickUs: 0 };
    this.ledger.addTask(task, other % 3 === 0 ? other % POOL_COUNT : NO_ROW, this.nowUs);
  }
}

function rows(count: number, holds: (row: number) => boolean): number[] {
  return Array.from({ length: count }, (_, row) => row).filter(holds);
}

function pickOf(list: readonly number[], pick: number): number | undefined {
  return list[pick % list.length];
}
