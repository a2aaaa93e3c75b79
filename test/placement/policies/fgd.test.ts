import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ELIGIBLE, eligibilityOf } from '../../../src/cluster/specs.ts';
import { Fragmentation } from '../../../src/placement/policies/fragmentation.ts';
import { PolicyBench, demand, policyNamed } from './policy-bench.ts';
import { choosesDevices } from '../../../src/placement/policies/device-choice.ts';
import { typicalTasks } from '../../../src/placement/policies/typical-tasks.ts';
import type { TaskSpec } from '../../../src/cluster/spec.ts';
import type { WorkloadMix } from '../../../src/placement/policies/workload-mix.ts';

const NOWHERE = { labels: {}, taints: [] };

describe('typical tasks', () => {
  it('are the most frequent classes until 95 % of the tasks are covered', () => {
    const mix = [
      { spec: demand(1, 1, 1, 100), count: 5 },
      { spec: demand(2, 1, 1, 200), count: 60 },
      { spec: demand(3, 1, 1, 300), count: 30 },
      { spec: demand(4, 1), count: 5 },
    ];
    // 60 + 30 = 90 %; the first of the two with 5 reaches 95 %.
    expect(typicalTasks(mix).map(({ count }) => count)).toEqual([60, 30, 5]);
    expect(typicalTasks(mix)[2]!.spec).toEqual(mix[0]!.spec);
  });

  it('tasks that differ in memory or labels alone are of one class, in the model of GPU they are not', () => {
    const one = demand(1, 1, 1, 500);
    const model = { key: 'gpu-model', operator: 'In', values: ['V100'] } as const;
    const mix = [
      { spec: one, count: 1 },
      { spec: demand(1, 7, 1, 500), count: 2 },
      { spec: { ...one, labels: { qos: 'BE' } }, count: 3 },
      { spec: { ...one, requirements: [model] }, count: 4 },
    ];
    expect(typicalTasks(mix).map(({ count }) => count)).toEqual([6, 4]);
  });

  it('of an empty mix are none', () => {
    expect(typicalTasks([])).toEqual([]);
  });
});

// Three of five tasks ask for half a GPU, one for two GPUs, one for none.
const MIX = [
  { spec: demand(2, 1, 1, 500), count: 3 },
  { spec: demand(4, 1, 2), count: 1 },
  { spec: demand(1, 1), count: 1 },
];

/** A host of 8 cores and two GPUs, of which the second has 400 milli left. */
function benchHost(): [PolicyBench, number] {
  const bench = new PolicyBench();
  const host = bench.host(8, 64, 2);
  bench.cluster.hosts.gpuFree[host * 16 + 1] = 400;
  return [bench, host];
}

describe('fragmentation', () => {
  const fragmentation = new Fragmentation(MIX);
  const milli = (cores: number, gpuFree: number[]) =>
    fragmentation.weighted(NOWHERE, cores * 128_000, gpuFree, gpuFree.length);

  it('counts what a typical task cannot use', () => {
    // halves: 400 on the small device x 3; pair: all 1400; no GPU: all 1400: 1200 + 1400 + 1400
    expect(milli(8, [1000, 400])).toBe(4_000);
    // no room for 2 cores: all 1400 for each of the five
    expect(milli(1, [1000, 400])).toBe(7_000);
    // 3 cores: the halves fit, the pair does not: 0 + 2000 + 2000
    expect(milli(3, [1000, 1000])).toBe(4_000);
    // whole devices: halves 0, pair 0, no GPU 2000
    expect(milli(8, [1000, 1000])).toBe(2_000);
    expect(milli(8, [0, 0])).toBe(0);
  });

  it('all that is idle where a task may not run', () => {
    const model = { key: 'gpu-model', operator: 'In', values: ['V100'] } as const;
    const picky = new Fragmentation([
      { spec: { ...demand(1, 1, 1), requirements: [model] }, count: 1 },
    ]);
    const free = [1000, 1000];
    expect(picky.weighted({ labels: { 'gpu-model': 'V100' }, taints: [] }, 1e6, free, 2)).toBe(0);
    expect(picky.weighted({ labels: { 'gpu-model': 'T4' }, taints: [] }, 1e6, free, 2)).toBe(2_000);
  });
});

describe('fragmentation gradient descent', () => {
  it('scores the change in fragmentation, and takes the device where it is best', () => {
    const [bench, host] = benchHost();
    const fgd = policyNamed('fgd', MIX);
    if (!choosesDevices(fgd)) throw new Error('fgd chooses devices');
    // Only device 0 has 500: [500, 400] with 6 cores: 3 x 400 + 900 + 900 = 3000.
    // (4000 - 3000) / 5 / 1000 = 0.2, sigmoid 0.5498
    expect(bench.score(fgd, demand(2, 1, 1, 500), host)).toBe(54);
    expect(fgd.devices(host, bench.request(demand(2, 1, 1, 500)), bench.cluster)).toBe(0b01);
    // 300 on device 0: 3 x 400 + 1100 + 1100 = 3400, gradient 0.12, 0.5300; on device 1: 3 x 100 + 1100 + 1100 = 2500,
    // gradient 0.3, 0.5744.
    expect(bench.score(fgd, demand(2, 1, 1, 300), host)).toBe(57);
    expect(fgd.devices(host, bench.request(demand(2, 1, 1, 300)), bench.cluster)).toBe(0b10);
  });

  it('may leave the tightest device alone, unlike the ledger', () => {
    const bench = new PolicyBench();
    const host = bench.host(8, 64, 2);
    bench.cluster.hosts.gpuFree.set([900, 600], host * 16);
    const fgd = policyNamed('fgd', MIX);
    if (!choosesDevices(fgd)) throw new Error('fgd chooses devices');
    // 200 on device 1: [900, 400], 3 x 400 + 1300 + 1300 = 3800; on device 0: [700, 600], 0 + 1300 + 1300 = 2600.
    expect(fgd.devices(host, bench.request(demand(1, 1, 1, 200)), bench.cluster)).toBe(0b01);
  });

  it('a task without GPU costs what its CPU keeps others from using', () => {
    const [bench, host] = benchHost();
    const fgd = policyNamed('fgd', MIX);
    // 7 cores: only 1 is left, 7000: (4000 - 7000) / 5 / 1000 = -0.6, sigmoid 0.3543
    expect(bench.score(fgd, demand(7, 1), host)).toBe(35);
    // 1 core: nothing changes
    expect(bench.score(fgd, demand(1, 1), host)).toBe(50);
  });

  it('scores 50 everywhere when nothing is known of the workload', () => {
    const [bench, host] = benchHost();
    expect(bench.score(policyNamed('fgd'), demand(2, 1, 1, 500), host)).toBe(50);
  });
});

/** The paper's formula in its own words: weights as fractions, one list a host, nothing remembered. */
function twin(mix: WorkloadMix, task: TaskSpec, left: number[], ticks: number): number {
  const typical = typicalTasks(mix);
  const total = typical.reduce((sum, { count }) => sum + count, 0);
  const fragments = (gpus: readonly number[], cpu: number): number => {
    const idle = gpus.reduce((a, b) => a + b, 0);
    let sum = 0;
    for (const { spec, count } of typical) {
      const fitting = gpus.filter((milli) => milli >= spec.gpuMilli);
      const allowed = eligibilityOf(spec, NOWHERE) === ELIGIBLE;
      const canRun = allowed && fitting.length >= spec.gpuCount && spec.cpuTicks <= cpu;
      const small = gpus.filter((milli) => milli < spec.gpuMilli).reduce((a, b) => a + b, 0);
      sum += count * (spec.gpuCount > 0 && canRun ? small : idle);
    }
    return sum;
  };
  const scoreOf = (after: number[]): number => {
    const x = (fragments(left, ticks) - fragments(after, ticks - task.cpuTicks)) / total / 1000;
    return Math.trunc((1 / (1 + Math.exp(-x))) * 100);
  };
  const take = (devices: number[]) =>
    left.map((milli, device) => milli - (devices.includes(device) ? task.gpuMilli : 0));
  const room = left.flatMap((milli, device) => (milli >= task.gpuMilli ? [device] : []));
  if (task.gpuCount !== 1 || task.gpuMilli === 1000)
    return scoreOf(take(room.slice(0, task.gpuCount)));
  return Math.max(...room.map((device) => scoreOf(take([device]))));
}

const anyTask = fc
  .tuple(
    fc.integer({ min: 1, max: 6 }),
    fc.constantFrom(0, 1, 1, 1, 2),
    fc.integer({ min: 1, max: 10 }),
  )
  .map(([cores, gpus, tenths]) => demand(cores, 1, gpus, gpus === 1 ? tenths * 100 : undefined));

it('agrees with its twin while hosts fill and empty, whatever it remembers, in integers 0 to 100', () => {
  const mixes = fc.array(fc.record({ spec: anyTask, count: fc.integer({ min: 1, max: 9 }) }), {
    minLength: 1,
  });
  let scores = 0;
  fc.assert(
    fc.property(mixes, fc.array(anyTask, { minLength: 5, maxLength: 25 }), (mix, tasks) => {
      const bench = new PolicyBench();
      const hosts = [bench.host(16, 64, 2), bench.host(24, 64, 4)];
      const fgd = policyNamed('fgd', mix);
      const { cluster, ledger } = bench;
      const fits = (spec: TaskSpec, host: number) =>
        cluster.hosts.cpuFree[host]! >= spec.cpuTicks &&
        bench.gpuFree(host).filter((milli) => milli >= spec.gpuMilli).length >= spec.gpuCount;
      const bound: number[] = [];
      for (const [i, spec] of tasks.entries()) {
        for (const host of hosts.filter((one) => fits(spec, one))) {
          const expected = twin(mix, spec, bench.gpuFree(host), cluster.hosts.cpuFree[host]!);
          const score = bench.score(fgd, spec, host);
          expect(score).toBe(expected);
          expect(Number.isInteger(score) && score >= 0 && score <= 100).toBe(true);
          expect(bench.score(fgd, spec, host)).toBe(score);
          scores++;
        }
        const host = hosts[i % 2]!;
        if (fits(spec, host)) bound.push(bench.bind(spec, host));
        else if (bound.length > 0) ledger.end(bound.shift()!, 4, 0, 0);
      }
    }),
    { seed: 42, numRuns: 100 },
  );
  expect(scores).toBeGreaterThan(1_000);
});
