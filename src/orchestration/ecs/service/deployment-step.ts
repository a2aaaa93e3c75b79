/**
 * One step of an ECS service towards its desired count with its newest revision (aws.md 3.7, 3.10):
 *
 *     L = ceil(desired x minimumHealthyPercent / 100)        healthy tasks that must stay
 *     U = floor(desired x maximumPercent / 100)              tasks, pending ones too, that may be
 *
 * Fresh      tasks of the newest revision that may stay. The others leave: those of an older revision, on a container
 *            instance that drains, or found unhealthy.
 * Start      what is missing of the fresh ones, while there are fewer than U.
 * Stop       of those that leave: at once the ones that do not count as healthy and run no traffic, then healthy ones, oldest
 *            first, while L remain. An unhealthy one goes when its replacement is healthy; where U leaves no room for a
 *            replacement one goes first.
 * Too many   fresh ones are scaled in, whatever L says: it follows the desired count.
 * Stuck      U = desired = L: nothing may be started, nothing stopped.
 * Departs    tasks that are stopping count no more, neither as running nor as healthy.
 */

import type { EcsServiceOptions } from './service-options.ts';

export interface ServiceTask {
  readonly task: number;
  /** Of the newest revision, on an instance that stays. */
  readonly isFresh: boolean;
  readonly isHealthy: boolean;
  /** A health check has failed. */
  readonly isUnhealthy: boolean;
}

export interface ServiceStep {
  readonly starts: number;
  /** Tasks that leave. */
  readonly stops: readonly number[];
  /** Fresh tasks that are too many; who goes is the scale-in order's choice. */
  readonly surplus: number;
  /** Something is to be replaced, and the two bounds forbid it for good. */
  readonly isStuck: boolean;
}

type Percentages = Pick<EcsServiceOptions, 'minimumHealthyPercent' | 'maximumPercent'>;

export function lowerBound(desired: number, { minimumHealthyPercent }: Percentages): number {
  return Math.ceil((desired * minimumHealthyPercent) / 100);
}

export function upperBound(desired: number, { maximumPercent }: Percentages): number {
  return Math.floor((desired * maximumPercent) / 100);
}

/** `tasks` are those that are not stopping, oldest first; `wanted` is the desired count and what rebalancing adds. */
export function deploymentStep(
  tasks: readonly ServiceTask[],
  desired: number,
  wanted: number,
  options: Percentages,
): ServiceStep {
  const lower = lowerBound(desired, options);
  const upper = upperBound(desired, options);
  const fresh = tasks.filter(({ isFresh, isUnhealthy }) => isFresh && !isUnhealthy);
  const leaving = tasks.filter(({ isFresh, isUnhealthy }) => !isFresh || isUnhealthy);
  const missing = Math.max(0, wanted - fresh.length);
  const starts = Math.min(missing, Math.max(0, upper - tasks.length));
  const freshHealthy = fresh.filter(({ isHealthy }) => isHealthy).length;
  let healthy = tasks.filter(({ isHealthy, isUnhealthy }) => isHealthy && !isUnhealthy).length;
  const stops: number[] = [];
  // A replacement that may not be started waits for room: one unhealthy task makes it.
  let mayMakeRoom = starts < missing;
  for (const { task, isHealthy, isUnhealthy, isFresh } of leaving) {
    if (isUnhealthy && isFresh) {
      if (freshHealthy < desired && !mayMakeRoom) continue;
      mayMakeRoom = false;
      stops.push(task);
    } else if (!isHealthy || isUnhealthy) stops.push(task);
    else if (healthy - 1 >= lower) {
      healthy--;
      stops.push(task);
    }
  }
  const isStuck = leaving.length > 0 && upper <= desired && lower >= desired && stops.length === 0;
  return { starts, stops, surplus: Math.max(0, fresh.length - wanted), isStuck };
}
