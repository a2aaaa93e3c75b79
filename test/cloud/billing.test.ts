import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/base/assert.ts';
import { US_PER_HOUR, US_PER_SECOND } from '../../src/base/units.ts';
import {
  billedUs,
  lineMicroUsd,
  ratioMicroUsd,
  splitUs,
  spotBilledUs,
} from '../../src/cloud/billing.ts';

describe('a bill line', () => {
  it('is quantity times price', () => {
    expect(lineMicroUsd(US_PER_HOUR, 96_000_000)).toBe(96_000);
    expect(lineMicroUsd(90 * US_PER_SECOND, 96_000_000)).toBe(2_400); // 96,000 / 40
    expect(lineMicroUsd(0, 96_000_000)).toBe(0);
  });

  it('is rounded half up to micro-USD', () => {
    expect(lineMicroUsd(US_PER_HOUR, 499)).toBe(0);
    expect(lineMicroUsd(US_PER_HOUR, 500)).toBe(1);
    expect(lineMicroUsd(US_PER_HOUR / 2, 2_999)).toBe(1); // 1.4995
  });

  it('stays exact where doubles do not', () => {
    // 285 years of the dearest price: 2.5e6 h * 1e12 nano-USD = 2.5e18 nano = 2.5e15 micro-USD
    expect(lineMicroUsd(2_500_000 * US_PER_HOUR, 1_000_000_000_000)).toBe(2_500_000_000_000_000);
    expect(lineMicroUsd(2_500_000 * US_PER_HOUR, 1_000_000_000_001)).toBe(2_500_000_000_002_500);
  });

  it('takes any quantity as a fraction: 5 GB through a NAT gateway', () => {
    expect(ratioMicroUsd(5_000_000_000, 1_000_000_000, 45_000_000)).toBe(225_000);
    expect(ratioMicroUsd(1n, 3n, 1_000_000)).toBe(333);
  });

  it('refuses fractions and negative quantities', () => {
    expect(() => lineMicroUsd(0.5, 1)).toThrow(InvariantError);
    expect(() => lineMicroUsd(1, -1)).toThrow(InvariantError);
    expect(() => ratioMicroUsd(1, 0, 1)).toThrow(InvariantError);
  });
});

describe('billed time', () => {
  it('counts a begun second whole, and at least a minute', () => {
    expect(billedUs(0, 30 * US_PER_SECOND)).toBe(60 * US_PER_SECOND);
    expect(billedUs(5, 60 * US_PER_SECOND + 5)).toBe(60 * US_PER_SECOND);
    expect(billedUs(0, 60 * US_PER_SECOND + 1)).toBe(61 * US_PER_SECOND);
    expect(billedUs(7, 7, 0)).toBe(0);
  });

  it('is free for a spot instance reclaimed within its first hour, and only then', () => {
    expect(spotBilledUs(0, US_PER_HOUR - 1, true)).toBe(0);
    expect(spotBilledUs(0, US_PER_HOUR, true)).toBe(US_PER_HOUR);
    expect(spotBilledUs(0, US_PER_HOUR - 1, false)).toBe(US_PER_HOUR);
  });

  it('cannot end before it starts', () => {
    expect(() => billedUs(2, 1)).toThrow(InvariantError);
  });
});

describe('splitting a quantity by weights', () => {
  it('gives the remainder to the largest fractions, and ties to the first', () => {
    expect(splitUs(10, [1, 1, 1])).toEqual([4, 3, 3]);
    // 7 * 1/6 = 1 1/6, 7 * 2/6 = 2 2/6, 7 * 3/6 = 3 3/6: the last has the largest remainder
    expect(splitUs(7, [1, 2, 3])).toEqual([1, 2, 4]);
    expect(splitUs(5, [0, 3, 0])).toEqual([0, 5, 0]);
    expect(splitUs(0, [0, 0])).toEqual([0, 0]);
    expect(() => splitUs(1, [0])).toThrow(InvariantError);
  });

  it('loses nothing, is off by less than one, and gives nothing to weight 0', () => {
    const weight = fc.integer({ min: 0, max: 1_000_000_000 });
    const total = fc.integer({ min: 0, max: 1_000_000_000_000 });
    fc.assert(
      fc.property(total, fc.array(weight, { minLength: 1, maxLength: 20 }), (totalUs, weights) => {
        const sum = weights.reduce((a, b) => a + b, 0);
        fc.pre(sum > 0);
        const shares = splitUs(totalUs, weights);
        expect(shares.reduce((a, b) => a + b, 0)).toBe(totalUs);
        shares.forEach((share, i) => {
          // |share - total * w / sum| < 1, without division
          const error = BigInt(share) * BigInt(sum) - BigInt(totalUs) * BigInt(weights[i]!);
          expect(error < BigInt(sum) && -error < BigInt(sum)).toBe(true);
          expect(share === 0 || weights[i]! > 0).toBe(true);
        });
      }),
      { seed: 42, numRuns: 500 },
    );
  });
});
