/** How images reach the hosts of a pool: rates and mode. Every rate is an assumed parameter (aws.md 5.5). */

import type { PullLimit } from './pull-limit.ts';
import type { AssumedParameters } from '../cloud/assumptions.ts';

export interface PullPath {
  readonly mode: PullMode;
  readonly downloadBytesPerSecond: number;
  /** In compressed bytes. */
  readonly unpackBytesPerSecond: number;
  /** Manifest and authorisation, before the first byte. */
  readonly roundTripsUs: number;
  /** How often a host may ask; absent for any number of times. */
  readonly limit?: PullLimit;
  /** Room for images on a host; absent where they never fill it. */
  readonly imageDiskBytes?: number;
  /** Pods fill that disk too, so that images may have to go however few they are. */
  readonly isDiskShared?: boolean;
}

export type PullMode = 'serial' | 'parallel';

export function pullPath(
  launchType: 'ec2' | 'fargate' | 'external',
  mode: PullMode,
  parameters: AssumedParameters,
): PullPath {
  return {
    mode,
    downloadBytesPerSecond: parameters.get(`pull.${launchType}-bytes-per-s`),
    unpackBytesPerSecond: parameters.get('pull.unpack-bytes-per-s'),
    roundTripsUs: parameters.us('pull.round-trips-s'),
  };
}
