/**
 * Quotas of an account: vCPUs that may run at once, one number for each class of instance types, on-demand and spot apart. What
 * is above it is refused with VcpuLimitExceeded (MaxSpotInstanceCountExceeded for spot).
 *
 * Classes   by the letters of the type, as the EC2 quota page names them; standard is A, C, D, H, I, M, R, T, Z.
 * Source    the names of EC2's service quotas; aws.md 1.13 names the error.
 */

import type { InstanceType } from '../instance-type.ts';

export const QUOTA_CLASSES = [
  'standard',
  'f',
  'g',
  'p',
  'x',
  'inf',
  'trn',
  'dl',
  'hpc',
  'high-memory',
] as const;
export type QuotaClass = (typeof QUOTA_CLASSES)[number];

export interface VcpuQuota {
  readonly class: QuotaClass;
  readonly spot: boolean;
  readonly vcpus: number;
}

const STANDARD = 'acdhimrtz';

export function quotaClassOf({ category }: InstanceType): QuotaClass {
  switch (category) {
    case 'hpc':
    case 'inf':
    case 'trn':
    case 'dl':
      return category;
    case 'u':
      return 'high-memory';
    default: {
      const letter = category[0]!;
      if (letter === 'v') return 'g';
      if (letter === 'f' || letter === 'g' || letter === 'p' || letter === 'x') return letter;
      return STANDARD.includes(letter) ? 'standard' : 'high-memory';
    }
  }
}
