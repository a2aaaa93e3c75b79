/** What a Fargate pool says about its micro-VMs and about the account that launches them: plain data. */

import { GIB } from '../base/units.ts';

export interface FargateSettings {
  readonly arch: 'amd64' | 'arm64';
  readonly os: 'linux' | 'windows';
  /** Ephemeral storage of each micro-VM; what is above `FARGATE_STORAGE_FREE_BYTES` is billed. */
  readonly storageBytes: number;
  /** Launches of the account at once, and how many more each second (aws.md 3.1). */
  readonly launchBurst: number;
  readonly launchesPerSecond: number;
}

export const FARGATE_STORAGE_FREE_BYTES = 20 * GIB;

export const PLAIN_FARGATE: FargateSettings = {
  arch: 'amd64',
  os: 'linux',
  storageBytes: FARGATE_STORAGE_FREE_BYTES,
  launchBurst: 100,
  launchesPerSecond: 20,
};
