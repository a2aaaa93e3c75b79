/**
 * How long a service waits before it starts a task again after tasks that never ran (aws.md 3.7):
 *
 *     delay after n failures in a row = min(first x factor^(n-1), 27 min)
 *
 * Only the ceiling is published: `ecs.launch-throttle-first-s` and `ecs.launch-throttle-factor` are assumptions. A task that ran is
 * no failure; one that runs, and an update of the service, end the waiting.
 */

import { US_PER_MINUTE } from '../../../base/units.ts';

const LONGEST_US = 27 * US_PER_MINUTE;

export interface ThrottleTimes {
  readonly firstUs: number;
  /** Above 1. */
  readonly factor: number;
}

export interface ThrottleState {
  readonly failures: number;
  readonly openUs: number;
}

const OPEN: ThrottleState = { failures: 0, openUs: 0 };
export class LaunchThrottle {
  private readonly times: ThrottleTimes;
  private state = OPEN;

  constructor(times: ThrottleTimes) {
    this.times = times;
  }

  /** From when on a task may be started. */
  get openUs(): number {
    return this.state.openUs;
  }

  failed(nowUs: number): void {
    const failures = this.state.failures + 1;
    let delayUs = this.times.firstUs;
    for (let i = 1; i < failures && delayUs < LONGEST_US; i++) delayUs *= this.times.factor;
    this.state = { failures, openUs: nowUs + Math.min(Math.round(delayUs), LONGEST_US) };
  }

  reset(): void {
    this.state = OPEN;
  }

  save(): ThrottleState {
    return this.state;
  }

  restore(state: ThrottleState): void {
    this.state = state;
  }
}
