/**
 * When Fargate Spot takes a task back: SIGTERM comes with the notice, and two minutes later the micro-VM is gone.
 *
 *     notice = up + a draw from one hazard for all       drawn by (seed, ordinal), without memory
 *
 * EC2       takes machines by pool: cloud/supply/spot-shortages.ts. The two minutes are the same.
 * Departs   tasks are struck one at a time. The notice is best effort in reality; here it always comes.
 * Source    aws.md 2.2, 4.3.
 */

import { US_PER_SECOND } from '../base/units.ts';
import { fargateSpotHazardPerHour, spotReclaimAfterUs } from '../cloud/spot.ts';
import type { AssumedParameters } from '../cloud/assumptions.ts';

export const SPOT_NOTICE_US = 120 * US_PER_SECOND;

/** Of the task whose micro-VM was launched as number `ordinal` and is up since `runningUs`; NEVER when it is kept for good. */
export function fargateSpotNoticeUs(
  parameters: AssumedParameters,
  seed: string | number,
  ordinal: number,
  runningUs: number,
): number {
  const ratePerHour = fargateSpotHazardPerHour(parameters);
  return runningUs + spotReclaimAfterUs(ratePerHour, seed, ordinal, 'spot-reclaim/fargate');
}
