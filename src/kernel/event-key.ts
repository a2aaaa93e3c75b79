/**
 * Time and phase of an event as one number: key = timeUs x 16 + phase.
 *
 * Order      by key is the order by (time, phase).
 * Exact      below 2^53, so for times below 2^49 us = 17.8 years; every key is an integer.
 */

import { InvariantError } from '../base/assert.ts';
import { PHASES_MAX } from './calendar.ts';

/** The last microsecond whose 16 phases are all exact: 2^49 - 1. */
const TIME_US_MAX = 562_949_953_421_311;

export function eventKey(timeUs: number, phase: number): number {
  // `assert` would build a closure for its message on each push.
  if (!(timeUs >= 0 && timeUs <= TIME_US_MAX) || Math.floor(timeUs) !== timeUs) {
    throw new InvariantError(
      `event time must be whole microseconds within 17 years, found ${timeUs}`,
    );
  }
  if ((phase & (PHASES_MAX - 1)) !== phase) {
    throw new InvariantError(`phase must be 0 to 15, found ${phase}`);
  }
  return timeUs * PHASES_MAX + phase;
}

/** Division by a power of two is exact; the remainder operator on doubles is a call of fmod. */
export function timeUsOfKey(key: number): number {
  return Math.floor(key / PHASES_MAX);
}

export function phaseOfKey(key: number): number {
  return key - timeUsOfKey(key) * PHASES_MAX;
}
