import { expect, it } from 'vitest';
import { NEVER, US_PER_HOUR } from '../../../src/base/units.ts';
import { cron } from '../../../src/workload/arrivals/cron.ts';
import { parseCron } from '../../../src/base/cron-schedule.ts';
import type { CronSchedule } from '../../../src/base/cron-schedule.ts';

function schedule(text: string): CronSchedule {
  const parsed = parseCron(text);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

/** 2026-01-05T22:00:00Z */
const START_US = Date.parse('2026-01-05T22:00:00Z') * 1_000;

it('comes by the civil time at which the run starts, not at that time itself', () => {
  const arrivals = cron(schedule('0 22,2 * * *'), START_US);
  const hours = [0, 1, 2].map(() => arrivals.nextUs() / US_PER_HOUR);
  // 02:00 is four hours after the start, 22:00 a day.
  expect(hours).toEqual([4, 24, 28]);
});

it('goes on where it was saved', () => {
  const arrivals = cron(schedule('@hourly'), START_US);
  arrivals.nextUs();
  const again = cron(schedule('@hourly'), START_US);
  again.restore(arrivals.save());
  expect(again.nextUs()).toBe(arrivals.nextUs());
});

it('never comes where the schedule has no time', () => {
  expect(cron(schedule('0 0 31 2 *'), START_US).nextUs()).toBe(NEVER);
});
