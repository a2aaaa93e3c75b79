/** Streamed waits against a sort of all of them. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WaitDistribution } from '../../src/metrics/wait-distribution.ts';

const PROBABILITIES = [0, 0.01, 0.5, 0.95, 0.99, 1];

/** Nearest rank by sorting: the dull twin. */
function sorted(waits: readonly number[], p: number): number {
  const rank = Math.max(1, Math.ceil(p * waits.length));
  return [...waits].sort((a, b) => a - b)[rank - 1]!;
}

function of(waits: readonly number[], exactMax?: number): WaitDistribution {
  const distribution = new WaitDistribution(exactMax);
  for (const wait of waits) distribution.add(wait);
  return distribution;
}

// Whole microseconds from none to 30 years, of every magnitude.
const wait = fc.oneof(
  fc.constant(0),
  fc.nat(1_000),
  fc.nat(1e9),
  fc.maxSafeNat().map((n) => n % 1e15),
);
const waits = fc.array(wait, { minLength: 1, maxLength: 200, size: 'max' });

describe('the distribution of waits', () => {
  it('is exact while the waits are few', () => {
    fc.assert(
      fc.property(waits, (list) => {
        const distribution = of(list);
        for (const p of PROBABILITIES) expect(distribution.quantileUs(p)).toBe(sorted(list, p));
        const sum = list.reduce((a, b) => a + b, 0);
        expect(distribution.meanUs()).toBe(sum / list.length);
      }),
      { numRuns: 200, seed: 42 },
    );
  });

  it('is at most 0.05 % off when they are many, and its mean and maximum stay exact', () => {
    fc.assert(
      fc.property(waits, (list) => {
        const distribution = of(list, 10);
        for (const p of PROBABILITIES) {
          const exact = sorted(list, p);
          // 1 / 2048 of the bucket's lower end.
          expect(Math.abs(distribution.quantileUs(p)! - exact)).toBeLessThanOrEqual(exact * 0.0005);
        }
        expect(distribution.quantileUs(1)).toBe(list.reduce((a, b) => Math.max(a, b), 0));
      }),
      { numRuns: 200, seed: 43 },
    );
  });

  it('knows nothing of no waits', () => {
    const none = new WaitDistribution();
    expect([none.meanUs(), none.quantileUs(0.5)]).toEqual([null, null]);
  });

  it('goes on from a copy, on either side of the threshold', () => {
    const list = Array.from({ length: 30 }, (_, i) => i * i * 1_000);
    for (const cut of [5, 15]) {
      const first = of(list.slice(0, cut), 10);
      const copy = new WaitDistribution(10);
      copy.restore(structuredClone(first.save()));
      for (const one of list.slice(cut)) copy.add(one);
      expect(copy.save()).toEqual(of(list, 10).save());
    }
  });
});
