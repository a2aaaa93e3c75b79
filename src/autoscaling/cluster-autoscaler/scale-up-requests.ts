/**
 * What the autoscaler has asked its groups for, and which groups it leaves alone because they did not deliver.
 *
 * Request    open from a scale-up until the group has every node; a further scale-up adds to it and restarts its clock.
 * Timeout    15 min: the group's target goes down by what was asked for and is still missing, and the group is backed off.
 * Back-off   5 min; the next failure after it doubles it, to 30 min; forgotten 3 h after the last failure.
 * Departs    failed launches are not seen before the timeout; unready nodes do not make a group unhealthy.
 * Source     kubernetes.md 5.7, 5.0.
 */

import { US_PER_HOUR, US_PER_MINUTE } from '../../base/units.ts';

const PROVISION_US = 15 * US_PER_MINUTE;
const BACK_OFF_US = 5 * US_PER_MINUTE;
const BACK_OFF_MAX_US = 30 * US_PER_MINUTE;
const BACK_OFF_RESET_US = 3 * US_PER_HOUR;

interface Request {
  readonly pool: number;
  readonly increase: number;
  readonly expectedByUs: number;
}

interface BackOff {
  readonly pool: number;
  readonly durationUs: number;
  readonly untilUs: number;
  readonly lastFailureUs: number;
}

interface ScaleUpRequestsState {
  readonly requests: readonly Request[];
  readonly backOffs: readonly BackOff[];
}

export class ScaleUpRequests {
  private requests: readonly Request[] = [];
  private backOffs: readonly BackOff[] = [];

  register(pool: number, increase: number, nowUs: number): void {
    const open = this.requests.find((request) => request.pool === pool)?.increase ?? 0;
    const others = this.requests.filter((request) => request.pool !== pool);
    const expectedByUs = nowUs + PROVISION_US;
    this.requests = [...others, { pool, increase: open + increase, expectedByUs }];
  }

  isBackedOff(pool: number, nowUs: number): boolean {
    return this.backOffs.some((entry) => entry.pool === pool && entry.untilUs > nowUs);
  }

  /**
   * Closes the requests that were met or are overdue. `missing`: nodes that a group should have and has not ready.
   * Returns, by pool, how far its target goes down.
   */
  update(nowUs: number, missing: (pool: number) => number): Map<number, number> {
    const givenUp = new Map<number, number>();
    this.requests = this.requests.filter(({ pool, increase, expectedByUs }) => {
      const stillMissing = missing(pool);
      if (stillMissing <= 0) return false;
      if (nowUs <= expectedByUs) return true;
      givenUp.set(pool, Math.min(increase, stillMissing));
      this.backOff(pool, nowUs);
      return false;
    });
    return givenUp;
  }

  save(): ScaleUpRequestsState {
    return { requests: this.requests, backOffs: this.backOffs };
  }

  restore(state: ScaleUpRequestsState): void {
    this.requests = state.requests;
    this.backOffs = state.backOffs;
  }

  private backOff(pool: number, nowUs: number): void {
    const before = this.backOffs.find((entry) => entry.pool === pool);
    const others = this.backOffs.filter((entry) => entry.pool !== pool);
    const durationUs = nextDurationUs(before, nowUs);
    const untilUs = nowUs + durationUs;
    this.backOffs = [...others, { pool, durationUs, untilUs, lastFailureUs: nowUs }];
  }
}

function nextDurationUs(before: BackOff | undefined, nowUs: number): number {
  if (before === undefined || nowUs - before.lastFailureUs > BACK_OFF_RESET_US) return BACK_OFF_US;
  if (nowUs <= before.untilUs) return before.durationUs;
  return Math.min(2 * before.durationUs, BACK_OFF_MAX_US);
}
