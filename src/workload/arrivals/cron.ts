/** Arrivals at the times of a cron schedule, by the civil time at which the run starts. No draw. */

import { NEVER } from '../../base/units.ts';
import type { ArrivalProcess, ArrivalState } from './arrival-process.ts';
import type { CronSchedule } from '../../base/cron-schedule.ts';
import { stateNumber } from './state-number.ts';

export function cron(schedule: CronSchedule, startUs: number): ArrivalProcess {
  return new Cron(schedule, startUs);
}

class Cron implements ArrivalProcess {
  private readonly schedule: CronSchedule;
  private readonly startUs: number;
  /** Civil time of the last arrival. */
  private lastUs: number;

  constructor(schedule: CronSchedule, startUs: number) {
    this.schedule = schedule;
    this.startUs = startUs;
    this.lastUs = startUs;
  }

  nextUs(): number {
    const next = this.schedule.nextUs(this.lastUs);
    if (next === NEVER) return NEVER;
    this.lastUs = next;
    return next - this.startUs;
  }

  save(): ArrivalState {
    return { lastUs: this.lastUs };
  }

  restore(state: ArrivalState): void {
    this.lastUs = stateNumber(state, 'lastUs');
  }
}
