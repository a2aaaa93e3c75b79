/**
 * The early warning of EC2 that a spot instance is at risk: best effort, some time before the notice, or too late to be of use.
 *
 *     comes with probability `spot.recommendation-share`, an exponential time of mean `spot.recommendation-lead-s` before the notice
 *
 * Drawn by (seed, pool, machine). What would come before the machine runs comes as it begins to run.
 * Source  aws.md 2.2 says that it is earlier, best effort, and may come together with the notice; both numbers are assumptions.
 */

import { NEVER } from '../../base/units.ts';
import { counterUniform } from '../../random/counter-hash.ts';
import { ln } from '../../random/portable-math.ts';
import type { AssumedParameters } from '../assumptions.ts';

/** NEVER when none comes in time. */
export function recommendationUs(
  noticeUs: number,
  runningUs: number,
  parameters: AssumedParameters,
  seed: string | number,
  machine: string,
): number {
  const purpose = `rebalance-recommendation/${machine}`;
  if (noticeUs === NEVER) return NEVER;
  if (counterUniform(seed, purpose, 0) >= parameters.get('spot.recommendation-share')) return NEVER;
  const meanUs = parameters.us('spot.recommendation-lead-s');
  const leadUs = Math.round(-ln(1 - counterUniform(seed, purpose, 1)) * meanUs);
  return Math.max(runningUs, noticeUs - leadUs);
}
