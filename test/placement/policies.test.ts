import { describe, expect, it } from 'vitest';
import { Cluster } from '../../src/cluster/cluster.ts';
import { GIB, MIB, TICKS_PER_MILLI } from '../../src/base/units.ts';
import { HOST_STATE, NO_ROW } from '../../src/cluster/hosts.ts';
import { Ledger } from '../../src/cluster/ledger.ts';
import {
  balancedScore,
  leastAllocated,
  leastAllocatedBalanced,
  leastAllocatedScore,
  mostAllocated,
} from '../../src/placement/policies/kubernetes-resources.ts';
import { bestFit, worstFit } from '../../src/placement/policies/best-fit.ts';
import { binpack } from '../../src/placement/policies/binpack.ts';
import { plainHost } from '../support/plain-host.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import { spread } from '../../src/placement/policies/spread.ts';

class Bench {
  readonly cluster = new Cluster(['a', 'b'], ['main'], ['kubernetes']);
  readonly ledger = new Ledger(this.cluster);

  constructor() {
    const pool = { name: 'pool', cluster: 0, kind: 'asg', instanceTypes: [], spot: false } as const;
    this.cluster.pools.add({ ...pool, labels: {}, taints: [], workloads: [] }, 0, 0, 0);
    for (const name of ['web', 'other']) this.cluster.workloads.add(name, 'service', 0, 0);
  }

  /** A ready host with so much allocatable, of which a task of `other` holds a part. */
  host(milli: number, memoryBytes: number, usedMilli = 0, usedBytes = 0, zone = 0): number {
    const host = this.ledger.addHost(
      plainHost({
        zone,
        cpuAllocatableTicks: milli * TICKS_PER_MILLI,
        memoryAllocatableBytes: memoryBytes,
        slots: 100,
      }),
      0,
    );
    this.ledger.setHostState(host, HOST_STATE.ready, 0);
    if (usedMilli > 0 || usedBytes > 0) this.bind(1, host, usedMilli, usedBytes);
    return host;
  }

  request(workload: number, milli: number, memoryBytes: number) {
    const spec = plainTaskSpec('t', 'service', milli * TICKS_PER_MILLI, memoryBytes);
    return { spec: this.cluster.specs.rowOf(spec), workload };
  }

  bind(workload: number, host: number, milli = 0, memoryBytes = 0): void {
    const request = this.request(workload, milli, memoryBytes);
    const task = { ...request, replaces: NO_ROW, durationUs: 1, workTickUs: 0 };
    const refusal = this.ledger.bind(this.ledger.addTask(task, NO_ROW, 0), host, 0);
    if (refusal !== undefined) throw new Error(`the bench cannot bind: ${refusal}`);
  }
}

// A node of m6i.xlarge size, kubernetes.md 6.
const CPU = 3_920;
const MEMORY = 15 * GIB;

describe("kube-scheduler's resource scores, worked values of kubernetes.md 6", () => {
  it('LeastAllocated gives 97 to the smallest pod on an empty node', () => {
    const bench = new Bench();
    const host = bench.host(CPU, MEMORY);
    // cpu (3920 - 100) x 100 div 3920 = 97, memory (15360 - 200) x 100 div 15360 = 98, mean 195 div 2 = 97.
    const stated = bench.request(0, 100, 200 * MIB);
    expect(leastAllocatedScore(host, stated, bench.cluster)).toBe(97);
    // A pod without requests counts as 100 m and 200 MiB.
    expect(leastAllocatedScore(host, bench.request(0, 0, 0), bench.cluster)).toBe(97);
  });

  it('LeastAllocated gives 70 and MostAllocated 29 to 1500 m and 3 GiB', () => {
    const bench = new Bench();
    const host = bench.host(CPU, MEMORY, 1_000, 2 * GIB);
    const request = bench.request(0, 500, GIB);
    // cpu 2420 x 100 div 3920 = 61, memory 12 x 100 div 15 = 80, mean 141 div 2 = 70.
    expect(leastAllocated.create({}).score(host, request, bench.cluster)).toBe(70);
    // cpu 1500 x 100 div 3920 = 38, memory 3 x 100 div 15 = 20, mean 58 div 2 = 29.
    expect(mostAllocated.create({}).score(host, request, bench.cluster)).toBe(29);
  });

  it('LeastAllocated gives 0 for a resource that would be overdrawn, MostAllocated 100', () => {
    const bench = new Bench();
    // 50 m are left, but a pod without a request counts as 100 m: 4000 m of 3950 m.
    const host = bench.host(3_950, MEMORY, 3_900, 0);
    const request = bench.request(0, 0, 3 * GIB);
    // cpu 0, memory 12 x 100 div 15 = 80, mean 40; most: (100 + 20) div 2 = 60.
    expect(leastAllocatedScore(host, request, bench.cluster)).toBe(40);
    expect(mostAllocated.create({}).score(host, request, bench.cluster)).toBe(60);
  });

  it.each([
    // with: |1500/3920 - 3/15| / 2 = 0.091 -> 90; without: |1000/3920 - 2/15| / 2 = 0.061 -> 93;
    // 50 + (50 + 90 - 93) div 2 = 50 + 47 div 2 = 73.
    [1_000, 2, 500, 1, 73],
    // with: |2100/3920 - 6/15| / 2 = 0.068 -> 93; without: |2000/3920 - 2/15| / 2 = 0.188 -> 81;
    // 50 + (50 + 93 - 81) div 2 = 50 + 62 div 2 = 81.
    [2_000, 2, 100, 4, 81],
    // with: |2000/3920 - 1/15| / 2 = 0.222 -> 77; without: 100; 50 + (50 + 77 - 100) div 2 = 63.
    [0, 0, 2_000, 1, 63],
  ])(
    'BalancedAllocation 1.36 with %d m and %d GiB in use, pod %d m and %d GiB: %d',
    (usedMilli, usedGib, milli, gib, score) => {
      const bench = new Bench();
      const host = bench.host(CPU, MEMORY, usedMilli, usedGib * GIB);
      const request = bench.request(0, milli, gib * GIB);
      expect(balancedScore(host, request, bench.cluster)).toBe(score);
      const both = leastAllocatedBalanced.create({}).score(host, request, bench.cluster);
      expect(both).toBe(score + leastAllocatedScore(host, request, bench.cluster));
    },
  );

  it('BalancedAllocation counts a request of 0 as 0: every node is neutral', () => {
    const bench = new Bench();
    const host = bench.host(CPU, MEMORY, 2_000, 2 * GIB);
    // with = without, so 50 + 50 div 2 = 75.
    expect(balancedScore(host, bench.request(0, 0, 0), bench.cluster)).toBe(75);
  });

  it('counts CPU in whole milli-cores, rounded up', () => {
    const bench = new Bench();
    const host = bench.host(100, MEMORY);
    // One ECS unit is 125 of 128 ticks of a milli-core: it counts as 1 m, so (100 - 1) x 100 div 100 = 99.
    const spec = { ...plainTaskSpec('t', 'service', 125, MEMORY) };
    const request = { spec: bench.cluster.specs.rowOf(spec), workload: 0 };
    // memory 0, mean 99 div 2 = 49
    expect(leastAllocatedScore(host, request, bench.cluster)).toBe(49);
  });
});

/** The better of two hosts, or undefined when they tie. */
function better(
  bench: Bench,
  policy: ReturnType<typeof bestFit.create>,
  request: ReturnType<Bench['request']>,
  a: number,
  b: number,
): number | undefined {
  const difference =
    policy.score(a, request, bench.cluster) - policy.score(b, request, bench.cluster);
  if (difference === 0) return undefined;
  return difference > 0 ? a : b;
}

describe('best fit, worst fit and binpack', () => {
  it('best fit looks at the share that is free, binpack at the amount', () => {
    const bench = new Bench();
    // Free: 1000 of 1000 m (100 %), and 1500 of 4000 m (37.5 %).
    const small = bench.host(1_000, 8 * GIB);
    const large = bench.host(4_000, 8 * GIB, 2_500, GIB);
    const request = bench.request(0, 100, GIB);
    const cpu = { resource: 'cpu' };
    expect(better(bench, bestFit.create(cpu), request, small, large)).toBe(large);
    expect(better(bench, worstFit.create(cpu), request, small, large)).toBe(small);
    expect(better(bench, binpack.create(cpu), request, small, large)).toBe(small);
  });

  it('looks at memory when told so, and turning it changes the choice', () => {
    const bench = new Bench();
    // CPU free 1/4 and 3/4, memory free 3/4 and 1/4.
    const fullCpu = bench.host(4_000, 4 * GIB, 3_000, GIB);
    const fullMemory = bench.host(4_000, 4 * GIB, 1_000, 3 * GIB);
    const request = bench.request(0, 100, GIB);
    for (const kind of [bestFit, binpack]) {
      const choose = (resource: string) =>
        better(bench, kind.create({ resource }), request, fullCpu, fullMemory);
      expect([choose('cpu'), choose('memory')]).toEqual([fullCpu, fullMemory]);
    }
    const worst = (resource: string) =>
      better(bench, worstFit.create({ resource }), request, fullCpu, fullMemory);
    expect([worst('cpu'), worst('memory')]).toEqual([fullMemory, fullCpu]);
  });

  it('best fit in parts per million: 1/3 free beats 333,334 ppm', () => {
    const bench = new Bench();
    const third = bench.host(3_000, 8 * GIB, 2_000, 0);
    const more = bench.host(1_000, 8 * GIB, 666, 0);
    // 1/3 = 333,333 ppm, 334/1000 = 334,000 ppm.
    const score = bestFit.create({ resource: 'cpu' }).score;
    const request = bench.request(0, 1, 0);
    expect(score(third, request, bench.cluster)).toBe(-333_333);
    expect(score(more, request, bench.cluster)).toBe(-334_000);
  });
});

describe('spread', () => {
  it('prefers the zone, or the instance, with the fewest tasks of the same workload', () => {
    const bench = new Bench();
    const a1 = bench.host(4_000, 8 * GIB, 0, 0, 0);
    const a2 = bench.host(4_000, 8 * GIB, 0, 0, 0);
    const b1 = bench.host(4_000, 8 * GIB, 0, 0, 1);
    for (const host of [a1, a1, a2, b1, b1]) bench.bind(0, host);
    const request = bench.request(0, 100, GIB);
    const zone = spread.create({ field: 'zone' });
    // Zone a holds 2 + 1 = 3, zone b 2.
    expect(better(bench, zone, request, a2, b1)).toBe(b1);
    expect(better(bench, zone, request, a1, a2)).toBeUndefined();
    const instance = spread.create({ field: 'instance' });
    expect(better(bench, instance, request, a2, b1)).toBe(a2);
    expect(better(bench, instance, request, a1, b1)).toBeUndefined();
  });

  it('does not count the tasks of other workloads', () => {
    const bench = new Bench();
    const a = bench.host(4_000, 8 * GIB, 0, 0, 0);
    const b = bench.host(4_000, 8 * GIB, 0, 0, 1);
    for (let i = 0; i < 5; i++) bench.bind(1, a);
    bench.bind(0, b);
    const request = bench.request(0, 100, GIB);
    for (const field of ['zone', 'instance']) {
      expect(better(bench, spread.create({ field }), request, a, b)).toBe(a);
    }
  });
});
