import { expect, it } from 'vitest';
import { comparisonText, verdictOf } from '../../bench/runner/comparison.ts';
import { figureOf, type Figure } from '../../bench/runner/figure.ts';
import { merged, resultOf, type Results } from '../../bench/runner/results.ts';

/** A figure whose rounds have these ratios. */
function figure(ratios: readonly number[], changes: Partial<Figure> = {}): Figure {
  const measured = figureOf({
    name: 'hold',
    workload: 'exponential',
    size: '10 pending',
    unit: 'ns',
    costs: ratios.map(() => 1),
    twin: 'heap',
    twinCosts: ratios,
    hash: 'ab',
    agree: true,
  });
  return { ...measured, ...changes };
}

function results(figures: readonly Figure[], program = 'kernel/hold'): Results {
  const run = { program, figures, seconds: 1, peakMemoryBytes: 1 };
  const programs = [resultOf([run], '2026-01-01T00:00:00Z')];
  return { size: 'full', times: 1, berth: '1', node: 'v20', cpu: 'x', cores: 2, programs };
}

it('a change is beyond the noise when the spreads have no ratio in common', () => {
  expect(verdictOf(figure([4, 5, 6]), figure([6, 7, 8]))).toBe('within the noise');
  expect(verdictOf(figure([4, 5, 6]), figure([7, 8, 9]))).toBe('better');
  expect(verdictOf(figure([7, 8, 9]), figure([4, 5, 6]))).toBe('worse');
  expect(verdictOf(figure([5]), figure([7, 8, 9]))).toBe('noise unknown');
});

it('a growth that fell is better', () => {
  const before = figure([7, 8, 9], { isGrowth: true });
  expect(verdictOf(before, figure([4, 5, 6], { isGrowth: true }))).toBe('better');
});

it('the comparison prints each change and flags what did not give the same result', () => {
  const before = results([figure([4, 5, 6]), figure([2, 2, 2], { name: 'gone' })]);
  const after = results([figure([8, 10, 12], { hash: 'cd' })]);
  const text = comparisonText(before, after);
  // 10 / 5 = +100 %; half of the spread is 1 of 5 and 2 of 10: 20 % each
  expect(text).toMatch(/5\.00 +10\.0 +\+100\.0 % +±20 % \/ ±20 % +better +CHANGED/);
  expect(text).toContain('CHANGED RESULT: kernel/hold | hold');
  expect(text).toContain('only before: kernel/hold | gone');
});

it('of runs in a row the ratio is the median, and a hash that differs is a disagreement', () => {
  const run = (ratio: number, hash = 'ab') => {
    return {
      program: 'p',
      figures: [figure([ratio], { hash })],
      seconds: 1,
      peakMemoryBytes: ratio,
    };
  };
  const { figures, peakMemoryBytes } = resultOf([run(3), run(9), run(5)], '');
  expect(figures).toHaveLength(1);
  expect(figures[0]).toMatchObject({ ratio: 5, spread: [3, 9], rounds: 3, agree: true });
  expect(peakMemoryBytes).toBe(9);
  expect(resultOf([run(3), run(3, 'cd')], '').figures[0]!.agree).toBe(false);
});

it('recording some programs leaves the others of the baseline as they were', () => {
  const earlier = results([figure([1])], 'a');
  const both = { ...earlier, programs: [...earlier.programs, ...results([], 'b').programs] };
  const latest = results([figure([7])], 'a');
  const { programs } = merged(both, latest, ['a', 'b']);
  expect(programs.map(({ program }) => program)).toEqual(['a', 'b']);
  expect(programs[0]!.figures[0]!.ratio).toBe(7);
});
