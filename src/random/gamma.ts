/**
 * The gamma function of a positive number, for the mean of a Weibull distribution.
 *
 * Formula   Stirling's series for ln Gamma(y), coefficients B_2k / (2k (2k - 1)), where y = x + m >= 12, and then
 *           Gamma(x) = Gamma(y) / (x (x + 1) ... (y - 1)).
 * Accuracy  relative error below 1e-14 up to x = 20.
 */

import { assert } from '../base/assert.ts';
import { exp, ln } from './portable-math.ts';

const HALF_LN_TWO_PI = 0.9189385332046728;

export function gamma(x: number): number {
  assert(x > 0, () => `expected a positive argument of the gamma function; found ${x}`);
  let y = x;
  let product = 1;
  while (y < 12) {
    product *= y;
    y += 1;
  }
  const r = 1 / (y * y);
  const series =
    (1 / 12 +
      r * (-1 / 360 + r * (1 / 1_260 + r * (-1 / 1_680 + r * (1 / 1_188 - (r * 691) / 360_360))))) /
    y;
  return exp((y - 0.5) * ln(y) - y + HALF_LN_TWO_PI + series) / product;
}
