/**
 * Distributions as plain data, with their parameters as people know them. Values have whatever unit the owner gives them
 * (microseconds, bytes ...); shapes, exponents and weights have none.
 *
 *   constant     always `value`
 *   uniform      between `low` and `high`
 *   exponential  of mean `mean`
 *   lognormal    with median and 95th percentile: sigma = ln(p95 / median) / z(0.95), mean = median exp(sigma^2 / 2)
 *   weibull      P(X > x) = exp(-(x / scale)^shape)
 *   pareto       P(X > x) = (minimum / x)^shape for x >= minimum; the mean is infinite for shape <= 1
 *   empirical    one of `values`, with probabilities in proportion to `weights` (equal when absent)
 *   zipf         1, 2 ... n with P(k) in proportion to k^-exponent
 */

import { gamma } from './gamma.ts';
import { exp, ln, pow } from './portable-math.ts';

export type Distribution =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  | { readonly kind: 'lognormal'; readonly median: number; readonly p95: number }
  | { readonly kind: 'weibull'; readonly scale: number; readonly shape: number }
  | { readonly kind: 'pareto'; readonly minimum: number; readonly shape: number }
  | EmpiricalDistribution
  | ZipfDistribution;

export interface EmpiricalDistribution {
  readonly kind: 'empirical';
  readonly values: readonly number[];
  readonly weights?: readonly number[];
}

export interface ZipfDistribution {
  readonly kind: 'zipf';
  readonly n: number;
  readonly exponent: number;
}

/** z(0.95): a standard normal lies below it with probability 0.95. */
const NORMAL_P95 = 1.6448536269514722;

/** A Zipf law keeps a table of n numbers. */
const ZIPF_N_MAX = 1_000_000;

/** The standard deviation of the logarithm. */
export function lognormalSigma(median: number, p95: number): number {
  return ln(p95 / median) / NORMAL_P95;
}

export function meanOf(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return (distribution.low + distribution.high) / 2;
    case 'exponential':
      return distribution.mean;
    case 'lognormal': {
      const sigma = lognormalSigma(distribution.median, distribution.p95);
      return distribution.median * exp((sigma * sigma) / 2);
    }
    case 'weibull':
      return distribution.scale * gamma(1 + 1 / distribution.shape);
    case 'pareto': {
      const { minimum, shape } = distribution;
      return shape > 1 ? (shape * minimum) / (shape - 1) : Infinity;
    }
    case 'empirical':
      return empiricalMean(distribution);
    case 'zipf':
      return (
        harmonic(distribution.n, distribution.exponent - 1) /
        harmonic(distribution.n, distribution.exponent)
      );
  }
}

/** Why the parameters describe no distribution, as a sentence; undefined when they do. */
export function distributionFault(distribution: Distribution): string | undefined {
  switch (distribution.kind) {
    case 'constant':
      return Number.isFinite(distribution.value)
        ? undefined
        : `expected a finite value; found ${distribution.value}`;
    case 'uniform': {
      const { low, high } = distribution;
      const fine = Number.isFinite(low) && Number.isFinite(high) && low <= high;
      return fine ? undefined : `expected low <= high; found ${low} and ${high}`;
    }
    case 'exponential':
      return positive('mean', distribution.mean);
    case 'lognormal': {
      const { median, p95 } = distribution;
      if (p95 < median) return `expected p95 >= median; found ${p95} and ${median}`;
      return positive('median', median) ?? positive('p95', p95);
    }
    case 'weibull':
      return positive('scale', distribution.scale) ?? positive('shape', distribution.shape);
    case 'pareto':
      return positive('minimum', distribution.minimum) ?? positive('shape', distribution.shape);
    case 'empirical':
      return empiricalFault(distribution);
    case 'zipf': {
      const { n, exponent } = distribution;
      if (!Number.isInteger(n) || n < 1 || n > ZIPF_N_MAX) {
        return `expected n to be a whole number from 1 to ${ZIPF_N_MAX}; found ${n}`;
      }
      return exponent >= 0 && exponent < Infinity
        ? undefined
        : `expected exponent >= 0; found ${exponent}`;
    }
  }
}

function positive(name: string, value: number): string | undefined {
  return value > 0 && value < Infinity ? undefined : `expected a positive ${name}; found ${value}`;
}

function empiricalFault({ values, weights }: EmpiricalDistribution): string | undefined {
  if (values.length === 0) return 'expected at least one value; found none';
  const strange = values.find((value) => !Number.isFinite(value));
  if (strange !== undefined) return `expected finite values; found ${strange}`;
  if (weights === undefined) return undefined;
  if (weights.length !== values.length) {
    return `expected a weight for each of ${values.length} values; found ${weights.length}`;
  }
  const bad = weights.find((weight) => !(weight >= 0 && weight < Infinity));
  if (bad !== undefined) return `expected weights of zero or more; found ${bad}`;
  return weights.some((weight) => weight > 0)
    ? undefined
    : 'expected a weight above zero; found none';
}

function empiricalMean({ values, weights }: EmpiricalDistribution): number {
  let total = 0;
  let weighted = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    total += weight;
    weighted += weight * values[i]!;
  }
  return weighted / total;
}

/** The sum of k^-exponent over k = 1 ... n. */
function harmonic(n: number, exponent: number): number {
  let sum = 0;
  for (let k = 1; k <= n; k++) sum += pow(k, -exponent);
  return sum;
}
