/**
 * When the kubelet starts a container again that has exited (kubernetes.md 2.5).
 *
 *     first restart        at once
 *     each further one     10, 20, 40, 80, 160, 300, 300 ... s after the exit
 *     anew                 at once, and then from 10 s, when the exit came more than 600 s after the restart before
 *
 * Departs    the kubelet sees an exit at once (its relist takes up to a second).
 */

import { US_PER_SECOND } from '../base/units.ts';

const FIRST_US = 10 * US_PER_SECOND;
const MOST_US = 300 * US_PER_SECOND;

export interface Backoff {
  /** What the next restart waits. */
  readonly delayUs: number;
  /** The latest restart. */
  readonly restartedUs: number;
}

/** The back-off after the restart of a container that exited at `exitedUs`; `restartedUs` says when it is started. */
export function restartAfterExit(before: Backoff | undefined, exitedUs: number): Backoff {
  if (before === undefined || exitedUs - before.restartedUs > 2 * MOST_US) {
    return { delayUs: FIRST_US, restartedUs: exitedUs };
  }
  const { delayUs } = before;
  return { delayUs: Math.min(MOST_US, 2 * delayUs), restartedUs: exitedUs + delayUs };
}
