/**
 * What a quantity costs: prices are integer nano-USD an hour (or unit), a bill line is quantity x price, by BigInt, rounded
 * once, half up, to micro-USD. Lines are integers, so the order of adding them does not matter.
 *
 * Billed time   from running to the start of shutting down, per second, with a minimum a start (EC2 60 s; Fargate 60 s from
 *               the start of the image pull). The sources say "per second" and no more: that a begun second counts whole is
 *               our reading.
 * Spot          reclaimed by EC2 within the first hour: free; later, or ended by its user: per second as above.
 * Source        aws.md 2.1, 4.4.
 */

import { assert } from '../base/assert.ts';
import { US_PER_HOUR, US_PER_SECOND } from '../base/units.ts';

const BILLED_US_MIN = 60 * US_PER_SECOND;

const NANO_PER_MICRO = 1_000n;

/** A time at a price an hour. */
export function lineMicroUsd(quantityUs: number, nanoUsdPerHour: number): number {
  return ratioMicroUsd(wholeBigInt(quantityUs, 'quantityUs'), US_PER_HOUR, nanoUsdPerHour);
}

/** `numerator / denominator` units at a price a unit: bytes / 10^9 at a price a GB, for example. */
export function ratioMicroUsd(
  numerator: number | bigint,
  denominator: number | bigint,
  nanoUsdPerUnit: number,
): number {
  const above = wholeBigInt(numerator, 'numerator') * wholeBigInt(nanoUsdPerUnit, 'price');
  const below = wholeBigInt(denominator, 'denominator') * NANO_PER_MICRO;
  assert(below > 0n, 'the denominator of a bill line is 0');
  // floor(x + 1/2) = floor((2 above + below) / (2 below))
  const microUsd = Number((2n * above + below) / (2n * below));
  assert(
    Number.isSafeInteger(microUsd),
    `a bill line of ${microUsd} micro-USD is too large to add`,
  );
  return microUsd;
}

/** The time a bill counts: whole seconds, rounded up, at least `minimumUs`. */
export function billedUs(runningUs: number, endUs: number, minimumUs = BILLED_US_MIN): number {
  assert(runningUs <= endUs, `a bill ends at ${endUs} us, before it starts at ${runningUs} us`);
  const wholeSeconds = Math.ceil((endUs - runningUs) / US_PER_SECOND);
  return Math.max(minimumUs, wholeSeconds * US_PER_SECOND);
}

/** The same for a spot instance; `reclaimed` when EC2 ended it. */
export function spotBilledUs(runningUs: number, endUs: number, reclaimed: boolean): number {
  if (reclaimed && endUs - runningUs < US_PER_HOUR) return 0;
  return billedUs(runningUs, endUs);
}

/**
 * Integer shares of an integer total, in proportion to integer weights, that add up to the total: each share is rounded
 * down, then the largest remainders get one more; ties go to the lower index. Some weight must be positive, unless the
 * total is 0. For fractions, pass them as multiples of a small unit.
 */
export function splitUs(totalUs: number, weights: readonly number[]): number[] {
  const total = wholeBigInt(totalUs, 'totalUs');
  const parts = weights.map((weight) => wholeBigInt(weight, 'weight'));
  const sum = parts.reduce((a, b) => a + b, 0n);
  if (sum === 0n) {
    assert(total === 0n, `nothing has a weight, so ${totalUs} cannot be split`);
    return weights.map(() => 0);
  }
  const shares = parts.map((part) => Number((total * part) / sum));
  const remainders = parts.map((part) => (total * part) % sum);
  const left = totalUs - shares.reduce((a, b) => a + b, 0);
  const byRemainder = remainders
    .map((remainder, index) => ({ remainder, index }))
    .sort((a, b) =>
      a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
    );
  for (const { index } of byRemainder.slice(0, left)) shares[index]! += 1;
  return shares;
}

function wholeBigInt(value: number | bigint, name: string): bigint {
  if (typeof value === 'number') {
    assert(
      Number.isSafeInteger(value),
      () => `expected ${name} to be a whole number, found ${value}`,
    );
  }
  assert(value >= 0, () => `expected ${name} not to be negative, found ${value}`);
  return BigInt(value);
}
