import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/base/assert.ts';
import { distributionFault, meanOf } from '../../src/random/distribution.ts';
import type { Distribution } from '../../src/random/distribution.ts';
import { quantile, sample } from '../../src/random/sampler.ts';
import { Streams } from '../../src/random/streams.ts';

const kinds: readonly Distribution[] = [
  { kind: 'constant', value: 7 },
  { kind: 'uniform', low: 10, high: 20 },
  { kind: 'exponential', mean: 100 },
  { kind: 'lognormal', median: 360, p95: 2_400 },
  { kind: 'weibull', scale: 50, shape: 0.7 },
  { kind: 'pareto', minimum: 10, shape: 2.5 },
  { kind: 'empirical', values: [30, 10, 20], weights: [1, 2, 5] },
  { kind: 'zipf', n: 100, exponent: 1.1 },
];

function draws(distribution: Distribution, count: number): number[] {
  const stream = new Streams(42).open('variates');
  return Array.from({ length: count }, () => sample(distribution, stream));
}

describe('draws', () => {
  it('have these first values, on every engine', () => {
    // Recorded, not proven.
    expect(kinds.map((distribution) => draws(distribution, 4))).toEqual([
      [7, 7, 7, 7],
      [13.20188503302404, 17.158515110520796, 17.666953541195184, 14.932224512807347],
      [38.59397299808131, 125.82583290503639, 145.54101863918572, 67.96831315968068],
      [210.03696322720504, 695.1799789221944, 833.608059740872, 353.01437272681414],
      [12.83168115366085, 69.42219000743246, 85.46854381288189, 28.801018733210388],
      [11.66929443781769, 16.54176549142661, 17.899077362982023, 13.12420644915085],
      [20, 20, 20, 20],
      [2, 17, 23, 5],
    ]);
  });

  it('take exactly one number of the source, whatever the kind', () => {
    for (const distribution of kinds) {
      let taken = 0;
      sample(distribution, () => {
        taken += 1;
        return 0.5;
      });
      expect([distribution.kind, taken]).toEqual([distribution.kind, 1]);
    }
  });

  it('never fall as the uniform number rises, and are finite at both ends', () => {
    const anyProbability = fc.double({ min: 0, max: 1 - 1.2e-16, noNaN: true });
    for (const distribution of kinds) {
      fc.assert(
        fc.property(anyProbability, anyProbability, (a, b) => {
          const low = quantile(distribution, Math.min(a, b));
          const high = quantile(distribution, Math.max(a, b));
          expect(low).toBeLessThanOrEqual(high);
        }),
        { numRuns: 300, seed: 42 },
      );
      expect(Number.isFinite(quantile(distribution, 0))).toBe(true);
      expect(Number.isFinite(quantile(distribution, 1 - 1.2e-16))).toBe(true);
    }
  });

  it('have the stated mean within four standard errors (seed 42, 40,000 draws)', () => {
    for (const distribution of kinds) {
      const values = draws(distribution, 40_000);
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
      const variance =
        values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (values.length - 1);
      const distance = Math.abs(mean - meanOf(distribution));
      expect(distance).toBeLessThanOrEqual(4 * Math.sqrt(variance / values.length));
    }
  });
});

describe('quantiles', () => {
  it('of a lognormal are its median and its 95th percentile where those are stated', () => {
    const duration: Distribution = { kind: 'lognormal', median: 360, p95: 2_400 };
    expect(quantile(duration, 0.5)).toBe(360);
    expect(quantile(duration, 0.95)).toBeCloseTo(2_400, 9);
    expect(quantile({ kind: 'lognormal', median: 360, p95: 360 }, 0)).toBe(360);
  });

  it('of an exponential, a Weibull and a Pareto are those of their closed form', () => {
    // Medians: mean ln 2; scale (ln 2)^(1/2); minimum x 2^(1/2).
    expect(quantile({ kind: 'exponential', mean: 100 }, 0.5)).toBeCloseTo(69.31471805599453, 12);
    expect(quantile({ kind: 'weibull', scale: 10, shape: 2 }, 0.5)).toBeCloseTo(
      8.325546111576978,
      12,
    );
    expect(quantile({ kind: 'pareto', minimum: 10, shape: 2 }, 0.5)).toBeCloseTo(
      14.142135623730951,
      12,
    );
  });

  it('of a Weibull of shape 1 are those of an exponential', () => {
    for (const p of [0, 0.1, 0.5, 0.99]) {
      expect(quantile({ kind: 'weibull', scale: 100, shape: 1 }, p)).toBeCloseTo(
        quantile({ kind: 'exponential', mean: 100 }, p),
        10,
      );
    }
  });

  it('of stated values change where their cumulative share is passed', () => {
    const sizes: Distribution = { kind: 'empirical', values: [30, 10, 20], weights: [1, 2, 5] };
    // Shares in rising order of value: 10 has 2/8, 20 has 5/8, 30 has 1/8.
    expect([0, 0.2499, 0.25, 0.8749, 0.875, 0.9999].map((p) => quantile(sizes, p))).toEqual([
      10, 10, 20, 20, 30, 30,
    ]);
    const equal: Distribution = { kind: 'empirical', values: [1, 2] };
    expect([0, 0.4999, 0.5].map((p) => quantile(equal, p))).toEqual([1, 1, 2]);
  });

  it('never give a value of weight zero', () => {
    const sizes: Distribution = { kind: 'empirical', values: [1, 2, 3], weights: [0, 0.7, 0] };
    expect([0, 0.5, 1 - 1.2e-16].map((p) => quantile(sizes, p))).toEqual([2, 2, 2]);
  });

  it('of a Zipf law give rank k the probability k^-s / H, as a dull sum says', () => {
    const zipf: Distribution = { kind: 'zipf', n: 5, exponent: 1 };
    // H(5) = 1 + 1/2 + 1/3 + 1/4 + 1/5 = 137/60; the first rank has 60/137 = 0.43796.
    expect([0, 0.4379, 0.438, 0.6569, 0.657, 0.9999].map((p) => quantile(zipf, p))).toEqual([
      1, 1, 2, 2, 3, 5,
    ]);
    expect(meanOf(zipf)).toBeCloseTo((5 * 60) / 137, 12); // n / H(n)
  });

  it('exist for probabilities in [0, 1) only', () => {
    expect(() => quantile({ kind: 'exponential', mean: 1 }, 1)).toThrow(InvariantError);
    expect(() => quantile({ kind: 'exponential', mean: 1 }, Number.NaN)).toThrow(InvariantError);
  });
});

it('the mean of a Pareto of shape 1 or less is infinite', () => {
  expect(meanOf({ kind: 'pareto', minimum: 10, shape: 1 })).toBe(Infinity);
  expect(meanOf({ kind: 'pareto', minimum: 10, shape: 2 })).toBe(20); // 2 x 10 / (2 - 1)
});

it('parameters that describe no distribution are named in a sentence', () => {
  expect(kinds.map(distributionFault)).toEqual(kinds.map(() => undefined));
  const wrong: [Distribution, string][] = [
    [{ kind: 'constant', value: Infinity }, 'expected a finite value; found Infinity'],
    [{ kind: 'uniform', low: 2, high: 1 }, 'expected low <= high; found 2 and 1'],
    [{ kind: 'exponential', mean: 0 }, 'expected a positive mean; found 0'],
    [{ kind: 'lognormal', median: 2, p95: 1 }, 'expected p95 >= median; found 1 and 2'],
    [{ kind: 'weibull', scale: 1, shape: -1 }, 'expected a positive shape; found -1'],
    [{ kind: 'pareto', minimum: NaN, shape: 1 }, 'expected a positive minimum; found NaN'],
    [{ kind: 'empirical', values: [] }, 'expected at least one value; found none'],
    [
      { kind: 'empirical', values: [1], weights: [1, 2] },
      'expected a weight for each of 1 values; found 2',
    ],
    [{ kind: 'empirical', values: [1], weights: [0] }, 'expected a weight above zero; found none'],
    [
      { kind: 'zipf', n: 0, exponent: 1 },
      'expected n to be a whole number from 1 to 1000000; found 0',
    ],
  ];
  for (const [distribution, fault] of wrong) expect(distributionFault(distribution)).toBe(fault);
  expect(() => quantile({ kind: 'empirical', values: [] }, 0)).toThrow(
    /expected at least one value/,
  );
});
