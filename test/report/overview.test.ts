import { describe, expect, it } from 'vitest';
import { answerOf, type ExpectationResult } from '../../src/report/answer.ts';
import { compare } from '../../src/report/comparison.ts';
import { overviewText } from '../../src/report/overview.ts';
import {
  changeText,
  countText,
  durationText,
  numberText,
  percentText,
  usdText,
} from '../../src/report/readable.ts';
import type { SummaryRow } from '../../src/report/tables/summary.ts';
import { syntheticTables } from './synthetic.ts';

const [ANY_ROW] = syntheticTables().summary as [SummaryRow];

function run(variant: string, seed: string, usd: number | null, more: Partial<SummaryRow> = {}) {
  const costWindowMicroUsd = usd === null ? null : usd * 1_000_000;
  const rest = { waitSecondsMean: 1.5, waitSecondsP95: 75, cpuUtilization: 0.5, tasksPending: 0 };
  return { ...ANY_ROW, ...rest, hostsPeak: 4, ...more, variant, seed, costWindowMicroUsd };
}

// base costs 10 and 12, other 9 and 10: differences -1 and -2, mean -1.5 = -13.6 % of 11
const ROWS = [
  run('base', '1', 10),
  run('base', '2', 12),
  run('other', '1', 9, { cpuUtilization: null, tasksPending: 1_500 }),
  run('other', '2', 10, { cpuUtilization: null, tasksPending: 1_501 }),
];

const fails = (variant: string): ExpectationResult => ({
  expectation: 'tasks_pending < 1',
  variant,
  holds: false,
  found: '1500.5',
});

describe('the overview', () => {
  it('is one aligned line a variant without colour codes', () => {
    // halves of the intervals: t(.975, 1) = 12.706; base s / sqrt(2) = 1, other 0.5, difference 0.5 = 6.353 = 57.8 % of 11
    expect(overviewText(compare(ROWS, 'base'))).toBe(
      [
        'variant          cost in window, USD     vs baseline  wait mean, s  wait p95, s  CPU util.  hosts peak  pending',
        'base (baseline)        11.00 ± 12.71                           1.5           75     50.0 %           4        0',
        'other                    9.50 ± 6.35  −13.6 % ± 57.8           1.5           75          –           4  1,500.5',
        '',
      ].join('\n'),
    );
  });
});

describe('the answer', () => {
  it('names the cheapest variant, its numbers, and that the seeds do not settle the difference', () => {
    expect(answerOf(compare(ROWS, 'base'), [])).toBe(
      'other is the cheapest variant: 9.50 USD ± 6.35 after the warm-up, −13.6 % ± 57.8 against base, ' +
        'a difference that these seeds do not settle; 95 % of tasks waited at most 75 s. ' +
        'At the end of a run 1,500.5 tasks were pending on average.',
    );
  });

  it('passes over a cheaper variant that fails an expectation', () => {
    expect(answerOf(compare(ROWS, 'base'), [fails('other')])).toMatch(
      /^base is the cheapest variant that meets every expectation: 11.00 USD/,
    );
  });

  it('says so when no variant meets every expectation', () => {
    expect(answerOf(compare(ROWS, 'base'), [fails('other'), fails('base')])).toMatch(
      /^No variant meets every expectation; other is the cheapest of all: 9.50 USD/,
    );
  });

  it('calls nothing the cheapest when no cost is known', () => {
    const unknown = [run('base', '1', null), run('other', '1', null)];
    expect(answerOf(compare(unknown, 'base'), [])).toBe(
      'No variant has a known cost, so none can be called the cheapest.',
    );
  });
});

describe('readable numbers', () => {
  it('keep the digits that matter', () => {
    expect([0, 0.0123, 5, 1234.5, 1_234_567, -3.5].map(usdText)).toEqual([
      '0.00',
      '0.0123',
      '5.00',
      '1,234.50',
      '1,234,567.00',
      '-3.50',
    ]);
    expect([0, 0.04, 75.26, 150, 3_600, 100_000].map(durationText)).toEqual([
      '0 s',
      '0.04 s',
      '75.3 s',
      '2.5 min',
      '1 h',
      '27.8 h',
    ]);
    expect([0, 12_345, 0.5, 100].map(numberText)).toEqual(['0', '12,300', '0.5', '100']);
    expect([0.749, 1].map(percentText)).toEqual(['74.9 %', '100.0 %']);
    expect([0.0001, -0.2].map(changeText)).toEqual(['±0.0 %', '−20.0 %']);
    expect([3, 3.25, 12_000].map(countText)).toEqual(['3', '3.3', '12,000']);
  });

  it('are a dash when unknown', () => {
    expect(
      [usdText, durationText, numberText, percentText, changeText, countText].map((text) =>
        text(null),
      ),
    ).toEqual(Array.from({ length: 6 }, () => '–'));
  });
});
