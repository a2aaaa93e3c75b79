/** Key `kubelet` of a pool: what its nodes keep back from pods and how many pods they take (kubernetes.md 2.1, 2.3, 2.4). */

import { z } from 'zod';
import { TICKS_PER_MILLI } from '../base/units.ts';
import { bytes, count, cpu, either, share } from './schema-quantity.ts';
import type {
  EvictionThreshold,
  HardEviction,
  KubeletSettings,
} from '../cluster/kubelet-settings.ts';

const reserved = z
  .strictObject({
    cpu: cpu.prefault(0).describe('CPU kept back.'),
    memory: bytes.prefault(0).describe('Memory kept back.'),
  })
  .transform((map) => ({ cpu: map.cpu / TICKS_PER_MILLI, memory: map.memory }));

const threshold = either('a size such as 100MiB or a share such as 5%', [
  share.transform((part): EvictionThreshold => ({ share: part })),
  bytes.transform((amount): EvictionThreshold => ({ amount })),
]);

export const kubelet = z
  .strictObject({
    maxPods: z
      .exactOptional(z.int().min(1))
      .describe('Most pods of a node; default by network interfaces on EKS, else 110.'),
    podsPerCore: z
      .exactOptional(count)
      .describe('Most pods for each core of a node; 0, the default, for no such bound.'),
    kubeReserved: z
      .exactOptional(reserved)
      .describe('Kept back for kubelet and runtime; default by the formula of EKS, else nothing.'),
    systemReserved: z
      .exactOptional(reserved)
      .describe('Kept back for the operating system; default nothing.'),
    evictionHard: z
      .exactOptional(
        z.strictObject({
          memory: z.exactOptional(threshold).describe('Free memory below which it evicts.'),
          disk: z
            .exactOptional(threshold)
            .describe('Free disk below which it evicts; default 10%.'),
        }),
      )
      .describe(
        'When the kubelet evicts; default 100MiB on EKS, elsewhere nothing is kept back for it.',
      ),
    disk: z
      .exactOptional(bytes)
      .describe(
        'Room for images and for what containers fill (`diskUsage`); left out, it never fills.',
      ),
    imageDisk: z
      .exactOptional(bytes)
      .describe(
        'Room for images on a disk of their own; left out, they are on `disk`, and without that no image is collected.',
      ),
  })
  .transform(({ evictionHard, imageDisk, disk, ...kept }): KubeletSettings => ({
    ...kept,
    ...(evictionHard === undefined ? {} : { evictionHard: hardEviction(evictionHard) }),
    ...(disk === undefined ? {} : { diskBytes: disk }),
    ...(imageDisk === undefined ? {} : { imageDiskBytes: imageDisk }),
  }));

function hardEviction(map: {
  readonly memory?: EvictionThreshold;
  readonly disk?: EvictionThreshold;
}): HardEviction {
  return {
    ...(map.memory === undefined ? {} : { 'memory.available': map.memory }),
    ...(map.disk === undefined ? {} : { 'nodefs.available': map.disk }),
  };
}
