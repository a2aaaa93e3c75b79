import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterBuilder } from './cluster-builder.ts';
import { NO_ROW } from '../../src/cluster/hosts.ts';
import { PoolChooser } from '../../src/orchestration/pool-chooser.ts';
import type { StrategyItem } from '../../src/orchestration/pool-chooser.ts';

/** A chooser over pools 0, 1 ... with these [base, weight]. */
function chooserOf(items: readonly (readonly [number, number])[]): PoolChooser {
  const world = new ClusterBuilder();
  while (world.cluster.pools.count < items.length) world.pool('asg');
  const strategy: StrategyItem[] = items.map(([base, weight], pool) => ({ pool, base, weight }));
  return new PoolChooser(
    world.cluster,
    items.map((_, pool) => pool),
    strategy,
  );
}

function choose(chooser: PoolChooser, count: number, workload = 0): number[] {
  return Array.from({ length: count }, () => chooser.choose(workload));
}

function tally(pools: readonly number[], poolCount: number): number[] {
  return Array.from({ length: poolCount }, (_, pool) => pools.filter((one) => one === pool).length);
}

describe('a capacity provider strategy', () => {
  it('worked value 10.2.5: with base 2 on A and weights 1 to 3 gives A 4 and B 6 of ten tasks', () => {
    const pools = choose(
      chooserOf([
        [2, 1],
        [0, 3],
      ]),
      10,
    );
    // The base first; then 8 tasks by weight: A 8 x 1/4 = 2, B 8 x 3/4 = 6.
    expect(pools.slice(0, 2)).toEqual([0, 0]);
    expect(tally(pools, 2)).toEqual([2 + 2, 6]);
  });

  it('gives each task to the largest deficit, ties by list order', () => {
    const pools = choose(
      chooserOf([
        [0, 1],
        [0, 1],
        [0, 2],
      ]),
      4,
    );
    // Deficits: (1, 1, 2)/4 -> C; (2, 2, 4)/4 - (0, 0, 1) = (.5, .5, 0) -> A; (.75 - 1, .75, 1.5 - 1) -> B; C.
    expect(pools).toEqual([2, 0, 1, 2]);
  });

  it('honours any weights: exactly at whole rounds, and never a whole task above the share', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 0, max: 5 }), (drawn, base) => {
        const all = [...drawn, 1];
        const sum = all.reduce((a, b) => a + b, 0);
        const chooser = chooserOf(all.map((weight, i) => [i === 0 ? base : 0, weight]));
        expect(tally(choose(chooser, base), all.length)[0]).toBe(base);
        const counts = all.map(() => 0);
        for (let n = 1; n <= 3 * sum; n++) {
          counts[chooser.choose(0)]!++;
          for (const [i, weight] of all.entries()) {
            // No floor for tasks between whole rounds; none at all for weight 0.
            const least = n % sum === 0 ? n * weight : 0;
            const most = weight === 0 ? 0 : n * weight + sum - 1;
            expect(counts[i]! * sum).toBeGreaterThanOrEqual(least);
            expect(counts[i]! * sum).toBeLessThanOrEqual(most);
          }
        }
      }),
      { numRuns: 200, seed: 42 },
    );
  });

  it('counts live tasks: what ended leaves a deficit, in the base too', () => {
    const chooser = chooserOf([
      [1, 1],
      [0, 1],
    ]);
    expect(choose(chooser, 5)).toEqual([0, 0, 1, 0, 1]);
    for (let i = 0; i < 3; i++) chooser.ended(0, 0);
    // None is left on A: base 1, then A 1 of 4 above the base against B 2 of 4.
    expect(choose(chooser, 3)).toEqual([0, 0, 0]);
  });

  it('counts every workload apart, and goes on from a saved state', () => {
    const items = [
      [0, 1],
      [0, 1],
    ] as const;
    const chooser = chooserOf(items);
    expect([chooser.choose(0), chooser.choose(5), chooser.choose(0)]).toEqual([0, 0, 1]);
    const restored = chooserOf(items);
    restored.restore(structuredClone(chooser.save()));
    for (const workload of [5, 0, 3, 5]) {
      expect(restored.choose(workload)).toBe(chooser.choose(workload));
    }
  });
});

describe('a cluster without a strategy', () => {
  it('sends a workload to the pool that is kept for it, before any strategy', () => {
    const world = new ClusterBuilder();
    const kept = world.pool('fargate', [7]);
    const strategy = [{ pool: 0, base: 0, weight: 1 }];
    const chooser = new PoolChooser(world.cluster, [0, kept], strategy);
    expect([chooser.choose(7), chooser.choose(6)]).toEqual([kept, 0]);
  });

  it('lets any host take a task, unless the one open pool is Fargate', () => {
    const world = new ClusterBuilder();
    const fargate = world.pool('fargate');
    expect(new PoolChooser(world.cluster, [0, fargate], []).choose(0)).toBe(NO_ROW);
    expect(new PoolChooser(world.cluster, [0], []).choose(0)).toBe(NO_ROW);
    expect(new PoolChooser(world.cluster, [fargate], []).choose(0)).toBe(fargate);
  });
});
