/**
 * Draws from a distribution by inversion: x = F^-1(u), one uniform number a draw for every kind.
 *
 * So the k-th draw of a stream uses its k-th number whatever the parameters are, a larger mean makes every draw larger,
 * and two variants that differ in a parameter stay paired (common random numbers).
 *
 *   exponential  -mean ln(1 - u)                   weibull  scale (-ln(1 - u))^(1 / shape)
 *   lognormal    median exp(sigma z(u))            pareto   minimum (1 - u)^(-1 / shape)
 *   empirical, zipf   the smallest value whose cumulative weight exceeds u x (sum of weights)
 *
 * Cost  O(1), for empirical and zipf O(log n) after a table of n cumulative weights, made at the first draw of that
 *       distribution object and kept as long as it; the object must not be changed afterwards.
 * Ties  `u` = 0 gives the least value: 0 for exponential, lognormal and weibull.
 */

import { assert } from '../base/assert.ts';
import { distributionFault, lognormalSigma } from './distribution.ts';
import type { Distribution, EmpiricalDistribution, ZipfDistribution } from './distribution.ts';
import { normalQuantile } from './normal-quantile.ts';
import { exp, ln, pow } from './portable-math.ts';

/** Where uniform numbers in [0, 1) come from: a stream, or any function. */
export type UniformSource = { next(): number } | (() => number);

/** One draw. Takes exactly one number from the source. */
export function sample(distribution: Distribution, source: UniformSource): number {
  return quantile(distribution, typeof source === 'function' ? source() : source.next());
}

/** The value below which a share `p` in [0, 1) of the draws lie. */
export function quantile(distribution: Distribution, p: number): number {
  assert(p >= 0 && p < 1, () => `expected a probability in [0, 1); found ${p}`);
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return distribution.low + (distribution.high - distribution.low) * p;
    case 'exponential':
      return -distribution.mean * ln(1 - p) + 0; // + 0 turns the -0 of p = 0 into 0.
    case 'lognormal': {
      const { median, p95 } = distribution;
      return p95 === median
        ? median
        : median * exp(lognormalSigma(median, p95) * normalQuantile(p));
    }
    case 'weibull':
      return distribution.scale * pow(-ln(1 - p) + 0, 1 / distribution.shape);
    case 'pareto':
      return distribution.minimum / pow(1 - p, 1 / distribution.shape);
    case 'empirical':
    case 'zipf':
      return pick(tableOf(distribution), p);
  }
}

/** Rising values and the running sum of their weights. */
interface CumulativeTable {
  readonly values: Float64Array;
  readonly cumulative: Float64Array;
}

const tables = new WeakMap<EmpiricalDistribution | ZipfDistribution, CumulativeTable>();

function tableOf(distribution: EmpiricalDistribution | ZipfDistribution): CumulativeTable {
  let table = tables.get(distribution);
  if (table === undefined) {
    const fault = distributionFault(distribution);
    assert(fault === undefined, () => `${distribution.kind} distribution: ${fault}`);
    table = distribution.kind === 'zipf' ? zipfTable(distribution) : empiricalTable(distribution);
    tables.set(distribution, table);
  }
  return table;
}

function empiricalTable({ values, weights }: EmpiricalDistribution): CumulativeTable {
  // Values of weight zero are left out, so that rounding at the upper end cannot pick one.
  const rows = values
    .map((value, i) => ({ value, weight: weights === undefined ? 1 : weights[i]! }))
    .filter((row) => row.weight > 0)
    .sort((a, b) => a.value - b.value);
  return {
    values: Float64Array.from(rows, (row) => row.value),
    cumulative: runningSum(Float64Array.from(rows, (row) => row.weight)),
  };
}

function zipfTable({ n, exponent }: ZipfDistribution): CumulativeTable {
  return {
    values: Float64Array.from({ length: n }, (_, i) => i + 1),
    cumulative: runningSum(Float64Array.from({ length: n }, (_, i) => pow(i + 1, -exponent))),
  };
}

function runningSum(weights: Float64Array): Float64Array {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i]!;
    weights[i] = sum;
  }
  return weights;
}

/** The first value whose cumulative weight exceeds p x total. The last one stands when p x total rounds up to the total. */
function pick({ values, cumulative }: CumulativeTable, p: number): number {
  const target = p * cumulative[cumulative.length - 1]!;
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cumulative[middle]! > target) high = middle;
    else low = middle + 1;
  }
  return values[low]!;
}
