import { describe, expect, it } from 'vitest';
import { cronJobStep } from '../../../../src/orchestration/kubernetes/controllers/cron-job-step.ts';
import { parseCron } from '../../../../src/base/cron-schedule.ts';
import { US_PER_HOUR, US_PER_MINUTE } from '../../../../src/base/units.ts';
import type { CronJobSpec } from '../../../../src/cluster/controller-specs.ts';
import type { CronJobState } from '../../../../src/orchestration/kubernetes/controllers/cron-job-step.ts';

const HOURLY = parseCron('0 * * * *');

/** At `hours` since 1970 of a CronJob made then; what starts, and when it looks again. */
function step(
  hours: number,
  state: Partial<CronJobState> = {},
  spec: Partial<CronJobSpec> = {},
  schedule = HOURLY,
) {
  if (typeof schedule === 'string') throw new Error(schedule);
  const whole = { createdUs: 0, lastScheduledUs: NaN, active: 0, ...state };
  const rules = { startingDeadlineUs: Infinity, concurrency: 'Allow', ...spec } as const;
  const { startUs, endsActive, nextUs } = cronJobStep(schedule, rules, whole, hours * US_PER_HOUR);
  const inHours = (us: number | undefined) => (us === undefined ? undefined : us / US_PER_HOUR);
  return { start: inHours(startUs), endsActive, lookMs: (nextUs - hours * US_PER_HOUR) / 1_000 };
}

const HOUR_MS = 3_600_000;

describe('a CronJob (kubernetes.md 3.6)', () => {
  it('waits for the first time of its schedule and looks 100 ms later', () => {
    const { start, lookMs } = step(0.5);
    expect([start, lookMs]).toEqual([undefined, HOUR_MS / 2 + 100]);
  });

  it('starts at its time, and then waits for the next', () => {
    const { start, lookMs } = step(1);
    expect([start, lookMs]).toEqual([1, HOUR_MS + 100]);
    expect(step(1, { lastScheduledUs: US_PER_HOUR }).start).toBeUndefined();
  });

  it('runs the most recent of the times that it missed, once', () => {
    expect(step(5.5).start).toBe(5);
    expect(step(500.5).start).toBe(500);
  });

  it('finds the most recent time of a schedule whose times are not equally far apart', () => {
    const uneven = parseCron('0 6-16/4 * * *');
    expect(step(33, { createdUs: 0 }, {}, uneven).start).toBe(30);
  });

  it('skips a time whose deadline is over', () => {
    const deadline = { startingDeadlineUs: 10 * US_PER_MINUTE };
    expect(step(1.1, {}, deadline).start).toBe(1);
    expect(step(1.5, {}, deadline).start).toBeUndefined();
  });

  it('Forbid skips while the Job before runs; the time stays missed and may run later', () => {
    const forbid = { concurrency: 'Forbid' } as const;
    const last = { lastScheduledUs: US_PER_HOUR };
    expect(step(2, { ...last, active: 1 }, forbid).start).toBeUndefined();
    expect(step(2.5, last, forbid).start).toBe(2);
  });

  it('Replace ends what still runs and starts', () => {
    const replace = { concurrency: 'Replace' } as const;
    expect(step(2, { lastScheduledUs: US_PER_HOUR, active: 1 }, replace)).toMatchObject({
      start: 2,
      endsActive: true,
    });
  });
});
