/** Pods of one DaemonSet on nodes that it should run on: which would be made and deleted? */

import type { Draw } from '../draw.ts';

export interface DaemonsCase {
  readonly maxUnavailable: number | string;
  readonly maxSurge: number | string;
  /** By node; older pods first. */
  readonly nodes: readonly (readonly DaemonsCasePod[])[];
}

export interface DaemonsCasePod {
  readonly terminating: boolean;
  readonly ready: boolean;
  readonly current: boolean;
}

export function drawDaemonsCase(draw: Draw): DaemonsCase {
  const surges = draw.chance(0.5);
  const calm = draw.pick([0.7, 0.9, 1]);
  const updated = draw.pick([0, 0.3, 0.8]);
  const pod = () => ({
    terminating: draw.chance((1 - calm) / 2),
    ready: draw.chance(calm),
    current: draw.chance(updated),
  });
  const perNode = () => {
    if (draw.chance(calm)) return 1;
    return draw.pick([0, 1, 2, 2, 3]);
  };
  return {
    maxUnavailable: surges ? 0 : drawAmount(draw),
    maxSurge: surges ? drawAmount(draw) : 0,
    nodes: Array.from({ length: draw.int(1, 12) }, () => Array.from({ length: perNode() }, pod)),
  };
}

function drawAmount(draw: Draw): number | string {
  return draw.chance(0.5) ? draw.int(1, 5) : `${draw.pick([10, 25, 34, 100])}%`;
}
