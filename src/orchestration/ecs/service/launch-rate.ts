/**
 * How many tasks the service scheduler starts for a service: at most 500 a minute (aws.md 3.1; EC2 and External, and Fargate in the
 * older regions; newer ones have 125 there).
 *
 * Minutes   those of the service: one begins with the first task that is started after the one before is over. AWS does not say
 *           how it counts.
 */

import { US_PER_MINUTE } from '../../../base/units.ts';

const LAUNCHES_PER_MINUTE = 500;

export type LaunchRateState = readonly (readonly [
  workload: number,
  sinceUs: number,
  count: number,
])[];

export class LaunchRate {
  private readonly minutes = new Map<number, { sinceUs: number; count: number }>();

  /** How many of `wanted` tasks may be started now; counts them. */
  take(workload: number, wanted: number, nowUs: number): number {
    let minute = this.minutes.get(workload);
    if (minute === undefined || nowUs >= minute.sinceUs + US_PER_MINUTE) {
      minute = { sinceUs: nowUs, count: 0 };
      this.minutes.set(workload, minute);
    }
    const taken = Math.min(wanted, LAUNCHES_PER_MINUTE - minute.count);
    minute.count += taken;
    return taken;
  }

  /** When the next ones may be started, after `take` gave fewer than wanted. */
  openUs(workload: number): number {
    return this.minutes.get(workload)!.sinceUs + US_PER_MINUTE;
  }

  save(): LaunchRateState {
    return [...this.minutes].map(([workload, { sinceUs, count }]) => [workload, sinceUs, count]);
  }

  restore(state: LaunchRateState): void {
    this.minutes.clear();
    for (const [workload, sinceUs, count] of state) this.minutes.set(workload, { sinceUs, count });
  }
}
