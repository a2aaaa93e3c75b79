/**
 * A request rate over time, piecewise constant.
 *
 *   constant   one rate, for ever
 *   daily      rate(h) = trough + (peak - trough) x point(h), h the hour of the day; between the middles of two hours the
 *              points are joined by a straight line, read at the middle of each step; on Saturday and Sunday multiplied by
 *              `weekendFactor`; every week alike
 *   steps      the rate of the last step at or before the time; zero before the first
 *   series     one rate for each interval of `stepUs`, from time 0; zero after the last
 *
 * Units    rates in requests per second, times in microseconds.
 * Limits   an hour's point holds for the middle of the hour and a step is read at its own middle, so with steps of 5
 *          minutes the highest step is up to 4 % of the swing below `peak` (the lowest as much above `trough`).
 * Cost     O(1), for steps O(log steps); no allocation after `rateProfile`.
 */

import { assert } from '../base/assert.ts';
import { NEVER, US_PER_DAY, US_PER_HOUR, US_PER_MINUTE } from '../base/units.ts';

export interface RateProfile {
  /** Requests per second, from this instant until `nextChangeUs`. */
  rateAt(timeUs: number): number;
  /** The first later time at which the rate may change, or NEVER. */
  nextChangeUs(timeUs: number): number;
}

export type RateProfileSpec = ConstantRate | DailyRate | SteppedRate | SeriesRate;

export interface ConstantRate {
  readonly kind: 'constant';
  readonly ratePerSecond: number;
}

export interface DailyRate {
  readonly kind: 'daily';
  /** The rate where a point is 1. */
  readonly peakPerSecond: number;
  /** The rate where a point is 0; TROUGH_SHARE of the peak when absent. */
  readonly troughPerSecond?: number;
  /** 24 numbers in [0, 1], the first for 00:00 to 01:00 UTC; WEB_DAY when absent. */
  readonly points?: readonly number[];
  /** 1 when absent: every day alike. */
  readonly weekendFactor?: number;
  /** A divisor of a day; 5 minutes when absent. */
  readonly stepUs?: number;
  /** How long after Monday 00:00 UTC the simulation starts; 0 when absent. */
  readonly startOfWeekUs?: number;
}

export interface SteppedRate {
  readonly kind: 'steps';
  /** In rising order of time. */
  readonly steps: readonly { readonly atUs: number; readonly ratePerSecond: number }[];
}

export interface SeriesRate {
  readonly kind: 'series';
  readonly stepUs: number;
  readonly ratePerSecond: Float64Array;
}

/** An assumption: the NASA log below has 0.25, services with users on several continents have less of a night. */
export const TROUGH_SHARE = 0.35;

/**
 * The shape of a day: mean requests of each hour, local time, scaled so that the quietest hour is 0 and the busiest 1.
 * From the access log of the NASA Kennedy Space Center web server, 1 to 27 July 1995 (Internet Traffic Archive,
 * NASA-HTTP), where the quietest hour (05:00) has 0.32 and the busiest (14:00) 1.26 requests per second.
 */
export const WEB_DAY: readonly number[] = [
  0.33, 0.23, 0.15, 0.06, 0, 0, 0.03, 0.23, 0.55, 0.72, 0.78, 0.89, 0.96, 0.96, 1, 0.99, 0.95, 0.73,
  0.53, 0.45, 0.42, 0.45, 0.43, 0.42,
];

const DEFAULT_STEP_US = 5 * US_PER_MINUTE;
const DAYS_PER_WEEK = 7;
const SATURDAY = 5; // Days are counted from Monday.

export function rateProfile(spec: RateProfileSpec): RateProfile {
  switch (spec.kind) {
    case 'constant':
      return constantProfile(spec);
    case 'daily':
      return dailyProfile(spec);
    case 'steps':
      return steppedProfile(spec);
    case 'series':
      return seriesProfile(spec);
  }
}

function constantProfile({ ratePerSecond }: ConstantRate): RateProfile {
  assertRate(ratePerSecond);
  return { rateAt: () => ratePerSecond, nextChangeUs: () => NEVER };
}

function dailyProfile(spec: DailyRate): RateProfile {
  const { weekendFactor = 1, stepUs = DEFAULT_STEP_US, startOfWeekUs = 0 } = spec;
  assertRate(weekendFactor);
  assert(
    startOfWeekUs >= 0,
    () => `expected a start after Monday 00:00; found ${startOfWeekUs} us`,
  );
  const rates = stepsOfDay(spec, stepUs);
  return {
    rateAt(timeUs) {
      const weekTimeUs = startOfWeekUs + timeUs;
      const day = Math.floor(weekTimeUs / US_PER_DAY);
      const rate = rates[Math.floor((weekTimeUs - day * US_PER_DAY) / stepUs)]!;
      return day % DAYS_PER_WEEK >= SATURDAY ? rate * weekendFactor : rate;
    },
    nextChangeUs(timeUs) {
      return (Math.floor((startOfWeekUs + timeUs) / stepUs) + 1) * stepUs - startOfWeekUs;
    },
  };
}

/** The rate of each step of a weekday, from midnight. */
function stepsOfDay(spec: DailyRate, stepUs: number): Float64Array {
  const { peakPerSecond, points = WEB_DAY } = spec;
  const { troughPerSecond = TROUGH_SHARE * peakPerSecond } = spec;
  assertRate(peakPerSecond);
  assertRate(troughPerSecond);
  assert(points.length === 24, () => `expected 24 hourly points; found ${points.length}`);
  for (const point of points) {
    assert(point >= 0 && point <= 1, () => `expected hourly points in [0, 1]; found ${point}`);
  }
  const stepCount = US_PER_DAY / stepUs;
  assert(
    Number.isInteger(stepCount),
    () => `expected a step that divides a day; found ${stepUs} us`,
  );

  return Float64Array.from({ length: stepCount }, (_, step) => {
    // Hours since the middle of hour 0; 24 is added so that the first half hour is not negative.
    const hours = ((step + 0.5) * stepUs) / US_PER_HOUR - 0.5 + 24;
    const hour = Math.floor(hours);
    const before = points[hour % 24]!;
    const after = points[(hour + 1) % 24]!;
    const point = before + (after - before) * (hours - hour);
    return troughPerSecond + (peakPerSecond - troughPerSecond) * point;
  });
}

function steppedProfile({ steps }: SteppedRate): RateProfile {
  let beforeUs = -Infinity;
  for (const { atUs, ratePerSecond } of steps) {
    assertRate(ratePerSecond);
    assert(
      atUs > beforeUs,
      () => `expected steps in rising order of time; found ${atUs} us after ${beforeUs} us`,
    );
    beforeUs = atUs;
  }
  return {
    rateAt(timeUs) {
      const begun = stepsBegunBy(timeUs, steps);
      return begun === 0 ? 0 : steps[begun - 1]!.ratePerSecond;
    },
    nextChangeUs(timeUs) {
      return steps[stepsBegunBy(timeUs, steps)]?.atUs ?? NEVER;
    },
  };
}

/** How many steps begin at or before the time, by bisection. */
function stepsBegunBy(timeUs: number, steps: SteppedRate['steps']): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (steps[middle]!.atUs <= timeUs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function seriesProfile({ stepUs, ratePerSecond }: SeriesRate): RateProfile {
  assert(stepUs > 0, () => `expected a positive step; found ${stepUs} us`);
  for (const rate of ratePerSecond) assertRate(rate);
  return {
    rateAt: (timeUs) => ratePerSecond[Math.floor(timeUs / stepUs)] ?? 0,
    nextChangeUs(timeUs) {
      const step = Math.floor(timeUs / stepUs);
      return step < ratePerSecond.length ? (step + 1) * stepUs : NEVER;
    },
  };
}

function assertRate(rate: number): void {
  assert(
    rate >= 0 && rate < Infinity,
    () => `expected a rate or factor of zero or more; found ${rate}`,
  );
}
