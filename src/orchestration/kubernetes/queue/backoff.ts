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
  private readonly isOff: boolean;
  /** By count, up to `countMax`. */
  private readonly seconds: readonly number[];

  constructor({ initialSeconds, maxSeconds }: BackoffOptions) {
    const seconds = [0];
    for (let next = initialSeconds; next < maxSeconds; next *= 2) seconds.push(next);
    seconds.push(maxSeconds);
    this.isOff = maxSeconds === 0;
    this.seconds = seconds;
    this.countMax = seconds.length - 1;
  }

  /** How long a pod waits that was refused so often, in seconds. */
  secondsAfter(count: number): number {
    return this.isOff ? 0 : this.seconds[Math.min(count, this.countMax)]!;
  }

  /** Second in which the wait of a pod refused at `sinceUs` ends, for the `count`-th time. */
  expirySecond(count: number, sinceUs: number): number {
    if (count === 0 || this.isOff) return LONG_AGO;
    return secondOf(sinceUs) + this.secondsAfter(count);
  }
}

export function secondOf(timeUs: number): number {
  return Math.floor(timeUs / US_PER_SECOND);
}
