/** Pods of a node: what does it cost to evict them, and how much of its life has the node left? */

import type { Draw } from '../draw.ts';

export interface EvictionCase {
  readonly pods: readonly { readonly deletionCost?: string; readonly priority?: number }[];
  readonly expireAfterSeconds?: number;
  readonly ageSeconds: number;
}

export function drawEvictionCase(draw: Draw): EvictionCase {
  return {
    pods: Array.from({ length: draw.int(1, 6) }, () => ({
      ...draw.maybe(0.5, () => ({
        deletionCost: draw.pick([
          '0',
          '100',
          '-1',
          '134217728',
          '2147483647',
          '-2147483647',
          `${draw.int(-2_000_000_000, 2_000_000_000)}`,
        ]),
      })),
      ...draw.maybe(0.5, () => ({
        priority: draw.pick([
          0,
          1000,
          -1000,
          1_000_000_000,
          2_000_001_000,
          draw.int(-100_000_000, 100_000_000),
        ]),
      })),
    })),
    ...draw.maybe(0.7, () => ({ expireAfterSeconds: draw.pick([60, 3600, 2_592_000]) })),
    ageSeconds: draw.pick([0, 1, 59, 60, 61, 1800, 86_400, 5_000_000]),
  };
}
