/** Pods of one StatefulSet: which would be made and deleted in one sync? */

import type { Draw } from '../draw.ts';

export interface StatefulCase {
  readonly replicas: number;
  readonly firstOrdinal: number;
  readonly management: 'OrderedReady' | 'Parallel';
  readonly update: 'RollingUpdate' | 'OnDelete';
  readonly partition: number;
  readonly pods: readonly StatefulCasePod[];
}

export interface StatefulCasePod {
  readonly ordinal: number;
  readonly terminating: boolean;
  readonly ready: boolean;
  readonly current: boolean;
}

export function drawStatefulCase(draw: Draw): StatefulCase {
  const replicas = draw.int(0, 6);
  const firstOrdinal = draw.chance(0.8) ? 0 : draw.int(1, 3);
  // Most sets are whole and well, or nothing but creation would be seen.
  const calm = draw.pick([0.6, 0.95, 1]);
  const ordinals = Array.from({ length: 9 }, (_, ordinal) => ordinal).filter((ordinal) => {
    const isInRange = ordinal >= firstOrdinal && ordinal < firstOrdinal + replicas;
    return isInRange ? draw.chance(calm) : draw.chance(0.15);
  });
  return {
    replicas,
    firstOrdinal,
    management: draw.pick(['OrderedReady', 'OrderedReady', 'Parallel']),
    update: draw.chance(0.85) ? 'RollingUpdate' : 'OnDelete',
    partition: draw.chance(0.7) ? 0 : draw.int(0, 5),
    pods: ordinals.map((ordinal) => ({
      ordinal,
      terminating: draw.chance((1 - calm) / 2),
      ready: draw.chance(calm),
      current: draw.chance(0.5),
    })),
  };
}
