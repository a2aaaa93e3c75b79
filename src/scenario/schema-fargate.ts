/** The sources of capacity `fargate` and `fargateSpot` (aws.md 3.1, 4.1 to 4.4). */

import { z } from 'zod';
import { GIB } from '../base/units.ts';
import { formatBytes } from '../base/quantity.ts';
import { FARGATE_STORAGE_FREE_BYTES, PLAIN_FARGATE } from '../cluster/fargate-settings.ts';
import { bytes, positiveNumber } from './schema-quantity.ts';
import type { FargateSettings } from '../cluster/fargate-settings.ts';

const STORAGE_MOST_BYTES = 200 * GIB;

const keys = {
  arch: z.enum(['amd64', 'arm64']).prefault('amd64').describe('Processors; arm64 on ECS alone.'),
  ephemeralStorage: bytes
    .prefault('20GiB')
    .superRefine((size, context) => {
      if (size >= FARGATE_STORAGE_FREE_BYTES && size <= STORAGE_MOST_BYTES) return;
      const message = `expected 20GiB to 200GiB, found ${formatBytes(size)}`;
      context.addIssue({ code: 'custom', message });
    })
    .describe('Storage of each task; what is above 20GiB is billed.'),
  launchBurst: z
    .int()
    .min(1)
    .prefault(PLAIN_FARGATE.launchBurst)
    .describe('Tasks that the account may launch at once; 100, in newer regions 25.'),
  launchesPerSecond: positiveNumber
    .prefault(PLAIN_FARGATE.launchesPerSecond)
    .describe('Tasks that it may launch each second from then on; 20, in newer regions 5.'),
};

type Keys = Omit<FargateSettings, 'os' | 'storageBytes'> & { readonly ephemeralStorage: number };

export const fargate = z
  .strictObject({
    ...keys,
    os: z.enum(['linux', 'windows']).prefault('linux').describe('windows on ECS alone, on amd64.'),
  })
  .transform((map, context) => {
    if (map.os === 'windows' && map.arch === 'arm64') {
      const message = 'Windows on Fargate runs on amd64 alone';
      context.addIssue({ code: 'custom', message, path: ['arch'] });
    }
    return { kind: 'fargate' as const, settings: settingsOf(map, map.os) };
  });

export const fargateSpot = z.strictObject(keys).transform((map) => ({
  kind: 'fargate-spot' as const,
  settings: settingsOf(map, 'linux'),
}));

function settingsOf(map: Keys, os: FargateSettings['os']): FargateSettings {
  const { ephemeralStorage: storageBytes, arch, launchBurst, launchesPerSecond } = map;
  return { arch, os, storageBytes, launchBurst, launchesPerSecond };
}
