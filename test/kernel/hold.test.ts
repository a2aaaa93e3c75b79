import { expect, it } from 'vitest';
import { SMOKE_SIZES, holdTable, isSameOrder, runHolds } from '../../bench/kernel/hold.ts';

it('the hold benchmark pops the same events from the ladder and both heaps, in every distribution', () => {
  const results = runHolds(SMOKE_SIZES, 1);
  // 4 distributions x 2 sizes
  expect(results).toHaveLength(8);
  for (const result of results) expect(isSameOrder(result)).toBe(true);
  expect(new Set(results.map((one) => one.times.ladder.hash)).size).toBe(8);
});

it('the hold benchmark takes the median of its rounds and prints one aligned row a distribution and size', () => {
  const rounds = [400, 100.4, 90];
  const nsPerHold = { ladder: 1, heap: 1.5, objects: 2.5 };
  let round = 0;
  const [result] = runHolds([SMOKE_SIZES[1]!], 3, (engine) => {
    const ns = rounds[Math.floor(round++ / 3) % 3]! * nsPerHold[engine];
    return { nsPerHold: ns, hash: engine === 'heap' ? 0xac : 0xab };
  });
  // The median is 100.4: 1.5 x 100.4 = 150.6, 2.5 x 100.4 = 251.
  expect(holdTable([result!]).split('\n')).toEqual([
    'increments   pending  ladder ns  heap ns  objects ns  heap/ladder  objects/ladder      hash    order',
    'exponential     1000        100      151         251         1.50            2.50  000000ab  DIFFERS',
  ]);
});
