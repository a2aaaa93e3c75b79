/**
 * Noise around a latency: median x exp(sigma x z), z a standard normal drawn by (seed, purpose, ordinal). Order-free, so
 * the 17th launch of one kind takes as long in every variant. Sigma 0 gives the median itself. Rounded to microseconds.
 * Source: aws.md 9 (lognormal, sigma 0.1-0.2).
 */

import { counterUniform } from '../random/counter-hash.ts';
import { normalQuantile } from '../random/normal-quantile.ts';
import { exp } from '../random/portable-math.ts';

export function noisyLatencyUs(
  medianUs: number,
  sigma: number,
  seed: string | number,
  purpose: string,
  ordinal: number,
): number {
  if (sigma === 0) return medianUs;
  return Math.round(medianUs * exp(sigma * normalQuantile(counterUniform(seed, purpose, ordinal))));
}
