import { expect, it } from 'vitest';
import { COVERED_MIN, SECONDS_PER_MINUTE, covered, loadTheory } from './coverage.ts';

/** Chance that an arrival of M/M/c with offered load `load` has to wait. */
function erlangC(servers: number, load: number): number {
  let term = 1;
  let sum = 0;
  for (let k = 0; k < servers; k++) {
    sum += term;
    term *= load / (k + 1);
  }
  const waiting = term / (1 - load / servers);
  return waiting / (sum + waiting);
}

it('M/M/4 waits C(4, 3.2) / (4 mu - lambda) on average', () => {
  expect(erlangC(1, 0.7)).toBeCloseTo(0.7, 12);
  // C(4, 3.2) = (3.2^4/4!)/(1-0.8) / (1 + 3.2 + 3.2^2/2 + 3.2^3/6 + 21.845) = 21.845 / 36.627 = 0.5964
  const expected = (erlangC(4, 3.2) / (4 - 3.2)) * SECONDS_PER_MINUTE;
  expect(erlangC(4, 3.2)).toBeCloseTo(0.5964, 4);
  const hits = covered(loadTheory('mmc.yaml'), ({ summary }) => summary.waitSecondsMean!, expected);
  expect(hits).toBeGreaterThanOrEqual(COVERED_MIN);
});
