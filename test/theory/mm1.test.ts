import { expect, it } from 'vitest';
import { COVERED_MIN, SECONDS_PER_MINUTE, covered, loadTheory } from './coverage.ts';

it('M/M/1 waits rho / (mu - lambda) on average', () => {
  // 0.7 / (1 - 0.7) = 2.333 min
  const expected = (0.7 / (1 - 0.7)) * SECONDS_PER_MINUTE;
  const hits = covered(loadTheory('mm1.yaml'), ({ summary }) => summary.waitSecondsMean!, expected);
  expect(hits).toBeGreaterThanOrEqual(COVERED_MIN);
});
