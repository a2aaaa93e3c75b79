/** ReplicaSets of one Deployment in the middle of something: how large would each be after one step? */

import type { Draw } from '../draw.ts';

export interface RolloutCase {
  readonly replicas: number;
  readonly maxSurge: number | string;
  readonly maxUnavailable: number | string;
  /** Oldest first. */
  readonly sets: readonly RolloutSet[];
  readonly newest: number;
}

export interface RolloutSet {
  readonly replicas: number;
  readonly available: number;
  readonly desired: number;
  readonly maximum: number;
}

export function drawRolloutCase(draw: Draw): RolloutCase {
  const replicas = draw.chance(0.1) ? 0 : draw.int(1, 40);
  const before = draw.chance(0.5) ? replicas : draw.int(1, 40);
  const count = draw.int(1, 4);
  const sets = Array.from({ length: count }, () => drawSet(draw, before));
  return {
    replicas,
    maxSurge: drawAmount(draw),
    maxUnavailable: drawAmount(draw),
    sets,
    // A revision that comes back has an old set.
    newest: draw.chance(0.85) ? count - 1 : draw.int(0, count - 1),
  };
}

function drawAmount(draw: Draw): number | string {
  return draw.chance(0.5) ? draw.int(0, 8) : `${draw.pick([0, 10, 25, 30, 50, 100])}%`;
}

function drawSet(draw: Draw, before: number): RolloutSet {
  const replicas = draw.chance(0.2) ? 0 : draw.int(0, before);
  return {
    replicas,
    available: draw.chance(0.4) ? replicas : draw.int(0, replicas),
    desired: draw.chance(0.9) ? before : draw.int(1, 40),
    maximum: before + draw.int(0, 8),
  };
}
