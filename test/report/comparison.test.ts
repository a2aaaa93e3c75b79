import { describe, expect, it } from 'vitest';
import { compare, estimate } from '../../src/report/comparison.ts';
import type { SummaryRow } from '../../src/report/tables/summary.ts';
import { syntheticTables } from './synthetic.ts';

const [ANY_ROW] = syntheticTables().summary as [SummaryRow];

function run(variant: string, seed: string, costWindowMicroUsd: number | null): SummaryRow {
  return { ...ANY_ROW, variant, seed, costWindowMicroUsd };
}

function windowCost(rows: readonly SummaryRow[], variant: string) {
  const row = compare(rows, 'base').find(
    (candidate) => candidate.metric === 'cost_usd_window' && candidate.variant === variant,
  );
  if (row === undefined) throw new Error(`no row of ${variant}`);
  return row;
}

describe('an estimate', () => {
  it('is the mean with its Student-t interval', () => {
    // mean 5; s² = (9 + 1 + 1 + 9) / 3 = 6.6667, s = 2.581989; t(.975, 3) = 3.182446
    // half width = 3.182446 · 2.581989 / 2 = 4.108520
    const { replications, mean, low, high } = estimate([2, 4, 6, 8]);
    expect(replications).toBe(4);
    expect(mean).toBe(5);
    expect(low).toBeCloseTo(5 - 4.10852, 5);
    expect(high).toBeCloseTo(5 + 4.10852, 5);
  });

  it('of two values has the interval of one degree of freedom', () => {
    // mean 2, s = sqrt(2), t(.975, 1) = 12.706205; half width = 12.706205 · 1.414214 / 1.414214
    const { low, high } = estimate([1, 3]);
    expect(low).toBeCloseTo(2 - 12.706205, 5);
    expect(high).toBeCloseTo(2 + 12.706205, 5);
  });

  it('has no interval from one value and no mean from none', () => {
    expect(estimate([7])).toEqual({ replications: 1, mean: 7, low: null, high: null });
    expect(estimate([])).toEqual({ replications: 0, mean: null, low: null, high: null });
  });
});

describe('the comparison', () => {
  const rows = [
    run('base', '1', 10_000_000),
    run('base', '2', 20_000_000),
    run('base', '3', 30_000_000),
    run('other', '3', 33_000_000), // the order of the seeds does not matter
    run('other', '2', 22_000_000),
    run('other', '1', 11_000_000),
  ];

  it('pairs the runs of one seed, so that what they share cancels', () => {
    // differences 1, 2, 3 USD: mean 2, s = 1, t(.975, 2) = 4.302653; half width = 4.302653 / sqrt(3) = 2.484138
    const row = windowCost(rows, 'other');
    expect(row.mean).toBe(22);
    expect(row.difference).toBe(2);
    expect(row.differenceCiLow).toBeCloseTo(2 - 2.484138, 5);
    expect(row.differenceCiHigh).toBeCloseTo(2 + 2.484138, 5);
    // unpaired, the interval of either mean is ten times as wide: 4.302653 · 10 / sqrt(3) = 24.84
    expect(windowCost(rows, 'base').ciHigh).toBeCloseTo(20 + 24.84138, 4);
  });

  it('leaves the difference of the baseline to itself empty', () => {
    const row = windowCost(rows, 'base');
    expect(row).toMatchObject({ mean: 20, difference: null, differenceCiLow: null });
  });

  it('takes only the seeds in which both sides are known', () => {
    const some = [...rows.slice(0, 4), run('other', '2', null)];
    const row = windowCost(some, 'other');
    expect(row).toMatchObject({ replications: 1, mean: 33, difference: 3, differenceCiLow: null });
  });

  it('stands metric by metric, variants in the order of the summary', () => {
    const order = compare(rows, 'base').slice(0, 3);
    expect(order.map((row) => `${row.metric} ${row.variant}`)).toEqual([
      'cost_usd_window base',
      'cost_usd_window other',
      'cost_usd base',
    ]);
  });
});
