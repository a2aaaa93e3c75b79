/**
 * Distributions in a scenario file: a bare quantity is a constant, a map with one key names a law
 * (random/distribution.ts). Parameters that carry the unit are quantities; shapes, exponents and weights are numbers.
 * `zipf` in a file has a `unit`, so its value is k units with probability in proportion to k^-exponent; the model's zipf
 * counts from 1 to n without a unit, so the file's law becomes an empirical one.
 */

import { z } from 'zod';
import { distributionFault } from '../random/distribution.ts';
import type { Distribution } from '../random/distribution.ts';
import { pow } from '../random/portable-math.ts';
import { bytes, cpu, duration, either, oneKey, positiveNumber, tagged } from './schema-quantity.ts';
import type { Quantity } from './schema-quantity.ts';

const ZIPF_N_MAX = 100_000;

function distributionOf(quantity: Quantity, id: string, title: string) {
  const laws = oneKey({
    constant: quantity
      .transform((value) => ({ kind: 'constant' as const, value }))
      .describe('Always the same value.'),
    uniform: tagged('uniform', { low: quantity, high: quantity }).describe(
      'Between `low` and `high`, all values equally likely.',
    ),
    exponential: tagged('exponential', { mean: quantity }).describe('Exponential with that mean.'),
    lognormal: tagged('lognormal', { median: quantity, p95: quantity }).describe(
      'Log-normal with that median and 95th percentile.',
    ),
    weibull: tagged('weibull', { scale: quantity, shape: positiveNumber }).describe(
      'Weibull: P(X > x) = exp(-(x / scale)^shape).',
    ),
    pareto: tagged('pareto', { minimum: quantity, shape: positiveNumber }).describe(
      'Pareto: P(X > x) = (minimum / x)^shape.',
    ),
    empirical: tagged('empirical', {
      values: z.array(quantity).min(1),
      weights: z.exactOptional(z.array(z.number().min(0))),
    }).describe('One of `values`, in proportion to `weights` (equal when absent).'),
    zipf: z
      .strictObject({
        n: z.int().min(1).max(ZIPF_N_MAX),
        exponent: z.number().min(0),
        unit: quantity,
      })
      .transform(({ n, exponent, unit }) => zipfOfUnit(n, exponent, unit))
      .describe('1 to `n` units, k units in proportion to k^-exponent.'),
  });
  const constant = quantity.transform((value): Distribution => ({ kind: 'constant', value }));
  return either(`a ${title}`, [constant, laws])
    .superRefine((distribution: Distribution, context) => {
      const message = faultInWords(distribution);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .meta({ id, title });
}

/** Of microseconds. */
export const durationDistribution = distributionOf(
  duration,
  'durationDistribution',
  'duration or distribution',
);
/** Of ticks of 1/128,000 core. */
export const cpuDistribution = distributionOf(cpu, 'cpuDistribution', 'CPU amount or distribution');
/** Of bytes. */
export const bytesDistribution = distributionOf(bytes, 'sizeDistribution', 'size or distribution');

function zipfOfUnit(n: number, exponent: number, unit: number): Distribution {
  const values: number[] = [];
  const weights: number[] = [];
  for (let k = 1; k <= n; k++) {
    values.push(k * unit);
    weights.push(pow(k, -exponent));
  }
  return { kind: 'empirical', values, weights };
}

/** The file speaks in quantities, so relations between two of them are put in words and not in model units. */
function faultInWords(distribution: Distribution): string | undefined {
  const fault = distributionFault(distribution);
  if (fault === undefined) return undefined;
  if (distribution.kind === 'uniform') return 'expected `low` not above `high`';
  if (distribution.kind === 'lognormal' && distribution.median > 0) {
    return 'expected `p95` not below `median`';
  }
  return fault;
}
