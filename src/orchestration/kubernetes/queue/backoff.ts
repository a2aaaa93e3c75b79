/**
 * How long a pod waits after it was refused (kubernetes.md 1.2).
 *
 *     duration(n) = initial * 2^(n - 1), at most max        1, 2, 4, 8, 10, 10 ... s for the n-th refusal in a row of counts
 *     expiry      = time of the refusal + duration, cut to whole seconds
 *
 * A pod backs off until the first whole second after that of its expiry. A maximum of 0 switches waiting off.
 */

import { US_PER_SECOND } from '../../../base/units.ts';

export interface BackoffOptions {
  readonly initialSeconds: number;
  readonly maxSeconds: number;
}

/** kubernetes.md 1.1. */
export const DEFAULT_BACKOFF: BackoffOptions = { initialSeconds: 1, maxSeconds: 10 };

/** Expiry of a pod that does not wait. */
const LONG_AGO = -1;

export class Backoff {
  /** Counts from here on wait equally long, so they are not told apart. */
  readonly countMax: number;
  private readonly options: BackoffOptions;

  constructor(options: BackoffOptions) {
    this.options = options;
    let count = 1;
    while (this.seconds(count) < options.maxSeconds) count++;
    this.countMax = count;
  }

  /** Second in which the wait of a pod refused at `sinceUs` ends, for the `count`-th time. */
  expirySecond(count: number, sinceUs: number): number {
    if (count === 0 || this.options.maxSeconds === 0) return LONG_AGO;
    return secondOf(sinceUs) + this.seconds(count);
  }

  private seconds(count: number): number {
    const { initialSeconds, maxSeconds } = this.options;
    let seconds = initialSeconds;
    for (let n = 1; n < count && seconds < maxSeconds; n++) seconds *= 2;
    return Math.min(seconds, maxSeconds);
  }
}

export function secondOf(timeUs: number): number {
  return Math.floor(timeUs / US_PER_SECOND);
}
