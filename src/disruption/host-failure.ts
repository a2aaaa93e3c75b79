/**
 * When machines fail by themselves, and when they come back.
 *
 *     failure = in use since + a draw of `afterUs`       back = failure + a draw of `repairUs`, or never
 *
 * Drawn     by (seed, pool, number in the pool, failures so far): the k-th host of a pool fails at the same age in every variant.
 * Departs   a failed machine loses what ran on it and answers nobody; there are no half failures (a slow disk, a dead
 *           GPU). Machines fail independently; what fails together is a zone (zone-outage.ts). A lost link is link-loss.ts.
 */

import { NEVER } from '../base/units.ts';
import { counterUniform } from '../random/counter-hash.ts';
import { quantile } from '../random/sampler.ts';
import type { Distribution } from '../random/distribution.ts';

export interface HostFailureProcess {
  readonly afterUs: Distribution;
  /** Absent for a machine that never comes back. */
  readonly repairUs?: Distribution;
  /** How long a failed node stays so before somebody marks it as out of service; NEVER when nobody does. */
  readonly outOfServiceUs: number;
}

/** A machine, for draws that are the same in every variant. */
export interface FailingHost {
  readonly pool: string;
  readonly ordinal: number;
  /** So far. */
  readonly failures: number;
}

/** Time in use until the next failure. */
export function failsAfterUs(
  process: HostFailureProcess,
  seed: string | number,
  host: FailingHost,
): number {
  return drawn(process.afterUs, seed, 'host-failure', host);
}

/** Time from the failure, which is counted in `failures`, until the machine answers again, or NEVER. */
export function backAfterUs(
  process: HostFailureProcess,
  seed: string | number,
  host: FailingHost,
): number {
  const { repairUs } = process;
  return repairUs === undefined ? NEVER : drawn(repairUs, seed, 'host-repair', host);
}

function drawn(
  from: Distribution,
  seed: string | number,
  what: string,
  { pool, ordinal, failures }: FailingHost,
): number {
  const draw = counterUniform(seed, `${what}/${pool}/${failures}`, ordinal);
  return Math.max(0, Math.round(quantile(from, draw)));
}
