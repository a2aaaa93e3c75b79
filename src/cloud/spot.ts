/**
 * How often a provider takes one spot machine back; of Fargate Spot, which has no pools, when.
 *
 *     hazard  lambda = -ln(1 - p) / 720 h      p = chance of an interruption within 30 days, by published band
 *     reclaim after  -ln(1 - u) / lambda       u drawn by (seed, purpose, ordinal)
 *
 * Not here  the two-minute notice (a rule of the disruption model), and when an EC2 pool is hit (supply/spot-shortages.ts).
 * Source    aws.md 2.2; bands are third-party data, reading a band's midpoint as 30-day probability is an assumption.
 */

import { assert } from '../base/assert.ts';
import { NEVER, US_PER_HOUR } from '../base/units.ts';
import { counterUniform } from '../random/counter-hash.ts';
import { ln } from '../random/portable-math.ts';
import type { AssumedParameters, AssumptionName } from './assumptions.ts';
import { isAssumptionName } from './assumptions.ts';
import type { InstanceType } from './instance-type.ts';
import { spotMarketOf } from './prices.ts';

const HOURS_PER_30_DAYS = 720;

/** Interruptions an hour of one running instance. */
export function spotHazardPerHour(
  type: InstanceType,
  region: string,
  parameters: AssumedParameters,
): number {
  return hazardPerHour(monthlyInterruptionProbability(type, region, parameters));
}

/** Chance that an instance is taken back within 30 days. */
export function monthlyInterruptionProbability(
  type: InstanceType,
  region: string,
  parameters: AssumedParameters,
): number {
  const market = spotMarketOf(type, region);
  const band = market === null ? undefined : bandName(market.interruptionBand);
  return parameters.get(band ?? 'spot.unknown-band-monthly-probability');
}

export function fargateSpotHazardPerHour(parameters: AssumedParameters): number {
  return hazardPerHour(parameters.get('spot.fargate-monthly-probability'));
}

/** A probability within 30 days as a constant rate an hour; certainty has no finite rate. */
export function hazardPerHour(monthlyProbability: number): number {
  if (monthlyProbability === 0) return 0;
  return monthlyProbability >= 1 ? Infinity : -ln(1 - monthlyProbability) / HOURS_PER_30_DAYS;
}

/** Time from running until the provider wants the capacity back; NEVER at hazard 0. */
export function spotReclaimAfterUs(
  ratePerHour: number,
  seed: string | number,
  ordinal: number,
  purpose = 'spot-reclaim',
): number {
  assert(ratePerHour >= 0, `a hazard of ${ratePerHour} an hour is negative`);
  if (ratePerHour === 0) return NEVER;
  const hours = -ln(1 - counterUniform(seed, purpose, ordinal)) / ratePerHour;
  return Math.ceil(hours * US_PER_HOUR);
}

function bandName(band: number): AssumptionName {
  const name = `spot.band-${band}-monthly-probability`;
  assert(isAssumptionName(name), `expected an interruption band from 0 to 4, found ${band}`);
  return name;
}
