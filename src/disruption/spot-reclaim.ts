/**
 * When spot capacity is taken back: the provider gives notice, and two minutes later the host is gone.
 *
 *     notice = running + a draw from the hazard of the pool       reclaim = notice + 120 s
 *
 * EC2       hazard by the interruption band of the instance type and region; drawn by (seed, type, zone, ordinal), so
 *           that the k-th spot host of a pool lives as long in every variant (aws.md 2.2).
 * Fargate   one hazard for all; SIGTERM comes with the notice (aws.md 4.3).
 * Departs   hosts are struck one at a time and without memory; losses of a pool that come together need the capacity
 *           process of that pool. The notice is best effort in reality; here it always comes. No rebalance recommendation.
 */

import { US_PER_SECOND } from '../base/units.ts';
import { fargateSpotHazardPerHour, spotHazardPerHour, spotReclaimAfterUs } from '../cloud/spot.ts';
import type { AssumedParameters } from '../cloud/assumptions.ts';
import type { InstanceType } from '../cloud/instance-type.ts';

export const SPOT_NOTICE_US = 120 * US_PER_SECOND;

/** Both NEVER when the capacity is kept for good. */
export interface SpotReclaim {
  readonly noticeUs: number;
  readonly reclaimUs: number;
}

export interface SpotPool {
  readonly type: InstanceType;
  readonly region: string;
  /** Name of the zone in its region: `a`. */
  readonly zone: string;
}

/** Of the host that was launched as number `ordinal` in its pool and runs since `runningUs`. */
export function ec2SpotReclaim(
  pool: SpotPool,
  parameters: AssumedParameters,
  seed: string | number,
  ordinal: number,
  runningUs: number,
): SpotReclaim {
  const { type, region, zone } = pool;
  const ratePerHour = spotHazardPerHour(type, region, parameters);
  const purpose = `spot-reclaim/${type.name}/${region}${zone}`;
  return withNotice(runningUs + spotReclaimAfterUs(ratePerHour, seed, ordinal, purpose));
}

/** Of the Fargate Spot task whose micro-VM was launched as number `ordinal` and is up since `runningUs`. */
export function fargateSpotReclaim(
  parameters: AssumedParameters,
  seed: string | number,
  ordinal: number,
  runningUs: number,
): SpotReclaim {
  const ratePerHour = fargateSpotHazardPerHour(parameters);
  return withNotice(
    runningUs + spotReclaimAfterUs(ratePerHour, seed, ordinal, 'spot-reclaim/fargate'),
  );
}

function withNotice(noticeUs: number): SpotReclaim {
  return { noticeUs, reclaimUs: noticeUs + SPOT_NOTICE_US };
}
