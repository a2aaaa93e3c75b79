import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PairSums } from '../../src/base/pair-sums.ts';

/** The sums as a reader would list them. */
function listed(sums: PairSums): Map<string, number> {
  const all = new Map<string, number>();
  sums.forEach((first, second, sum) => all.set(`${first}/${second}`, sum));
  expect(all.size).toBe(sums.count);
  return all;
}

const additions = fc.array(
  fc.record({ first: fc.nat(60), second: fc.nat(12), amount: fc.integer({ min: -9, max: 9 }) }),
  { minLength: 200, maxLength: 600, size: 'max' },
);

describe('sums by a pair of rows', () => {
  it('hold what a map of maps holds', () => {
    fc.assert(
      fc.property(additions, (all) => {
        const twin = new Map<string, number>();
        const sums = new PairSums();
        for (const { first, second, amount } of all) {
          const key = `${first}/${second}`;
          twin.set(key, (twin.get(key) ?? 0) + amount);
          sums.add(first, second, amount);
        }
        expect(listed(sums)).toEqual(twin);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('go on from a saved state', () => {
    const sums = new PairSums();
    for (let i = 0; i < 500; i++) sums.add(i % 100, i % 7, i);
    const copy = new PairSums();
    copy.add(1, 1, 1);
    copy.restore(sums.save());
    for (const one of [sums, copy]) one.add(99, 1, 0.5);
    expect(listed(copy)).toEqual(listed(sums));
  });
});
