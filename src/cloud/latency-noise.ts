/**
 * Noise around a latency: median x exp(sigma x z), z a standard normal drawn by (seed, purpose, ordinal). Order-free, so
 * the 17th launch of one kind takes as long in every variant. Sigma 0 gives the median itself. Rounded to microseconds.
 * Source: aws.md 9 (lognormal, sigma 0.1-0.2).
 */

import { CounterDraws } from '../random/counter-hash.ts';
import { normalQuantile } from '../random/normal-quantile.ts';
import { exp } from '../random/portable-math.ts';

export function noisyLatencyUs(
  medianUs: number,
  sigma: number,
  seed: string | number,
  purpose: string,
  ordinal: number,
): number {
  return new NoisyLatency(medianUs, sigma, seed, purpose).us(ordinal);
}

/** The latencies of one kind. */
export class NoisyLatency {
  private readonly medianUs: number;
  private readonly sigma: number;
  private readonly draws: CounterDraws;

  constructor(medianUs: number, sigma: number, seed: string | number, purpose: string) {
    this.medianUs = medianUs;
    this.sigma = sigma;
    this.draws = new CounterDraws(seed, purpose);
  }

  us(ordinal: number): number {
    const { medianUs, sigma } = this;
    if (sigma === 0) return medianUs;
    return Math.round(medianUs * exp(sigma * normalQuantile(this.draws.uniform(ordinal))));
  }
}
