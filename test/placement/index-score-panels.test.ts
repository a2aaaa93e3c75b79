import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Cluster } from '../../src/cluster/cluster.ts';
import { FIRST } from '../../src/placement/tie-rule.ts';
import { FIRST_END_STATE, TASK_STATE } from '../../src/cluster/tasks.ts';
import { GIB, TICKS_PER_CORE } from '../../src/base/units.ts';
import { HOST_STATE, NO_ROW } from '../../src/cluster/hosts.ts';
import { HostClasses } from '../../src/placement/index/host-classes.ts';
import { HostSlots } from '../../src/placement/index/host-slots.ts';
import { IndexPlacer } from '../../src/placement/index-placer.ts';
import { Ledger } from '../../src/cluster/ledger.ts';
import { NO_HOST } from '../../src/placement/policy.ts';
import { SETS, live, policyOf, steps } from './index-world.ts';
import { ScorePanels } from '../../src/placement/index/score-panels.ts';
import { ScoreRows } from '../../src/placement/index/score-rows.ts';
import { bestByFilterAndSort } from './filter-and-sort.ts';
import { newPanelKernel } from '../../src/placement/wasm/panel-kernel.ts';
import { plainHost } from '../support/plain-host.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import { rankingOf } from '../../src/placement/index/ranking-of.ts';
import type { PlacementRequest, ScorePolicy } from '../../src/placement/policy.ts';

/** Policies that a panel ranks for: every formula, and scores that are the same for all requests, in codes of each width. */
const NAMES = [
  'least-allocated',
  'most-allocated',
  'balanced-allocation[version=1.36]',
  'balanced-allocation[version=1.35]',
  'least-allocated-balanced[version=1.36]',
  'least-allocated-balanced[version=1.35]',
  'best-fit[resource=cpu]',
  'worst-fit[resource=memory]',
  'binpack[resource=cpu]',
  'binpack[resource=memory]',
];

/** The same policy for an index that knows nothing but its score. */
function undeclared(policy: ScorePolicy): ScorePolicy {
  return { name: policy.name, hostLocal: true, score: (...asked) => policy.score(...asked) };
}

afterEach(() => vi.unstubAllGlobals());

describe('panels of scores give the host that rows of scores give and that filter-and-sort gives', () => {
  it.each(NAMES)('%s, in a cluster that grows, drains and shrinks', (name) => {
    const policy = policyOf(name);
    fc.assert(
      fc.property(steps(120), (list) => {
        let panels: IndexPlacer | undefined;
        let rows: IndexPlacer | undefined;
        live(70, list, (world, request) => {
          panels ??= new IndexPlacer(world.cluster, [policy], FIRST, SETS[0]!);
          rows ??= new IndexPlacer(world.cluster, [undeclared(policy)], FIRST, SETS[0]!);
          const ready = world.readyRows(SETS[0]!);
          const [best] = bestByFilterAndSort(world.cluster, [policy], request, ready);
          const host = panels.place(request);
          expect(host).toBe(best ?? NO_HOST);
          expect(rows.place(request)).toBe(host);
          return host;
        });
      }),
      { numRuns: 6, seed: 51 },
    );
  });
});

/** Hosts and requests of any size, odd bytes and nothing at all included; every request is asked for at every step. */
class OddWorld {
  readonly cluster = new Cluster(['a'], ['main'], ['ecs']);
  readonly ledger = new Ledger(this.cluster);
  readonly requests: PlacementRequest[];

  constructor(hosts: readonly OddSize[], wishes: readonly OddSize[]) {
    const { pools, workloads, specs } = this.cluster;
    const parts = { kind: 'asg', instanceTypes: [], spot: false, labels: {}, taints: [] } as const;
    pools.add({ ...parts, name: 'pool', cluster: 0, workloads: [] }, 0, 10, 0);
    this.requests = wishes.map(({ cpu, memory }, i) => {
      const spec = specs.rowOf(plainTaskSpec(`w-${i}`, 'service', cpu, memory));
      return { spec, workload: workloads.add(`w-${i}`, 'service', 0, spec) };
    });
    for (const size of hosts) this.add(size);
  }

  add({ cpu, memory }: OddSize): void {
    const size = { cpuAllocatableTicks: cpu, memoryAllocatableBytes: memory, slots: 5 };
    const host = this.ledger.addHost(plainHost(size), 0);
    for (const state of [HOST_STATE.running, HOST_STATE.ready]) {
      this.ledger.setHostState(host, state, 0);
    }
  }

  bind(request: PlacementRequest, host: number): void {
    const task = { ...request, replaces: NO_ROW, durationUs: 1, workTickUs: 0 };
    expect(this.ledger.bind(this.ledger.addTask(task, NO_ROW, 0), host, 0)).toBeUndefined();
  }

  endSome(every: number): void {
    const { tasks } = this.cluster;
    for (let task = every; task < tasks.count; task += every) {
      const state = tasks.state[task]!;
      if (state !== TASK_STATE.pending && state < FIRST_END_STATE) {
        this.ledger.end(task, FIRST_END_STATE, 1, 0);
      }
    }
  }

  get ready(): readonly number[] {
    const { hosts } = this.cluster;
    return Array.from({ length: hosts.count }, (_, host) => host);
  }
}

interface OddSize {
  readonly cpu: number;
  readonly memory: number;
}

function sizes(cpuMax: number, memoryMax: number): fc.Arbitrary<OddSize> {
  const cpu = fc.oneof(
    fc.constant(0),
    fc.nat(cpuMax),
    fc.nat(cpuMax >> 7).map((milli) => milli * 128),
  );
  const memory = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: memoryMax }));
  return fc.record({ cpu, memory });
}

describe('bit by bit', () => {
  // 24 TiB is the largest instance there is.
  const hosts = fc.array(sizes(64 * TICKS_PER_CORE, 24_576 * GIB), {
    minLength: 30,
    maxLength: 90,
  });
  const wishes = fc.array(sizes(8 * TICKS_PER_CORE, 64 * GIB), { minLength: 40, maxLength: 40 });

  it.each(NAMES)('%s, for hosts and requests of odd sizes and of none', (name) => {
    const policy = policyOf(name);
    fc.assert(
      fc.property(
        hosts,
        wishes,
        fc.array(fc.nat(39), { minLength: 12, maxLength: 12 }),
        (...drawn) => {
          const world = new OddWorld(drawn[0], drawn[1]);
          const index = new IndexPlacer(world.cluster, [policy], FIRST, SETS[0]!);
          const expectTwins = (request: PlacementRequest): number | undefined => {
            const [best] = bestByFilterAndSort(world.cluster, [policy], request, world.ready);
            // New, then remembered.
            for (let i = 0; i < 2; i++) expect(index.place(request)).toBe(best ?? NO_HOST);
            return best;
          };
          for (const [step, pick] of drawn[2].entries()) {
            world.requests.forEach(expectTwins);
            const request = world.requests[pick]!;
            const best = expectTwins(request);
            if (best !== undefined) world.bind(request, best);
            if (step % 5 === 4) world.endSome(2);
            // As many again, so that the slots are numbered anew.
            if (step === 8) drawn[0].forEach((size) => world.add(size));
          }
        },
      ),
      { numRuns: 4, seed: 52 },
    );
  });
});

/** A ranking with its parts, for a policy of one's own. */
function panelsOf(score: ScorePolicy['score']) {
  const world = new OddWorld(
    Array.from({ length: 20 }, (_, i) => ({ cpu: (i + 1) * TICKS_PER_CORE, memory: 64 * GIB })),
    [{ cpu: TICKS_PER_CORE, memory: GIB }],
  );
  const policy: ScorePolicy = { name: 'own', hostLocal: true, sameForAllRequests: true, score };
  const { cluster } = world;
  const classes = new HostClasses(cluster);
  const slots = new HostSlots(cluster, classes);
  for (let host = 0; host < cluster.hosts.count; host++) slots.add(host);
  slots.settle();
  const rows = new ScoreRows(cluster, [policy], slots, classes);
  const known = { ...world.requests[0]!, number: 0 };
  const requests = { at: (number: number) => (number === 0 ? known : undefined) };
  return { cluster, policy, classes, slots, rows, known, requests };
}

describe('rows of scores take over', () => {
  it('where there is no WebAssembly', () => {
    const { cluster, policy, slots, classes, requests } = panelsOf(() => 0);
    expect(rankingOf(cluster, [policy], slots, classes, requests)).toBeInstanceOf(ScorePanels);
    vi.stubGlobal('WebAssembly', undefined);
    expect(rankingOf(cluster, [policy], slots, classes, requests)).toBeInstanceOf(ScoreRows);
  });

  it('for lists, and for policies that declare nothing', () => {
    const { cluster, policy, slots, classes, requests } = panelsOf(() => 0);
    expect(rankingOf(cluster, [policy, policy], slots, classes, requests)).toBeInstanceOf(
      ScoreRows,
    );
    expect(rankingOf(cluster, [undeclared(policy)], slots, classes, requests)).toBeInstanceOf(
      ScoreRows,
    );
  });

  it.each([
    ['are no integers', (host: number) => host / 3],
    ['differ by more than 32 bits tell', (host: number) => 1 + host * 1_000_000_007],
  ])('when scores %s', (_, score) => {
    const { cluster, policy, slots, classes, rows, known, requests } = panelsOf(score);
    const panels = new ScorePanels(
      cluster,
      policy,
      slots,
      classes,
      requests,
      newPanelKernel()!,
      rows,
    );
    expect([panels.rank(known), panels.firstBest(0), panels.isBest(19)]).toEqual([true, 19, true]);
  });

  it('when the memory does not grow', () => {
    const { cluster, policy, slots, classes, rows, known, requests } = panelsOf((host) => host % 7);
    const memory = {
      buffer: new ArrayBuffer(0),
      grow: (): number => {
        throw new RangeError('no more memory');
      },
    };
    const kernel = { ...newPanelKernel()!, memory };
    const panels = new ScorePanels(cluster, policy, slots, classes, requests, kernel, rows);
    // Hosts 6 and 13 score 6.
    expect([panels.rank(known), panels.firstBest(0), panels.firstBest(7)]).toEqual([true, 6, 13]);
  });
});

it('scores outside the range seen so far get wider codes', () => {
  let factor = 1;
  const parts = panelsOf((host) => factor * (host % 5));
  const { cluster, policy, slots, classes, rows, known, requests } = parts;
  const panels = new ScorePanels(
    cluster,
    policy,
    slots,
    classes,
    requests,
    newPanelKernel()!,
    rows,
  );
  for (factor of [1, 3, 200, 7_001, 100_003]) {
    for (let host = 0; host < cluster.hosts.count; host++) slots.touch(host);
    expect(panels.rank(known)).toBe(true);
    // Hosts 4, 9, 14 and 19 score most.
    expect([panels.firstBest(0), panels.firstBest(5), panels.firstBest(15)]).toEqual([4, 9, 19]);
    expect([panels.isBest(14), panels.isBest(13)]).toEqual([true, false]);
  }
});
