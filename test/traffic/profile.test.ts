import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/base/assert.ts';
import {
  NEVER,
  US_PER_DAY,
  US_PER_HOUR,
  US_PER_MINUTE,
  US_PER_SECOND,
} from '../../src/base/units.ts';
import { WEB_DAY, rateProfile } from '../../src/traffic/profile.ts';
import type { DailyRate, RateProfile, RateProfileSpec } from '../../src/traffic/profile.ts';

const FIVE_MINUTES_US = 5 * US_PER_MINUTE;

/** Every rate of a span, read once a minute. */
function minutes(profile: RateProfile, fromUs: number, toUs: number): number[] {
  const rates = [];
  for (let timeUs = fromUs; timeUs < toUs; timeUs += US_PER_MINUTE)
    rates.push(profile.rateAt(timeUs));
  return rates;
}

describe('a constant rate', () => {
  it('never changes', () => {
    const profile = rateProfile({ kind: 'constant', ratePerSecond: 12 });
    expect([profile.rateAt(0), profile.rateAt(1e15), profile.nextChangeUs(0)]).toEqual([
      12,
      12,
      NEVER,
    ]);
  });
});

describe('a daily rate', () => {
  const flat = Array.from({ length: 24 }, () => 0);
  const noon: DailyRate = {
    kind: 'daily',
    peakPerSecond: 100,
    troughPerSecond: 40,
    points: flat.map((_, hour) => (hour === 12 ? 1 : 0)),
  };

  it('is read at the middle of each step, on the line between the middles of two hours', () => {
    const profile = rateProfile(noon);
    // 11:30 is the middle of hour 11 (point 0), 12:30 that of hour 12 (point 1). The step from 12:00 has its middle at
    // 12:02:30, which is 32.5 of 60 minutes up: 40 + 60 x 32.5 / 60 = 72.5
    expect(profile.rateAt(12 * US_PER_HOUR)).toBeCloseTo(72.5, 10);
    // The step from 12:30 has its middle 2.5 minutes past the top: 40 + 60 x (1 - 2.5 / 60) = 97.5
    expect(profile.rateAt(12.5 * US_PER_HOUR)).toBeCloseTo(97.5, 10);
    expect(profile.rateAt(3 * US_PER_HOUR)).toBe(40);
  });

  it('joins midnight to the hour before it', () => {
    const profile = rateProfile({ ...noon, points: flat.map((_, hour) => (hour === 23 ? 1 : 0)) });
    // Half way between 23:30 (1) and 00:30 (0), less 2.5 minutes: 40 + 60 x (0.5 - 2.5 / 60) = 67.5
    expect(profile.rateAt(0)).toBeCloseTo(67.5, 10);
  });

  it('changes at multiples of the step and repeats each day', () => {
    const profile = rateProfile(noon);
    expect(profile.nextChangeUs(0)).toBe(FIVE_MINUTES_US);
    expect(profile.nextChangeUs(FIVE_MINUTES_US - 1)).toBe(FIVE_MINUTES_US);
    expect(profile.nextChangeUs(FIVE_MINUTES_US)).toBe(2 * FIVE_MINUTES_US);
    expect(minutes(profile, 3 * US_PER_DAY, 4 * US_PER_DAY)).toEqual(
      minutes(profile, 0, US_PER_DAY),
    );
  });

  it('has a trough of 0.35 of the peak and a peak in the afternoon unless told otherwise', () => {
    const profile = rateProfile({ kind: 'daily', peakPerSecond: 1_000 });
    const day = minutes(profile, 0, US_PER_DAY);
    const highest = Math.max(...day);
    expect(Math.min(...day)).toBe(350); // Two quiet hours side by side: the line between them is flat.
    expect(highest).toBeGreaterThan(998); // The top at 14:30 is 2.5 minutes from a middle: 1000 - 650 x 0.04 x 2.5 / 60 = 998.9
    expect(highest).toBeLessThanOrEqual(1_000);
    expect(Math.floor(day.indexOf(highest) / 60)).toBe(14);
  });

  it('is multiplied by the weekend factor on Saturday and Sunday', () => {
    const profile = rateProfile({ ...noon, weekendFactor: 0.5 });
    // The simulation starts on a Monday: day 4 is Friday, 5 Saturday, 6 Sunday, 7 Monday.
    const noons = [4, 5, 6, 7].map((day) => profile.rateAt(day * US_PER_DAY + 3 * US_PER_HOUR));
    expect(noons).toEqual([40, 20, 20, 40]);
  });

  it('starts where the week does when the simulation starts within it', () => {
    const saturdayTenPastNoon = 5 * US_PER_DAY + 12 * US_PER_HOUR + 10 * US_PER_MINUTE + 7;
    const late = rateProfile({ ...noon, weekendFactor: 0.5, startOfWeekUs: saturdayTenPastNoon });
    const whole = rateProfile({ ...noon, weekendFactor: 0.5 });
    expect(late.rateAt(0)).toBe(whole.rateAt(saturdayTenPastNoon));
    expect(late.nextChangeUs(0)).toBe(FIVE_MINUTES_US - 7);
  });

  it('needs 24 points in [0, 1] and a step that divides a day', () => {
    expect(() => rateProfile({ ...noon, points: [1] })).toThrow(
      /expected 24 hourly points; found 1/,
    );
    expect(() => rateProfile({ ...noon, points: flat.map(() => 2) })).toThrow(InvariantError);
    expect(() => rateProfile({ ...noon, stepUs: 7 * US_PER_HOUR })).toThrow(InvariantError);
    expect(() => rateProfile({ ...noon, peakPerSecond: -1 })).toThrow(InvariantError);
  });
});

describe('a stepped rate', () => {
  const profile = rateProfile({
    kind: 'steps',
    steps: [
      { atUs: 10, ratePerSecond: 5 },
      { atUs: 20, ratePerSecond: 0 },
      { atUs: 30, ratePerSecond: 8 },
    ],
  });

  it('is zero before the first step and holds after the last', () => {
    expect([0, 9, 10, 19, 20, 29, 30, 1e12].map((t) => profile.rateAt(t))).toEqual([
      0, 0, 5, 5, 0, 0, 8, 8,
    ]);
  });

  it('changes at the next step', () => {
    expect([0, 10, 29, 30].map((t) => profile.nextChangeUs(t))).toEqual([10, 20, 30, NEVER]);
  });

  it('needs rising times', () => {
    const step = { atUs: 10, ratePerSecond: 5 };
    expect(() => rateProfile({ kind: 'steps', steps: [step, step] })).toThrow(
      /rising order of time/,
    );
  });
});

describe('a series', () => {
  const profile = rateProfile({
    kind: 'series',
    stepUs: US_PER_SECOND,
    ratePerSecond: Float64Array.of(3, 0, 7),
  });

  it('has one rate an interval and nothing after the last', () => {
    expect([0, 0.999, 1, 2, 2.999, 3, 100].map((s) => profile.rateAt(s * US_PER_SECOND))).toEqual([
      3, 3, 0, 7, 7, 0, 0,
    ]);
  });

  it('changes at the end of each interval, the last time at its own end', () => {
    expect([0, 2.5, 3].map((s) => profile.nextChangeUs(s * US_PER_SECOND))).toEqual([
      US_PER_SECOND,
      3 * US_PER_SECOND,
      NEVER,
    ]);
  });
});

it('every profile is constant from a time until its next change, which lies later', () => {
  const specs: RateProfileSpec[] = [
    { kind: 'daily', peakPerSecond: 1_800, weekendFactor: 0.6, startOfWeekUs: 123_456_789_012 },
    { kind: 'daily', peakPerSecond: 10, stepUs: US_PER_HOUR },
    { kind: 'series', stepUs: 60 * US_PER_SECOND, ratePerSecond: Float64Array.of(1, 2, 3, 4) },
  ];
  for (const profile of specs.map(rateProfile)) {
    fc.assert(
      fc.property(
        fc.nat(8 * 86_400_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (ms, share) => {
          const timeUs = ms * 1_000;
          const nextUs = profile.nextChangeUs(timeUs);
          expect(nextUs).toBeGreaterThan(timeUs);
          const lastUs = Math.min(nextUs - 1, timeUs + US_PER_DAY);
          const betweenUs = timeUs + Math.floor((lastUs - timeUs) * share);
          expect(profile.rateAt(betweenUs)).toBe(profile.rateAt(timeUs));
        },
      ),
      { numRuns: 1_000, seed: 42 },
    );
  }
});

const nasaFile = `${process.env['BERTH_DATA'] ?? ''}/request-rates/nasa_1995_per_minute.csv`;
const hasNasa = process.env['BERTH_DATA'] !== undefined && existsSync(nasaFile);

it.skipIf(!hasNasa)('the default day is that of the NASA log (skipped without BERTH_DATA)', () => {
  const perMinute = readFileSync(nasaFile, 'utf8')
    .split('\n')
    .slice(1, 1 + 27 * 1_440);
  const perHour = WEB_DAY.map(() => 0);
  perMinute.forEach((line, minute) => {
    perHour[Math.floor(minute / 60) % 24]! += Number(line.split(',')[1]);
  });
  const least = Math.min(...perHour);
  const most = Math.max(...perHour);
  expect(perHour.map((sum) => Math.round((100 * (sum - least)) / (most - least)) / 100)).toEqual([
    ...WEB_DAY,
  ]);
});
