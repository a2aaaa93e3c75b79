import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GPUS_PER_HOST_MAX } from '../../../src/cluster/hosts.ts';
import { PolicyBench, demand, policyNamed } from './policy-bench.ts';
import type { TaskSpec } from '../../../src/cluster/spec.ts';

const bestFit = policyNamed('gpu-best-fit');
const dotProduct = policyNamed('gpu-dot-product');
const packing = policyNamed('gpu-packing');
const clustering = policyNamed('gpu-clustering');

/** A share of one GPU. */
const share = (milli: number, cores = 1) => demand(cores, 1, 1, milli);
const whole = (count: number, cores = 1) => demand(cores, 1, count);

/** A host whose devices have so much left, in milli-GPU. */
function hostWith(bench: PolicyBench, cores: number, left: readonly number[]): number {
  const host = bench.host(cores, 512, left.length);
  bench.cluster.hosts.gpuFree.set(left, host * GPUS_PER_HOST_MAX);
  return host;
}

describe('best fit and dot product over CPU and GPU', () => {
  it('best fit scores what would be left, against 128 cores and 8 GPUs', () => {
    const bench = new PolicyBench();
    const host = bench.host(96, 512, 8);
    bench.bind(whole(4, 32), host);
    // left: (64 - 8) / 128 = 0.4375 and (4 - 1) / 8 = 0.375: 100 x (1 - 0.40625) = 59.375
    expect(bench.score(bestFit, whole(1, 8), host)).toBe(59);
    // the whole rest: 100 x (1 - 0)
    expect(bench.score(bestFit, whole(4, 64), host)).toBe(100);
    // nothing of an empty host of full size: 100 x (1 - 1)
    expect(bench.score(bestFit, demand(0, 1), bench.host(128, 512, 8))).toBe(0);
  });

  it('the dot product prefers the fuller host: the smaller product', () => {
    const bench = new PolicyBench();
    const empty = bench.host(128, 512, 8);
    const used = bench.host(128, 512, 8);
    bench.bind(whole(4, 64), used);
    // empty: (1 x 0.25 + 1 x 0.5) / 2 = 0.375 -> 62; used: (0.5 x 0.25 + 0.5 x 0.5) / 2 = 0.1875 -> 81
    expect(bench.score(dotProduct, whole(4, 32), empty)).toBe(62);
    expect(bench.score(dotProduct, whole(4, 32), used)).toBe(81);
    // A task without GPU: (1 x 0.25 + 1 x 0) / 2 -> 87
    expect(bench.score(dotProduct, demand(32, 1), empty)).toBe(87);
  });
});

describe('GPU packing', () => {
  it.each([
    // [left on the devices], task, score. 100 - (500 x 100 div 1000) div 10 = 95
    ['shared GPUs only', [200, 1000, 1000, 500], share(300), 95],
    // 100 - 20 div 10: the tightest that fits
    ['the tightest shared GPU', [200, 1000, 1000, 500], share(200), 98],
    // 50 - 1
    ['one whole GPU of a host in use', [200, 1000, 1000, 500], share(600), 49],
    // 50 - 2: the original's own test
    ['two whole GPUs of a host in use', [200, 1000, 1000, 500], whole(2), 48],
    // max(33 - 4, 4) and max(33 - 8, 8): the original's own tests
    ['an untouched host of four', [1000, 1000, 1000, 1000], whole(2), 29],
    ['an untouched host of eight', Array.from({ length: 8 }, () => 1000), whole(2), 25],
    // max(33 - 1, 1)
    ['an untouched host of one', [1000], share(10), 32],
    // 100 - 99 div 10 = 91
    ['a shared GPU that is nearly whole', [999, 0], share(1), 91],
    ['a task without GPU', [200, 1000], demand(1, 1), 0],
  ] as [string, number[], TaskSpec, number][])('%s', (_, left, task, score) => {
    const bench = new PolicyBench();
    expect(bench.score(packing, task, hostWith(bench, 64, left))).toBe(score);
  });

  it('an untouched host of sixteen GPUs scores 17', () => {
    const bench = new PolicyBench();
    // max(33 - 16, 16)
    expect(bench.score(packing, whole(1), bench.host(64, 512, 16))).toBe(17);
  });
});

describe('GPU clustering', () => {
  it.each([
    // 25 x used div 8 GPUs, and by company. Used: 1 of 8 = 3.125 -> 3
    ['only its own class', [whole(1)], whole(1), 8, 78],
    ['its own class and another', [whole(1), whole(2)], whole(1), 8, 59], // 25 x 3 / 8 = 9.375
    ['nobody', [], whole(1), 8, 25],
    ['others only', [whole(2)], whole(1), 8, 6], // 25 x 2 / 8 = 6.25
    // On a small host the GPUs that it lacks count as used: 25 x (8 - 2) / 8 = 18.75
    ['nobody, on a host of two GPUs', [], whole(1), 2, 43],
    // A share is a class of its own, whatever it asks for: 25 x 0.3 / 8 = 0.9375 -> 0
    ['another share', [share(300)], share(700), 8, 75],
    ['shares, for one whole GPU', [share(300)], whole(1), 8, 0],
    // Tasks without GPU are nobody.
    ['a task without GPU', [demand(4, 4)], whole(1), 8, 25],
  ] as [string, TaskSpec[], TaskSpec, number, number][])(
    'beside %s',
    (_, bound, task, gpuCount, score) => {
      const bench = new PolicyBench();
      const host = bench.host(64, 512, gpuCount);
      for (const spec of bound) bench.bind(spec, host);
      expect(bench.score(clustering, task, host)).toBe(score);
    },
  );

  it('is 0 everywhere for a task without GPU', () => {
    const bench = new PolicyBench();
    const host = bench.host(64, 512, 8);
    bench.bind(whole(1), host);
    expect(bench.score(clustering, demand(1, 1), host)).toBe(0);
  });
});

// The dull twins: lists instead of columns, decimals instead of ticks.

interface Facts {
  readonly left: readonly number[];
  readonly cpuMilli: number;
  readonly bound: readonly TaskSpec[];
}

const className = ({ gpuCount, gpuMilli }: TaskSpec) =>
  gpuCount === 1 && gpuMilli < 1000 ? 'share' : `${gpuCount}`;

const TWINS: Record<string, (task: TaskSpec, facts: Facts) => number> = {
  'gpu-best-fit': (task, { left, cpuMilli }) => {
    const cpu = cpuMilli - task.cpuTicks / 128;
    const gpu = left.reduce((a, b) => a + b, 0) - task.gpuCount * task.gpuMilli;
    return Math.trunc(100 * (1 - ((cpu / 128000) * 0.5 + (gpu / 8000) * 0.5)));
  },
  'gpu-dot-product': (task, { left, cpuMilli }) => {
    const cpu = (cpuMilli / 128000) * (task.cpuTicks / 128 / 128000);
    const free = left.reduce((a, b) => a + b, 0) / 8000;
    return Math.trunc(100 * (1 - (cpu + (free * task.gpuCount * task.gpuMilli) / 8000) / 2));
  },
  'gpu-packing': (task, { left }) => {
    if (task.gpuCount === 0) return 0;
    const full = left.filter((milli) => milli === 1000).length;
    if (full === left.length) return Math.max(33 - full, full);
    const fitting = left.filter((milli) => milli >= task.gpuMilli).toSorted((a, b) => a - b);
    const taken = fitting.slice(0, task.gpuCount);
    const fresh = taken.filter((milli) => milli === 1000).length;
    if (fresh > 0) return Math.max(50 - fresh, 33);
    const ratio = taken.reduce((sum, milli) => sum + Math.floor(milli / 10), 0);
    return Math.max(100 - Math.floor(ratio / 10), 50);
  },
  'gpu-clustering': (task, { left, bound }) => {
    if (task.gpuCount === 0) return 0;
    const classes = new Set(bound.filter(({ gpuCount }) => gpuCount > 0).map(className));
    const idle = left.reduce((a, b) => a + b, 0);
    const fullness = Math.floor((25 * (8000 - idle)) / 8000);
    if (classes.has(className(task))) return fullness + (classes.size === 1 ? 75 : 50);
    return fullness + (classes.size === 0 ? 25 : 0);
  },
};

const task = fc
  .tuple(fc.integer({ min: 0, max: 8 }), fc.constantFrom(0, 1, 1, 1, 2, 4), fc.nat(999))
  .map(([cores, gpus, milli]) => {
    if (gpus === 1 && milli < 700) return share(milli + 1, cores);
    return gpus === 0 ? demand(cores, 1) : whole(gpus, cores);
  });

describe('the scores of the FGD study', () => {
  it.each(Object.keys(TWINS))('%s is an integer in 0 to 100 and agrees with its twin', (name) => {
    const policy = policyNamed(name);
    fc.assert(
      fc.property(
        fc.array(task, { maxLength: 12 }),
        task,
        fc.integer({ min: 1, max: 8 }),
        (tasks, asked, gpus) => {
          const bench = new PolicyBench();
          const host = bench.host(64, 512, gpus);
          const { cluster } = bench;
          const fits = (spec: TaskSpec) => {
            const free = bench.gpuFree(host).filter((milli) => milli > 0 && milli >= spec.gpuMilli);
            return cluster.hosts.cpuFree[host]! >= spec.cpuTicks && free.length >= spec.gpuCount;
          };
          const bound: TaskSpec[] = [];
          for (const spec of tasks) {
            if (!fits(spec)) continue;
            bench.bind(spec, host);
            bound.push(spec);
          }
          if (!fits(asked)) return;
          const cpuMilli = cluster.hosts.cpuFree[host]! / 128;
          const score = bench.score(policy, asked, host);
          expect(Number.isInteger(score) && score >= 0 && score <= 100).toBe(true);
          const twin = TWINS[name]!(asked, { left: bench.gpuFree(host), cpuMilli, bound });
          // The twin multiplies in another order, which may move a product across an integer by the last bit.
          const slack = name === 'gpu-best-fit' || name === 'gpu-dot-product' ? 1 : 0;
          expect(Math.abs(score - twin)).toBeLessThanOrEqual(slack);
        },
      ),
      { seed: 42, numRuns: 300 },
    );
  });
});
