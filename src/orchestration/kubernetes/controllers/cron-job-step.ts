/**
 * What a CronJob does when it looks at the clock (kubernetes.md 3.6). Times are civil, in microseconds since 1970.
 *
 * Since       the last scheduled time or its creation, but not earlier than now - startingDeadline.
 * Runs        the most recent missed time, once; the number of others is only guessed, for a warning from 100 on.
 * Skips       a time that is too late for its deadline, that was run already, or whose predecessor still runs under Forbid: it
 *             stays missed and may run later. Replace ends what still runs first.
 * Looks again at the next time + 100 ms.
 */

import { US_PER_MS, US_PER_SECOND } from '../../../base/units.ts';
import type { CronJobSpec } from '../../../cluster/controller-specs.ts';
import type { CronSchedule } from '../../../base/cron-schedule.ts';

const NEXT_DELAY_US = 100 * US_PER_MS;

export interface CronJobState {
  readonly createdUs: number;
  /** NaN before the first. */
  readonly lastScheduledUs: number;
  /** Jobs of it that have not ended. */
  readonly active: number;
}

export interface CronJobStep {
  /** The time to start a Job for; absent when there is none to start now. */
  readonly startUs?: number;
  readonly endsActive: boolean;
  readonly nextUs: number;
}

export function cronJobStep(
  schedule: CronSchedule,
  spec: Pick<CronJobSpec, 'startingDeadlineUs' | 'concurrency'>,
  state: CronJobState,
  nowUs: number,
): CronJobStep {
  const since = Number.isNaN(state.lastScheduledUs) ? state.createdUs : state.lastScheduledUs;
  const nextUs = nextLookUs(schedule, since, nowUs);
  const waits = { endsActive: false, nextUs };
  const earliest = Math.max(since, nowUs - spec.startingDeadlineUs);
  const startUs = mostRecentUs(schedule, earliest, nowUs);
  if (startUs === undefined || startUs === state.lastScheduledUs) return waits;
  if (startUs + spec.startingDeadlineUs < nowUs) return waits;
  if (spec.concurrency === 'Forbid' && state.active > 0) return waits;
  const endsActive = spec.concurrency === 'Replace' && state.active > 0;
  // The new time is the last scheduled one from now on.
  return { startUs, endsActive, nextUs: schedule.nextUs(startUs) + NEXT_DELAY_US };
}

/** The last time of the schedule that is after `sinceUs` and not after now. */
function mostRecentUs(schedule: CronSchedule, sinceUs: number, nowUs: number): number | undefined {
  const first = schedule.nextUs(sinceUs);
  const second = schedule.nextUs(first);
  if (nowUs < first) return undefined;
  if (nowUs < second) return first;
  // As many intervals on as fit in, less one, because they need not be equal.
  const intervalS = Math.round((second - first) / US_PER_SECOND);
  const missed = Math.floor(Math.floor((nowUs - first) / US_PER_SECOND) / intervalS) + 1;
  let recent: number | undefined;
  let at = schedule.nextUs(first + (missed - 2) * intervalS * US_PER_SECOND);
  for (; at <= nowUs; at = schedule.nextUs(at)) recent = at;
  return recent;
}

function nextLookUs(schedule: CronSchedule, sinceUs: number, nowUs: number): number {
  const isMissing = schedule.nextUs(sinceUs) <= nowUs;
  const from = mostRecentUs(schedule, sinceUs, nowUs) ?? (isMissing ? nowUs : sinceUs);
  return schedule.nextUs(from) + NEXT_DELAY_US;
}
