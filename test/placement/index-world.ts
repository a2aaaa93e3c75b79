/** A cluster whose hosts and tasks come, change and go as a list of steps says, for tests of the index. */

import fc from 'fast-check';
import { Cluster } from '../../src/cluster/cluster.ts';
import { FIRST_END_STATE, TASK_STATE } from '../../src/cluster/tasks.ts';
import { GIB, TICKS_PER_CORE } from '../../src/base/units.ts';
import { HOST_STATE, NO_ROW } from '../../src/cluster/hosts.ts';
import { Ledger } from '../../src/cluster/ledger.ts';
import { NO_HOST } from '../../src/placement/policy.ts';
import { ReadyHosts } from '../../src/placement/ready-hosts.ts';
import { parsePolicyName } from '../../src/base/policy-name.ts';
import { placementPolicy } from '../../src/scenario/registry.ts';
import { plainHost } from '../support/plain-host.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import type { HostSet } from '../../src/placement/placer.ts';
import type { PlacementRequest, ScorePolicy } from '../../src/placement/policy.ts';
import type { TaskSpec } from '../../src/cluster/spec.ts';

export function policyOf(text: string): ScorePolicy {
  const parsed = parsePolicyName(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return placementPolicy(parsed.value);
}

const POOLS = 3;
const SPECS: readonly Partial<TaskSpec>[] = [
  { cpuTicks: TICKS_PER_CORE / 2, memoryBytes: GIB },
  { cpuTicks: TICKS_PER_CORE, memoryBytes: 6 * GIB },
  { gpuCount: 1, gpuMilli: 300 },
  { gpuCount: 2, gpuMilli: 1_000, cpuTicks: TICKS_PER_CORE },
  { cpuTicks: TICKS_PER_CORE / 10 },
  { cpuTicks: 2 * TICKS_PER_CORE, nodeSelector: { disk: 'ssd' } },
  { tolerations: [{ key: 'k', operator: 'Exists', value: '', effect: '' }], memoryBytes: 3 * GIB },
];

export interface Step {
  readonly kind: 'add-host' | 'advance-host' | 'place' | 'resize' | 'end';
  readonly pick: number;
  readonly other: number;
}

export function steps(length: number): fc.Arbitrary<Step[]> {
  const kinds =
    'add-host advance-host place place place place place place resize end end end'.split(' ');
  return fc.array(
    fc.record({
      kind: fc.constantFrom(...(kinds as Step['kind'][])),
      pick: fc.nat(100_000),
      other: fc.nat(100_000),
    }),
    { minLength: length, maxLength: length, size: 'max' },
  );
}

/** Hosts of several zones, pools, kinds and sizes; every placement is asked of the index and of its twin, then bound. */
export class World {
  readonly cluster = new Cluster(['a', 'b', 'c'], ['main', 'second'], ['ecs', 'batch']);
  readonly ledger = new Ledger(this.cluster);
  readonly requests: PlacementRequest[];
  readonly ready = new ReadyHosts(this.cluster);

  constructor(hosts: number) {
    const { pools, workloads, specs } = this.cluster;
    for (let pool = 0; pool < POOLS; pool++) {
      const parts = {
        kind: 'asg',
        instanceTypes: [],
        spot: false,
        labels: {},
        taints: [],
      } as const;
      const keptFor = pool === 1 ? [0, 1, 3] : [];
      const cluster = pool === 2 ? 1 : 0;
      pools.add({ ...parts, name: `pool-${pool}`, cluster, workloads: keptFor }, 0, 10, 0);
    }
    this.requests = SPECS.map((parts, i) => {
      const spec = specs.rowOf({ ...plainTaskSpec(`w-${i}`, 'service', 1, 1), ...parts });
      return { spec, workload: workloads.add(`w-${i}`, 'service', 0, spec) };
    });
    for (let host = 0; host < hosts; host++) this.add(host * 7);
  }

  add(pick: number): void {
    const pool = pick % 10 === 0 ? 2 : pick % 4 === 0 ? 1 : 0;
    const host = this.ledger.addHost(
      plainHost({
        pool,
        cluster: this.cluster.pools.descriptions[pool]!.cluster,
        zone: pick % 3,
        gpuCount: [0, 0, 2, 4][pick % 4]!,
        cpuAllocatableTicks: (1 + (pick % 5)) * TICKS_PER_CORE,
        labels: pick % 6 === 0 ? { disk: 'ssd' } : {},
        taints: pick % 11 === 0 ? [{ key: 'k', value: '', effect: 'NoSchedule' }] : [],
      }),
      0,
    );
    if (pick % 13 === 0) return;
    for (const state of [HOST_STATE.running, HOST_STATE.ready]) {
      this.ledger.setHostState(host, state, 0);
    }
  }

  readyRows({ cluster, pool }: HostSet): readonly number[] {
    this.ready.advance();
    return pool === NO_ROW ? this.ready.inCluster(cluster) : this.ready.inPool(pool);
  }

  bind(request: PlacementRequest, host: number): void {
    const task = { ...request, replaces: NO_ROW, durationUs: 1, workTickUs: 0 };
    const refusal = this.ledger.bind(this.ledger.addTask(task, NO_ROW, 0), host, 0);
    if (refusal !== undefined) throw new Error(`host ${host} refused a task: ${refusal}`);
  }

  change({ kind, pick, other }: Step): void {
    const { hosts, tasks } = this.cluster;
    if (kind === 'add-host') this.add(pick);
    if (kind === 'advance-host') {
      const host = pick % hosts.count;
      const state = hosts.state[host]! + 1;
      if (state <= HOST_STATE.terminated && (state <= HOST_STATE.ready || other % 3 === 0)) {
        this.ledger.setHostState(host, state, 0);
      }
    }
    if ((kind === 'end' || kind === 'resize') && tasks.count > 0) {
      const task = pick % tasks.count;
      const state = tasks.state[task]!;
      if (state === TASK_STATE.pending || state >= FIRST_END_STATE) return;
      if (kind === 'resize') this.resize(task, other);
      else this.ledger.end(task, FIRST_END_STATE, 1, 0);
    }
  }

  private resize(task: number, other: number): void {
    const { specs, tasks } = this.cluster;
    const cpuTicks = ((other % 9) * TICKS_PER_CORE) / 4;
    const spec = specs.sizedRowOf(tasks.spec[task]!, cpuTicks, ((other % 8) * GIB) / 2);
    this.ledger.resize(task, spec, 0);
  }
}

export const SETS: readonly HostSet[] = [
  { cluster: 0, pool: NO_ROW },
  { cluster: 0, pool: 1 },
];

/** Runs the steps; calls `ask` for every placement and binds what it answers. */
export function live(
  hosts: number,
  list: readonly Step[],
  ask: (world: World, request: PlacementRequest) => number,
): void {
  const world = new World(hosts);
  for (const step of list) {
    world.change(step);
    if (step.kind !== 'place') continue;
    const request = world.requests[step.pick % world.requests.length]!;
    const host = ask(world, request);
    if (host !== NO_HOST) world.bind(request, host);
  }
}
