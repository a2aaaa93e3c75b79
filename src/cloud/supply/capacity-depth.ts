/**
 * How many instances of a capacity pool can run at once: one number, or a series in equal steps that begins anew at its end.
 * A series is what public spot traces hold: the number of machines that could be had at each tick.
 */

import { NEVER } from '../../base/units.ts';

export interface DepthSeries {
  /** NEVER for a series of one number. */
  readonly stepUs: number;
  readonly counts: readonly number[];
}

export function constantDepth(instances: number): DepthSeries {
  return { stepUs: NEVER, counts: [instances] };
}

export function depthAt({ stepUs, counts }: DepthSeries, nowUs: number): number {
  return counts[Math.floor(nowUs / stepUs) % counts.length]!;
}

/** The next time after `nowUs` at which there is room for fewer than before; NEVER when there is none. */
export function nextFallUs({ stepUs, counts }: DepthSeries, nowUs: number): number {
  if (stepUs === NEVER) return NEVER;
  const step = Math.floor(nowUs / stepUs);
  for (let ahead = 1; ahead <= counts.length; ahead++) {
    const before = counts[(step + ahead - 1) % counts.length]!;
    if (counts[(step + ahead) % counts.length]! < before) return (step + ahead) * stepUs;
  }
  return NEVER;
}
