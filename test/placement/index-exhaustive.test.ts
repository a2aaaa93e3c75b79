/** Every order of at most four placements and endings on at most three hosts, under every policy of the benchmark. */

import { describe, expect, it } from 'vitest';
import { CONTESTANTS } from '../../bench/placement/contestants.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { FIRST } from '../../src/placement/tie-rule.ts';
import { FIRST_END_STATE } from '../../src/cluster/tasks.ts';
import { GIB, TICKS_PER_CORE } from '../../src/base/units.ts';
import { HOST_STATE, NO_ROW } from '../../src/cluster/hosts.ts';
import { IndexPlacer } from '../../src/placement/index-placer.ts';
import { Ledger } from '../../src/cluster/ledger.ts';
import { NO_HOST } from '../../src/placement/policy.ts';
import { bestByFilterAndSort } from './filter-and-sort.ts';
import { plainHost } from '../support/plain-host.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import type { PlacementRequest, ScorePolicy } from '../../src/placement/policy.ts';
import type { TieRule } from '../../src/placement/tie-rule.ts';

const STEPS = 4;
const HOSTS_MAX = 3;
/** Cores and GiB of the hosts, and of the requests: balanced, heavy on CPU, heavy on memory. */
const HOSTS = [
  [2, 4],
  [4, 4],
] as const;
const REQUESTS = [
  [1, 1],
  [2, 1],
  [1, 3],
] as const;

/** All sequences of at most `length` hosts. */
function clusters(length: number): (readonly (readonly [number, number])[])[] {
  if (length === 0) return [[]];
  const shorter = clusters(length - 1);
  const longest = shorter.filter((one) => one.length === length - 1);
  return [...shorter, ...longest.flatMap((one) => HOSTS.map((host) => [...one, host]))];
}

class SmallWorld {
  readonly cluster = new Cluster(['a', 'b'], ['main'], ['ecs']);
  readonly ledger = new Ledger(this.cluster);
  readonly requests: readonly PlacementRequest[];
  readonly rows: readonly number[];
  checks = 0;
  private readonly policies: readonly ScorePolicy[];
  private readonly ties: TieRule;
  private readonly index: IndexPlacer;

  constructor(
    shapes: readonly (readonly [number, number])[],
    policies: readonly ScorePolicy[],
    ties: TieRule,
  ) {
    const { pools, workloads, specs } = this.cluster;
    const parts = { kind: 'asg', instanceTypes: [], spot: false, labels: {}, taints: [] } as const;
    pools.add({ ...parts, name: 'pool', cluster: 0, workloads: [] }, 0, 10, 0);
    this.requests = REQUESTS.map(([cores, gib], i) => {
      const spec = specs.rowOf(
        plainTaskSpec(`w-${i}`, 'service', cores * TICKS_PER_CORE, gib * GIB),
      );
      return { spec, workload: workloads.add(`w-${i}`, 'service', 0, spec) };
    });
    this.rows = shapes.map(([cores, gib], zone) => {
      const size = {
        cpuAllocatableTicks: cores * TICKS_PER_CORE,
        memoryAllocatableBytes: gib * GIB,
      };
      const host = this.ledger.addHost(plainHost({ ...size, zone: zone % 2 }), 0);
      for (const state of [HOST_STATE.running, HOST_STATE.ready]) {
        this.ledger.setHostState(host, state, 0);
      }
      return host;
    });
    this.policies = policies;
    this.ties = ties;
    this.index = new IndexPlacer(this.cluster, policies, ties, { cluster: 0, pool: NO_ROW });
  }

  /**
   * Asks for every request, then takes every next step in turn and takes it back. Answers the rows of the same tasks: one that
   * was ended and is there again has another.
   */
  walk(left: number, running: readonly number[]): readonly number[] {
    const best = this.requests.map((request) => this.ask(request));
    if (left === 0) return running;
    let now = running;
    for (const [i, request] of this.requests.entries()) {
      if (best[i] === undefined) continue;
      const more = this.walk(left - 1, [...now, this.place(request, best[i])]);
      this.ledger.end(more.at(-1)!, FIRST_END_STATE, 1, 0);
      now = more.slice(0, -1);
    }
    for (let i = 0; i < now.length; i++) {
      const { tasks } = this.cluster;
      const task = now[i]!;
      const [spec, workload, host] = [tasks.spec[task]!, tasks.workload[task]!, tasks.host[task]!];
      this.ledger.end(task, FIRST_END_STATE, 1, 0);
      const others = this.walk(left - 1, now.toSpliced(i, 1));
      now = others.toSpliced(i, 0, this.place({ spec, workload }, host));
    }
    return now;
  }

  private ask(request: PlacementRequest): number | undefined {
    const best = bestByFilterAndSort(this.cluster, this.policies, request, this.rows);
    const host = this.index.place(request);
    this.checks++;
    if (this.ties.kind === 'random') expect(best.length === 0 ? [NO_HOST] : best).toContain(host);
    else expect(host).toBe(best[0] ?? NO_HOST);
    return best.length === 0 ? undefined : host;
  }

  private place(request: PlacementRequest, host: number): number {
    const task = { ...request, replaces: NO_ROW, durationUs: 1, workTickUs: 0 };
    const row = this.ledger.addTask(task, NO_ROW, 0);
    expect(this.ledger.bind(row, host, 0)).toBeUndefined();
    return row;
  }
}

function tieRule(isRandom: boolean): TieRule {
  let state = 1;
  const draw = (): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32;
  return isRandom ? { kind: 'random', draw } : FIRST;
}

describe('every order of four steps on at most three hosts', () => {
  it('has 15 clusters', () => expect(clusters(HOSTS_MAX)).toHaveLength(15));

  it.each(CONTESTANTS.map((contestant) => [contestant.name, contestant] as const))(
    '%s: the index chooses as filter-and-sort does',
    (_, { policies, scan }) => {
      let checks = 0;
      for (const shapes of clusters(HOSTS_MAX)) {
        const world = new SmallWorld(shapes, policies, tieRule(scan === 'random'));
        world.walk(STEPS, []);
        checks += world.checks;
      }
      // Three questions a state; one host of two cores alone has a dozen states, three hosts have hundreds.
      expect(checks).toBeGreaterThan(3_000);
    },
  );
});
