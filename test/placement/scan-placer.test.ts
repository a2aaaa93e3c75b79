import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cluster } from '../../src/cluster/cluster.ts';
import { GIB, TICKS_PER_CORE } from '../../src/base/units.ts';
import { HOST_STATE, NO_ROW } from '../../src/cluster/hosts.ts';
import { Ledger } from '../../src/cluster/ledger.ts';
import { FIRST } from '../../src/placement/tie-rule.ts';
import { LedgerDriver, operations } from '../support/ledger-driver.ts';
import { NO_HOST } from '../../src/placement/policy.ts';
import { ScanPlacer } from '../../src/placement/scan-placer.ts';
import { Streams } from '../../src/random/streams.ts';
import { bestByFilterAndSort } from './filter-and-sort.ts';
import { knownPolicies, placementPolicy } from '../../src/scenario/registry.ts';
import { parsePolicyName } from '../../src/base/policy-name.ts';
import { plainHost } from '../support/plain-host.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import type { ScorePolicy } from '../../src/placement/policy.ts';

function policyOf(text: string): ScorePolicy {
  const parsed = parsePolicyName(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return placementPolicy(parsed.value, [], () => MIX);
}

/** For policies that want to know the workload. */
const MIX = [
  { spec: { ...plainTaskSpec('share', 'job', 1, 1), gpuCount: 1, gpuMilli: 300 }, count: 2 },
  { spec: { ...plainTaskSpec('pair', 'job', 1, 1), gpuCount: 2, gpuMilli: 1_000 }, count: 1 },
];

/** Every policy of the register with every value of its parameters. */
const NAMES = [
  'first-fit',
  'random',
  ...['best-fit', 'worst-fit', 'binpack'].flatMap((name) => [
    `${name}[resource=cpu]`,
    `${name}[resource=memory]`,
  ]),
  'spread[field=zone]',
  'spread[field=instance]',
  'least-allocated',
  'most-allocated',
  ...['least-allocated-balanced', 'balanced-allocation'].flatMap((name) => [
    name,
    `${name}[version=1.35]`,
  ]),
  'requested-to-capacity-ratio',
  'requested-to-capacity-ratio[shape=0:10-100:0]',
  'requested-to-capacity-ratio[shape=0:0-75:10-100:0,cpu=3]',
  'requested-to-capacity-ratio[memory=5]',
  'next-fit',
  'alignment',
  'dot-product',
  'dot-product[memory-per-core=8GiB]',
  'fgd',
  'gpu-best-fit',
  'gpu-clustering',
  'gpu-dot-product',
  'gpu-packing',
];

const lists = fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 });

function aLife(list: Parameters<LedgerDriver['apply']>[0][]): LedgerDriver {
  const driver = new LedgerDriver();
  for (const operation of list) driver.apply(operation);
  return driver;
}

function allHosts({ hosts }: Cluster): number[] {
  return Array.from({ length: hosts.count }, (_, host) => host);
}

it('the names above cover the register', () => {
  const bases = new Set(NAMES.map((name) => name.split('[')[0]));
  expect(bases).toEqual(new Set(knownPolicies().batch));
});

describe('the scanning placer', () => {
  it.each(NAMES)('agrees with filter-and-sort on any cluster: %s', (name) => {
    const policy = policyOf(name);
    fc.assert(
      fc.property(operations(60), fc.nat(4), (list, workload) => {
        const { cluster } = aLife(list);
        const request = { spec: cluster.workloads.spec[workload]!, workload };
        const hosts = allHosts(cluster);
        const best = bestByFilterAndSort(cluster, [policy], request, hosts);
        const placer = new ScanPlacer(cluster, [policy], FIRST);
        expect(placer.place(request, hosts, cluster.hosts)).toBe(best[0] ?? NO_HOST);
      }),
      { numRuns: 60, seed: 42 },
    );
  });

  it('takes each further policy of a list as a tie-break of those before', () => {
    let ties = 0;
    fc.assert(
      fc.property(operations(60), lists, fc.nat(4), (list, names, workload) => {
        const { cluster } = aLife(list);
        const policies = names.map(policyOf);
        const request = { spec: cluster.workloads.spec[workload]!, workload };
        const hosts = allHosts(cluster);
        const placer = new ScanPlacer(cluster, policies, FIRST);
        // Twice: a used placer answers as a new one.
        for (const round of [0, 1]) {
          const best = bestByFilterAndSort(cluster, policies, request, hosts);
          if (round === 0 && best.length > 1) ties++;
          expect(placer.place(request, hosts, cluster.hosts)).toBe(best[0] ?? NO_HOST);
        }
        expect(placer.place(request, [], cluster.hosts)).toBe(NO_HOST);
      }),
      { numRuns: 300, seed: 43 },
    );
    expect(ties).toBeGreaterThan(20);
  });

  it('with drawn ties always takes one of the best', () => {
    const draws = new Streams(42).open('ties');
    fc.assert(
      fc.property(operations(60), lists, fc.nat(4), (list, names, workload) => {
        const { cluster } = aLife(list);
        const policies = names.map(policyOf);
        const request = { spec: cluster.workloads.spec[workload]!, workload };
        const hosts = allHosts(cluster);
        const best = bestByFilterAndSort(cluster, policies, request, hosts);
        const placer = new ScanPlacer(cluster, policies, {
          kind: 'random',
          draw: () => draws.next(),
        });
        const expected = best.length === 0 ? [NO_HOST] : best;
        expect(expected).toContain(placer.place(request, hosts, cluster.hosts));
      }),
      { numRuns: 200, seed: 44 },
    );
  });
});

/** Hosts of the small worlds: cores, GiB, zone. */
const SHAPES = [
  [2, 8, 0],
  [4, 4, 1],
  [4, 8, 0],
] as const;
/** Tasks of the small worlds: cores, GiB, workload. */
const SIZES = [
  [1, 1, 0],
  [2, 4, 0],
  [1, 4, 1],
  [3, 2, 1],
] as const;

function smallWorld(hostCount: number): { cluster: Cluster; ledger: Ledger } {
  const cluster = new Cluster(['a', 'b'], ['main'], ['batch']);
  const ledger = new Ledger(cluster);
  const pool = {
    name: 'pool',
    cluster: 0,
    kind: 'external',
    instanceTypes: [],
    spot: false,
  } as const;
  cluster.pools.add({ ...pool, labels: {}, taints: [], workloads: [] }, 0, 0, 0);
  for (const name of ['x', 'y']) cluster.workloads.add(name, 'job', 0, 0);
  for (const [cores, gib, zone] of SHAPES.slice(0, hostCount)) {
    const cpu = cores * TICKS_PER_CORE;
    const host = ledger.addHost(
      plainHost({ zone, cpuAllocatableTicks: cpu, memoryAllocatableBytes: gib * GIB }),
      0,
    );
    ledger.setHostState(host, HOST_STATE.running, 0);
    ledger.setHostState(host, HOST_STATE.ready, 0);
  }
  return { cluster, ledger };
}

/** All sequences of up to four different tasks. */
function orders(): number[][] {
  const all: number[][] = [];
  const extend = (order: number[]): void => {
    if (order.length > 0) all.push(order);
    for (let task = 0; task < SIZES.length; task++) {
      if (!order.includes(task)) extend([...order, task]);
    }
  };
  extend([]);
  return all;
}

describe('small worlds, tried completely', () => {
  // 4 + 4x3 + 4x3x2 + 4x3x2x1 = 4 + 12 + 24 + 24
  it('has 64 orders of up to four tasks', () => expect(orders()).toHaveLength(64));

  it.each(NAMES)('%s agrees with filter-and-sort in every order on 1 to 3 hosts', (name) => {
    const policy = policyOf(name);
    for (const hostCount of [1, 2, 3]) {
      for (const order of orders()) {
        const { cluster, ledger } = smallWorld(hostCount);
        const placer = new ScanPlacer(cluster, [policy], FIRST);
        for (const size of order) {
          const [cores, gib, workload] = SIZES[size]!;
          const wish = plainTaskSpec(`size-${size}`, 'job', cores * TICKS_PER_CORE, gib * GIB);
          const request = { spec: cluster.specs.rowOf(wish), workload };
          const hosts = allHosts(cluster);
          const best = bestByFilterAndSort(cluster, [policy], request, hosts)[0] ?? NO_HOST;
          const host = placer.place(request, hosts, cluster.hosts);
          expect(host, `task ${size} in the order ${order.join()} on ${hostCount} hosts`).toBe(
            best,
          );
          if (host === NO_HOST) continue;
          const task = { ...request, replaces: NO_ROW, durationUs: 1, workTickUs: 0 };
          if (ledger.bind(ledger.addTask(task, NO_ROW, 0), host, 0) !== undefined) {
            throw new Error(`${name} chose host ${host}, which cannot take task ${size}`);
          }
        }
      }
    }
  });
});

it('a drawn tie is uniform over the equal hosts (chi-square, 8 hosts, 20,000 draws)', () => {
  const { cluster, ledger } = smallWorld(0);
  for (let host = 0; host < 8; host++) {
    ledger.addHost(plainHost(), 0);
    ledger.setHostState(host, HOST_STATE.ready, 0);
  }
  const spec = cluster.specs.rowOf(plainTaskSpec('x', 'job', 1, 1));
  const draws = new Streams(42).open('ties');
  const placer = new ScanPlacer(cluster, [], { kind: 'random', draw: () => draws.next() });
  const counts = new Int32Array(8);
  const hosts = allHosts(cluster);
  for (let i = 0; i < 20_000; i++) {
    counts[placer.place({ spec, workload: 0 }, hosts, cluster.hosts)]!++;
  }
  const expected = 20_000 / 8;
  const statistic = counts.reduce(
    (sum, n) => sum + ((n - expected) * (n - expected)) / expected,
    0,
  );
  // The 0.001 and 0.999 points of chi-square with 7 degrees of freedom.
  expect(statistic).toBeGreaterThan(0.6);
  expect(statistic).toBeLessThan(24.3);
});
