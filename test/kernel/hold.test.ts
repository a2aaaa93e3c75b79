import { expect, it } from 'vitest';
import {
  SMOKE,
  holdFigures,
  holdTable,
  isSameOrder,
  runHolds,
  type HoldSize,
  type Player,
} from '../../bench/kernel/hold.ts';
import type { Engine } from '../../bench/kernel/hold-model.ts';

it('the hold benchmark pops the same events from the ladder and both heaps, in every distribution', async () => {
  const results = await runHolds(SMOKE);
  // 4 distributions x 2 sizes
  expect(results).toHaveLength(8);
  for (const result of results) expect(isSameOrder(result)).toBe(true);
  expect(new Set(results.map((one) => one.times.ladder[0]!.hash)).size).toBe(8);
});

it('the hold benchmark takes the median of its rounds, by turns, and prints one aligned row a distribution and size', async () => {
  const [result] = await runHolds([oneSize(1_000)], openMadeUp);
  // The median is 100.4: 1.5 x 100.4 = 150.6, 2.5 x 100.4 = 251.
  expect(holdTable([result!]).split('\n')).toEqual([
    'increments   pending  ladder ns  heap ns  objects ns  heap/ladder  objects/ladder      hash    order',
    'exponential     1000        100      151         251         1.50            2.50  000000ab  DIFFERS',
  ]);
});

it('the hold benchmark compares a million pending with a thousand', async () => {
  const figures = holdFigures(await runHolds([oneSize(1_000), oneSize(1_000_000)], openMadeUp));
  const growth = figures.find(({ isGrowth }) => isGrowth)!;
  expect(growth.size).toBe('1000000 pending');
  // The made-up times do not depend on the number pending: 100.4 / 100.4 = 1.
  expect(growth.ratio).toBe(1);
  expect(growth.aim).toEqual({ atMost: 2.5 });
});

function oneSize(pending: number): HoldSize {
  const distributions = ['exponential'] as const;
  return { pending: [pending], distributions, rounds: 3, holds: 1, warmUpHolds: 0 };
}

function openMadeUp(engine: Engine): Player {
  const rounds = [400, 100.4, 90];
  const times = { ladder: 1, heap: 1.5, objects: 2.5 };
  return {
    hold: () => {
      const nsPerHold = rounds.shift()! * times[engine];
      return { nsPerHold, hash: engine === 'heap' ? 0xac : 0xab };
    },
  };
}
