import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cluster } from '../../src/cluster/cluster.ts';
import { FIRST } from '../../src/placement/tie-rule.ts';
import { FIRST_END_STATE, TASK_STATE } from '../../src/cluster/tasks.ts';
import { GIB, TICKS_PER_CORE } from '../../src/base/units.ts';
import { HOST_STATE, NO_ROW } from '../../src/cluster/hosts.ts';
import { IndexPlacer, isIndexable } from '../../src/placement/index-placer.ts';
import { JOURNAL_LENGTH } from '../../src/cluster/journal.ts';
import { Ledger } from '../../src/cluster/ledger.ts';
import { NO_HOST } from '../../src/placement/policy.ts';
import { ReadyHosts } from '../../src/placement/ready-hosts.ts';
import { ScanPlacer } from '../../src/placement/scan-placer.ts';
import { bestByFilterAndSort } from './filter-and-sort.ts';
import { knownPolicies, placementPolicy } from '../../src/scenario/registry.ts';
import { parsePolicyName } from '../../src/base/policy-name.ts';
import { plainHost } from '../support/plain-host.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import type { HostSet } from '../../src/placement/placer.ts';
import type { PlacementRequest, ScorePolicy } from '../../src/placement/policy.ts';
import type { TaskSpec } from '../../src/cluster/spec.ts';
import type { TieRule } from '../../src/placement/tie-rule.ts';

function policyOf(text: string): ScorePolicy {
  const parsed = parsePolicyName(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return placementPolicy(parsed.value);
}

/** Every policy of the register that an index can run, with its default parameters and those that choose other columns. */
const NAMES = [
  ...(knownPolicies().batch ?? []),
  'best-fit[resource=memory]',
  'worst-fit[resource=memory]',
  'binpack[resource=memory]',
  'spread[field=instance]',
].filter((name) => isIndexable([policyOf(name)], FIRST));

const LISTS = [
  ['spread[field=zone]', 'spread[field=instance]'],
  ['spread[field=instance]', 'spread[field=zone]'],
  ['spread[field=zone]', 'binpack[resource=memory]'],
  ['binpack[resource=memory]', 'spread[field=zone]', 'binpack[resource=cpu]'],
  ['spread[field=instance]', 'binpack[resource=cpu]', 'binpack[resource=memory]'],
  ['spread[field=zone]', 'first-fit'],
  ['least-allocated', 'best-fit', 'spread[field=zone]', 'spread[field=instance]'],
];

/** A policy of one's own whose scores are no integers: larger than any packing, and as good as any other number. */
const fractional: ScorePolicy = {
  name: 'fractional',
  hostLocal: true,
  score: (host, { spec }, { hosts, specs }) =>
    hosts.cpuFree[host]! / 3 - (specs.cpuTicks[spec]! * hosts.memoryFree[host]!) / 7,
};

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

interface Step {
  readonly kind: 'add-host' | 'advance-host' | 'place' | 'end';
  readonly pick: number;
  readonly other: number;
}

function steps(length: number): fc.Arbitrary<Step[]> {
  const kinds = 'add-host advance-host place place place place place place end end end'.split(' ');
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
class World {
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
    if (kind === 'end' && tasks.count > 0) {
      const task = pick % tasks.count;
      const state = tasks.state[task]!;
      if (state !== TASK_STATE.pending && state < FIRST_END_STATE) {
        this.ledger.end(task, FIRST_END_STATE, 1, 0);
      }
    }
  }
}

const SETS: readonly HostSet[] = [
  { cluster: 0, pool: NO_ROW },
  { cluster: 0, pool: 1 },
];

/** Runs the steps; calls `ask` for every placement and binds what it answers. */
function live(
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

/** The index against filter-and-sort, on every set, all along a life. */
function expectTwins(policies: readonly ScorePolicy[], hosts: number, list: readonly Step[]): void {
  let indexes: IndexPlacer[] | undefined;
  live(hosts, list, (world, request) => {
    const { cluster } = world;
    indexes ??= SETS.map((set) => new IndexPlacer(cluster, policies, FIRST, set));
    const answers = SETS.map((set, i) => {
      const best = bestByFilterAndSort(cluster, policies, request, world.readyRows(set));
      const host = indexes![i]!.place(request);
      expect(host).toBe(best[0] ?? NO_HOST);
      return host;
    });
    return answers[0]!;
  });
}

describe('the index agrees with filter-and-sort at every step of any life', () => {
  it('runs these policies', () => expect(NAMES.length).toBeGreaterThanOrEqual(12));

  it.each(NAMES)('%s', (name) => {
    fc.assert(
      fc.property(steps(60), (list) => expectTwins([policyOf(name)], 12, list)),
      { numRuns: 15, seed: 42 },
    );
  });

  it.each(LISTS.map((names) => [names.join(', ')]))('%s', (names) => {
    const policies = names.split(', ').map(policyOf);
    fc.assert(
      fc.property(steps(80), (list) => expectTwins(policies, 20, list)),
      { numRuns: 15, seed: 43 },
    );
  });

  it('a policy of a user with fractional scores, alone and in a list', () => {
    fc.assert(
      fc.property(steps(60), (list) => {
        expectTwins([fractional], 12, list);
        expectTwins([fractional, policyOf('spread[field=zone]')], 12, list);
        expectTwins([policyOf('spread[field=instance]'), fractional], 12, list);
      }),
      { numRuns: 15, seed: 44 },
    );
  });

  it('with 300 hosts, so that the trees have three levels', () => {
    fc.assert(
      fc.property(steps(300), fc.constantFrom(...NAMES), (list, name) =>
        expectTwins([policyOf(name)], 300, list),
      ),
      { numRuns: 12, seed: 45 },
    );
  });
});

/** As many rules of a kind as placers: what a rule keeps is its own. */
const RULES: Readonly<Record<string, () => TieRule>> = {
  first: () => FIRST,
  permuted: () => ({ kind: 'permuted', seed: 42 }),
  next: () => ({ kind: 'next', after: -1 }),
  random: () => {
    let state = 1;
    return {
      kind: 'random',
      draw: () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) / 4_294_967_296,
    };
  },
};

describe('ties', () => {
  it.each(Object.keys(RULES))('%s: the index takes the host that the scan takes', (kind) => {
    const lists = [[], ['spread[field=zone]'], ['least-allocated'], LISTS[0]!, LISTS[3]!];
    for (const hosts of [20, 120]) {
      fc.assert(
        fc.property(steps(100), fc.constantFrom(...lists), (list, names) => {
          const policies = names.map(policyOf);
          const rule = RULES[kind]!();
          let scan: ScanPlacer | undefined;
          let index: IndexPlacer | undefined;
          live(hosts, list, (world, request) => {
            const set = SETS[0]!;
            scan ??= new ScanPlacer(world.cluster, policies, RULES[kind]!());
            index ??= new IndexPlacer(world.cluster, policies, rule, set);
            const host = scan.place(request, world.readyRows(set), world.cluster.hosts);
            expect(index.place(request)).toBe(host);
            return host;
          });
        }),
        { numRuns: 25, seed: 46 },
      );
    }
  });

  it('in pre-order are left to the scan', () => {
    expect(isIndexable([], { kind: 'preorder' })).toBe(false);
    expect(isIndexable([{ name: 'x', score: () => 0 }], FIRST)).toBe(false);
  });

  it('by permutation differ from seed to seed, and do not favour the first rows', () => {
    const world = new World(0);
    for (let i = 0; i < 50; i++) world.add(1 + 1_300 * i);
    const chosen = new Set(
      Array.from({ length: 40 }, (_, seed) =>
        new IndexPlacer(world.cluster, [], { kind: 'permuted', seed }, SETS[0]!).place(
          world.requests[0]!,
        ),
      ),
    );
    // 40 uniform draws from 50 hosts hit 27.7 different ones on average (50 - 50 x 0.98^40).
    expect(chosen.size).toBeGreaterThan(18);
  });
});

describe('what is remembered', () => {
  it('is made anew when the journal has overtaken it', () => {
    const world = new World(30);
    const policies = [policyOf('least-allocated-balanced')];
    const index = new IndexPlacer(world.cluster, policies, FIRST, SETS[0]!);
    const request = world.requests[0]!;
    for (let i = 0; i < 3; i++) world.bind(request, index.place(request));
    const task = 0;
    for (let i = 0; i <= JOURNAL_LENGTH; i++) world.cluster.journal.write(7, task, 0, 0);
    world.ledger.setHostState(index.place(request), HOST_STATE.draining, 0);
    for (let i = 0; i <= JOURNAL_LENGTH; i++) world.cluster.journal.write(7, task, 0, 0);
    const best = bestByFilterAndSort(world.cluster, policies, request, world.readyRows(SETS[0]!));
    expect(index.place(request)).toBe(best[0]);
  });

  it('does not matter: after a restore a new index answers as the old one', () => {
    fc.assert(
      fc.property(steps(80), fc.constantFrom(...LISTS), (list, names) => {
        const policies = names.map(policyOf);
        let index: IndexPlacer | undefined;
        live(20, list, (world, request) => {
          index ??= new IndexPlacer(world.cluster, policies, FIRST, SETS[0]!);
          const host = index.place(request);
          const other = new World(0).cluster;
          other.restore(world.cluster.save());
          const again = new IndexPlacer(other, policies, FIRST, SETS[0]!);
          // The first time it scans, the second time it has an index.
          for (let i = 0; i < 2; i++) expect(again.place(request)).toBe(host);
          return host;
        });
      }),
      { numRuns: 5, seed: 47 },
    );
  });

  it('requests that never come again are scanned and give the same hosts', () => {
    const world = new World(100);
    const policies = [policyOf('best-fit')];
    const index = new IndexPlacer(world.cluster, policies, FIRST, SETS[0]!);
    for (let i = 1; i <= 300; i++) {
      const wish = plainTaskSpec('w-0', 'service', i * 1_000, i * 1_000);
      const request = { spec: world.cluster.specs.rowOf(wish), workload: 0 };
      const best = bestByFilterAndSort(world.cluster, policies, request, world.readyRows(SETS[0]!));
      expect(index.place(request)).toBe(best[0] ?? NO_HOST);
      if (best.length > 0) world.bind(request, best[0]!);
    }
  });

  it.each([['first-fit'], ['best-fit']])(
    'is given up for other requests when there are more than 1,024: %s',
    (name) => {
      const world = new World(40);
      const policies = [policyOf(name)];
      const index = new IndexPlacer(world.cluster, policies, FIRST, SETS[0]!);
      const requests = Array.from({ length: 1_100 }, (_, i) => {
        const wish = plainTaskSpec('w-0', 'service', 1_000 + i * 400, 1_000 * (i % 37));
        return { spec: world.cluster.specs.rowOf(wish), workload: 0 };
      });
      // Twice in a row, so that each is remembered; two rounds, so that each is remembered anew under another number.
      for (let ask = 0; ask < 4 * requests.length; ask++) {
        const request = requests[(ask >> 1) % requests.length]!;
        const [best] = bestByFilterAndSort(
          world.cluster,
          policies,
          request,
          world.readyRows(SETS[0]!),
        );
        expect(index.place(request)).toBe(best ?? NO_HOST);
        if (ask % 40 === 0 && best !== undefined) world.bind(request, best);
      }
    },
  );
});
