/**
 * What the autoscaler has asked its groups for, and which groups it leaves alone because they did not deliver.
 *
 * Request    open from a scale-up until no node of the group is upcoming; a further scale-up adds to it and restarts its
 *            clock; failed launches take from it.
 * Timeout    when the group had `provisionUs` and nodes are still upcoming, the request ends and the group is backed off.
 * Back-off   5 min; the next failure after it doubles it, to 30 min; a failure within it keeps its length; forgotten 3 h
 *            after the last failure. All three may be set.
 * Source     kubernetes.md 5.7, 5.0.
 */

import { US_PER_HOUR, US_PER_MINUTE } from '../../base/units.ts';

/** `--initial-node-group-backoff-duration`, `--max-...` and `--node-group-backoff-reset-timeout`. */
export interface GroupBackOff {
  readonly initialUs: number;
  readonly maxUs: number;
  readonly resetUs: number;
}

export const GROUP_BACK_OFF: GroupBackOff = {
  initialUs: 5 * US_PER_MINUTE,
  maxUs: 30 * US_PER_MINUTE,
  resetUs: 3 * US_PER_HOUR,
};

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
  private readonly provisionUs: number;
  private readonly times: GroupBackOff;
  private requests: readonly Request[] = [];
  private backOffs: readonly BackOff[] = [];

  constructor(provisionUs: number, times = GROUP_BACK_OFF) {
    this.provisionUs = provisionUs;
    this.times = times;
  }

  register(pool: number, increase: number, nowUs: number): void {
    const expectedByUs = nowUs + this.provisionUs;
    this.put({ pool, increase: this.increaseOf(pool) + increase, expectedByUs });
  }

  /** What the open request of a group adds; 0 without one. */
  increaseOf(pool: number): number {
    return this.requestOf(pool)?.increase ?? 0;
  }

  isBackedOff(pool: number, nowUs: number): boolean {
    return this.backOffs.some((entry) => entry.pool === pool && entry.untilUs > nowUs);
  }

  /** So many nodes of the group's open request were refused. */
  failed(pool: number, count: number, nowUs: number): void {
    const request = this.requestOf(pool);
    if (request === undefined) return;
    this.put({ ...request, increase: request.increase - count });
    this.backOff(pool, nowUs);
  }

  /**
   * Closes the requests that were met or are overdue, and answers the pools of the latter. `upcoming`: nodes that a group
   * is still to get.
   */
  update(nowUs: number, upcoming: (pool: number) => number): number[] {
    this.requests = this.requests.filter(({ pool }) => upcoming(pool) > 0);
    const overdue = this.requests.filter(({ expectedByUs }) => expectedByUs < nowUs);
    this.requests = this.requests.filter((request) => !overdue.includes(request));
    for (const { pool } of overdue) this.backOff(pool, nowUs);
    return overdue.map(({ pool }) => pool);
  }

  save(): ScaleUpRequestsState {
    return { requests: this.requests, backOffs: this.backOffs };
  }

  restore(state: ScaleUpRequestsState): void {
    this.requests = state.requests;
    this.backOffs = state.backOffs;
  }

  private requestOf(pool: number): Request | undefined {
    return this.requests.find((request) => request.pool === pool);
  }

  /** In place of the pool's request; one that adds nothing is none. */
  private put(request: Request): void {
    const others = this.requests.filter(({ pool }) => pool !== request.pool);
    this.requests = request.increase > 0 ? [...others, request] : others;
  }

  private backOff(pool: number, nowUs: number): void {
    const before = this.backOffs.find((entry) => entry.pool === pool);
    const others = this.backOffs.filter((entry) => entry.pool !== pool);
    const durationUs = nextDurationUs(before, nowUs, this.times);
    const untilUs = nowUs + durationUs;
    this.backOffs = [...others, { pool, durationUs, untilUs, lastFailureUs: nowUs }];
  }
}

function nextDurationUs(
  before: BackOff | undefined,
  nowUs: number,
  { initialUs, maxUs, resetUs }: GroupBackOff,
): number {
  if (before === undefined || nowUs - before.lastFailureUs > resetUs) return initialUs;
  if (nowUs <= before.untilUs) return before.durationUs;
  return Math.min(2 * before.durationUs, maxUs);
}
