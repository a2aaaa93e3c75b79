import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cluster } from '../../src/cluster/cluster.ts';
import { GIB, MIB, TICKS_PER_CORE, TICKS_PER_ECS_UNIT } from '../../src/base/units.ts';
import { HOST_STATE, NO_ROW } from '../../src/cluster/hosts.ts';
import { IndexPlacer, isIndexable } from '../../src/placement/index-placer.ts';
import { FIRST } from '../../src/placement/tie-rule.ts';
import { Ledger } from '../../src/cluster/ledger.ts';
import { NO_HOST } from '../../src/placement/policy.ts';
import { ReadyHosts } from '../../src/placement/ready-hosts.ts';
import { ScanPlacer } from '../../src/placement/scan-placer.ts';
import { bestByFilterAndSort } from './filter-and-sort.ts';
import { boundOf } from '../../src/placement/index/search-bounds.ts';
import { isFeasible } from '../../src/placement/feasible.ts';
import { knownPolicies, placementPolicy } from '../../src/scenario/registry.ts';
import { parsePolicyName } from '../../src/base/policy-name.ts';
import { plainHost } from '../support/plain-host.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import type { PlacementRequest, ScorePolicy } from '../../src/placement/policy.ts';
import type { TaskSpec } from '../../src/cluster/spec.ts';
import { TIE_RULES } from './tie-rules.ts';

function policyOf(text: string): ScorePolicy {
  const parsed = parsePolicyName(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return placementPolicy(parsed.value);
}

const NAMES = [
  ...(knownPolicies().batch ?? []),
  'best-fit[resource=memory]',
  'worst-fit[resource=memory]',
  'binpack[resource=memory]',
  'balanced-allocation[version=1.35]',
  'least-allocated-balanced[version=1.35]',
  'requested-to-capacity-ratio[shape=0:10-100:0]',
  'requested-to-capacity-ratio[shape=0:0-75:10-100:0,cpu=3]',
  'requested-to-capacity-ratio[cpu=0]',
  'dot-product[memory-per-core=8GiB]',
].filter((name) => isIndexable([policyOf(name)], FIRST));

/** A policy of one's own: no integers, and no two terms of one size. */
const own: ScorePolicy = {
  name: 'own',
  hostLocal: true,
  trend: { cpuFree: 'falls', memoryFree: 'rises' },
  score: (host, { spec }, { hosts, specs }) =>
    hosts.memoryFree[host]! / 7 - (specs.cpuTicks[spec]! * hosts.cpuFree[host]!) / 3,
};
/** Larger than any packing, and of two values, so that nearly all hosts are equally good. */
const coarse: ScorePolicy = {
  name: 'coarse',
  hostLocal: true,
  trend: { cpuFree: 'rises', memoryFree: 'level' },
  score: (host, _request, { hosts }) => (hosts.cpuFree[host]! > TICKS_PER_CORE ? 1e300 : -0.5),
};

const LISTS: readonly (readonly ScorePolicy[])[] = [
  [],
  [own],
  [coarse],
  [coarse, own],
  ...[
    ['least-allocated', 'best-fit'],
    ['binpack[resource=memory]', 'binpack[resource=cpu]'],
    ['spread[field=zone]', 'least-allocated-balanced'],
    ['most-allocated', 'spread[field=instance]', 'worst-fit'],
    ['balanced-allocation', 'gpu-packing', 'least-allocated'],
  ].map((names) => names.map(policyOf)),
];

interface Wish {
  readonly cpu: number;
  readonly memory: number;
  readonly kind: number;
}

interface World {
  readonly hosts: number;
  /** Of how many sizes; with one size all hosts begin alike. */
  readonly sizes: number;
  readonly wishes: readonly Wish[];
}

function worlds(hostsMax: number, wishes: number): fc.Arbitrary<World> {
  return fc.record({
    hosts: fc.integer({ min: 1, max: hostsMax }),
    sizes: fc.integer({ min: 1, max: 5 }),
    wishes: fc.array(fc.record({ cpu: fc.nat(4_000), memory: fc.nat(4_000), kind: fc.nat(40) }), {
      minLength: wishes,
      maxLength: wishes,
      size: 'max',
    }),
  });
}

/** CPU in odd ticks, in ECS units, in milli-cores, or none. */
function cpuTicksOf({ cpu, kind }: Wish): number {
  if (kind % 7 === 0) return 0;
  if (kind % 3 === 0) return cpu * TICKS_PER_ECS_UNIT;
  return kind % 3 === 1 ? Math.floor(cpu / 50) * 50 * 128 : cpu * 97;
}

function memoryBytesOf({ memory, kind }: Wish): number {
  return kind % 11 === 0 ? 0 : kind % 2 === 0 ? Math.floor(memory / 128) * 128 * MIB : memory * MIB;
}

function specOf(wish: Wish, number: number): TaskSpec {
  const cpuTicks = cpuTicksOf(wish);
  const plain = plainTaskSpec(`w-${number}`, 'service', cpuTicks, memoryBytesOf(wish));
  const parts: Partial<TaskSpec> = {
    ...(wish.kind % 8 === 1 ? { nodeSelector: { disk: 'ssd' } } : {}),
    ...(wish.kind % 9 === 1 ? { gpuCount: 1, gpuMilli: 300 } : {}),
    ...(wish.kind % 17 === 2 ? { gpuCount: 2, gpuMilli: 1_000 } : {}),
  };
  return { ...plain, ...parts };
}

function clusterOf({ hosts, sizes }: World): { cluster: Cluster; ledger: Ledger } {
  const cluster = new Cluster(['a', 'b', 'c'], ['main'], ['ecs']);
  const ledger = new Ledger(cluster);
  const parts = { kind: 'asg', instanceTypes: [], spot: false, labels: {}, taints: [] } as const;
  for (const workloads of [[], [0, 2, 4]]) {
    cluster.pools.add({ ...parts, name: `p-${workloads.length}`, cluster: 0, workloads }, 0, 10, 0);
  }
  for (let i = 0; i < hosts; i++) {
    const size = 1 + (i % sizes);
    const host = ledger.addHost(
      plainHost({
        pool: i % 6 === 1 ? 1 : 0,
        cluster: 0,
        zone: i % 3,
        gpuCount: [0, 2, 0, 4, 1][size - 1]!,
        cpuAllocatableTicks: size * 2 * TICKS_PER_CORE - (size === 3 ? 1_001 : 0),
        memoryAllocatableBytes: [4, 8, 32, 10, 5][size - 1]! * GIB - (size === 4 ? 12_345 : 0),
        labels: size === 2 ? { disk: 'ssd' } : {},
        taints: i % 19 === 1 ? [{ key: 'k', value: '', effect: 'NoSchedule' }] : [],
      }),
      0,
    );
    for (const state of [HOST_STATE.running, HOST_STATE.ready]) {
      ledger.setHostState(host, state, 0);
    }
  }
  return { cluster, ledger };
}

const SET = { cluster: 0, pool: NO_ROW };

/** Asks for every wish, each of which comes once, binds what is answered and now and then ends a task or drains a host. */
function live(
  world: World,
  ask: (cluster: Cluster, request: PlacementRequest, ready: readonly number[]) => number,
): void {
  const { cluster, ledger } = clusterOf(world);
  const ready = new ReadyHosts(cluster);
  const bound: number[] = [];
  for (const [i, wish] of world.wishes.entries()) {
    const workload = i % 6;
    const spec = cluster.specs.rowOf(specOf(wish, i));
    if (i < 6) cluster.workloads.add(`w-${i}`, 'service', 0, spec);
    ready.advance();
    const host = ask(cluster, { spec, workload }, ready.inCluster(0));
    if (host !== NO_HOST) {
      const task = { spec, workload, replaces: NO_ROW, durationUs: 1, workTickUs: 0 };
      const row = ledger.addTask(task, NO_ROW, 0);
      const refusal = ledger.bind(row, host, 0);
      if (refusal !== undefined) throw new Error(`host ${host} refused a task: ${refusal}`);
      bound.push(row);
    }
    if (wish.kind % 3 === 0 && bound.length > 0) {
      ledger.end(bound.splice(wish.cpu % bound.length, 1)[0]!, 6, 1, 0);
    }
    if (wish.kind === 40) {
      const drained = wish.memory % cluster.hosts.count;
      if (cluster.hosts.state[drained] === HOST_STATE.ready) {
        ledger.setHostState(drained, HOST_STATE.draining, 0);
      }
    }
  }
}

function expectTwins(policies: readonly ScorePolicy[], world: World): void {
  let index: IndexPlacer | undefined;
  live(world, (cluster, request, ready) => {
    index ??= new IndexPlacer(cluster, policies, FIRST, SET);
    const host = index.place(request);
    expect(host).toBe(bestByFilterAndSort(cluster, policies, request, ready)[0] ?? NO_HOST);
    return host;
  });
}

describe('requests that never come again get the host that filter-and-sort takes', () => {
  it.each(NAMES)('%s', (name) => {
    fc.assert(
      fc.property(worlds(60, 90), (world) => expectTwins([policyOf(name)], world)),
      { numRuns: 12, seed: 51 },
    );
  });

  it.each(LISTS.map((list, i) => [list.map(({ name }) => name).join(', '), i]))(
    'list: %s',
    (_names, i) => {
      fc.assert(
        fc.property(worlds(60, 90), (world) => expectTwins(LISTS[i]!, world)),
        { numRuns: 12, seed: 52 },
      );
    },
  );

  it('among hundreds of hosts that begin alike, more than a box can part', () => {
    const wishes = Array.from({ length: 150 }, (_, i) => ({
      cpu: (i * 797) % 4_000,
      memory: (i * 331) % 4_000,
      kind: 1 + 3 * (i % 5),
    }));
    for (const name of ['least-allocated-balanced', 'best-fit', 'most-allocated']) {
      expectTwins([policyOf(name)], { hosts: 700, sizes: 1, wishes });
    }
  });
});

describe('equally good hosts', () => {
  it.each(Object.keys(TIE_RULES))('%s: the index takes the host that the scan takes', (kind) => {
    const lists = [[], [coarse], [coarse, own], [policyOf('least-allocated')], LISTS[4]!];
    for (const hosts of [80, 600]) {
      fc.assert(
        fc.property(worlds(hosts, 60), fc.constantFrom(...lists), (world, policies) => {
          const rule = TIE_RULES[kind]!();
          let scan: ScanPlacer | undefined;
          let index: IndexPlacer | undefined;
          live({ ...world, hosts }, (cluster, request, ready) => {
            scan ??= new ScanPlacer(cluster, policies, TIE_RULES[kind]!());
            index ??= new IndexPlacer(cluster, policies, rule, SET);
            const host = scan.place(request, ready, cluster.hosts);
            expect(index.place(request)).toBe(host);
            return host;
          });
        }),
        { numRuns: 15, seed: 53 },
      );
    }
  });
});

describe('bounds', () => {
  const bounded = [...NAMES.map(policyOf), own, coarse].filter(
    ({ trend, bound }) => trend !== undefined || bound !== undefined,
  );

  it('are there for every policy that scores CPU and memory', () => {
    expect(bounded.length).toBeGreaterThanOrEqual(17);
  });

  it.each(bounded.map((policy) => [policy.name, policy] as const))(
    'no host scores more than the bound of a box that it is in: %s',
    (_name, policy) => {
      fc.assert(
        fc.property(worlds(40, 60), fc.nat(1_000), fc.nat(1_000), (world, width, at) => {
          live(world, (cluster, request, ready) => {
            const { hosts } = cluster;
            if (ready.length === 0) return NO_HOST;
            const size = ready[at % ready.length]!;
            const inBox = ready.filter(
              (host) =>
                hosts.cpuAllocatable[host] === hosts.cpuAllocatable[size] &&
                hosts.memoryAllocatable[host] === hosts.memoryAllocatable[size] &&
                isFeasible(cluster, hosts, request, host) &&
                (host * 7) % 1_000 <= width,
            );
            if (inBox.length === 0) return NO_HOST;
            const bound = boundOf(policy, cluster)!;
            const most = Math.max(...inBox.map((host) => policy.score(host, request, cluster)));
            expect(bound(boxOf(cluster, inBox, size), request, cluster)).toBeGreaterThanOrEqual(
              most,
            );
            return inBox[0]!;
          });
        }),
        { numRuns: 30, seed: 54 },
      );
    },
  );
});

function boxOf({ hosts }: Cluster, inBox: readonly number[], size: number) {
  const cpuAllocatable = hosts.cpuAllocatable[size]!;
  const memoryAllocatable = hosts.memoryAllocatable[size]!;
  const cpu = inBox.map((host) => hosts.cpuFree[host]!);
  const memory = inBox.map((host) => hosts.memoryFree[host]!);
  const sums = cpu.map((free, i) => free / cpuAllocatable + memory[i]! / memoryAllocatable);
  const gaps = cpu.map((free, i) => free / cpuAllocatable - memory[i]! / memoryAllocatable);
  return {
    cpuAllocatable,
    memoryAllocatable,
    cpuFreeMin: Math.min(...cpu),
    cpuFreeMax: Math.max(...cpu),
    memoryFreeMin: Math.min(...memory),
    memoryFreeMax: Math.max(...memory),
    shareSumMin: Math.min(...sums),
    shareSumMax: Math.max(...sums),
    shareGapMin: Math.min(...gaps),
    shareGapMax: Math.max(...gaps),
  };
}
