import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIRST } from '../../src/placement/tie-rule.ts';
import { HOST_STATE } from '../../src/cluster/hosts.ts';
import { IndexPlacer, isIndexable } from '../../src/placement/index-placer.ts';
import { JOURNAL_LENGTH } from '../../src/cluster/journal.ts';
import { NO_HOST } from '../../src/placement/policy.ts';
import { ScanPlacer } from '../../src/placement/scan-placer.ts';
import { bestByFilterAndSort } from './filter-and-sort.ts';
import { SETS, World, live, policyOf, steps } from './index-world.ts';
import { knownPolicies } from '../../src/scenario/registry.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import type { ScorePolicy } from '../../src/placement/policy.ts';
import type { Step } from './index-world.ts';
import { TIE_RULES } from './tie-rules.ts';

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

describe('ties', () => {
  it.each(Object.keys(TIE_RULES))('%s: the index takes the host that the scan takes', (kind) => {
    const lists = [[], ['spread[field=zone]'], ['least-allocated'], LISTS[0]!, LISTS[3]!];
    for (const hosts of [20, 120]) {
      fc.assert(
        fc.property(steps(100), fc.constantFrom(...lists), (list, names) => {
          const policies = names.map(policyOf);
          const rule = TIE_RULES[kind]!();
          let scan: ScanPlacer | undefined;
          let index: IndexPlacer | undefined;
          live(hosts, list, (world, request) => {
            const set = SETS[0]!;
            scan ??= new ScanPlacer(world.cluster, policies, TIE_RULES[kind]!());
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
    for (let i = 0; i <= JOURNAL_LENGTH; i++) world.cluster.journal.write(7, task, 0, 1 + i);
    world.ledger.setHostState(index.place(request), HOST_STATE.draining, 0);
    for (let i = 0; i <= JOURNAL_LENGTH; i++) world.cluster.journal.write(7, task, 0, 1 + i);
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
