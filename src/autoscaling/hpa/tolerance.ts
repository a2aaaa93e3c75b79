/** How far the ratio of use to target may be off without consequence (kubernetes.md 4.1). */

import type { ScalingBehavior } from '../../cluster/controller-specs.ts';

/** Shares of the target, one for each direction; both 0.1 unless `behavior` says otherwise. */
export interface Tolerance {
  readonly down: number;
  readonly up: number;
}

/** The controller's flag. */
const DEFAULT_TOLERANCE = 0.1;

export function toleranceOf(behavior: ScalingBehavior | undefined): Tolerance {
  return {
    down: behavior?.scaleDown.tolerance ?? DEFAULT_TOLERANCE,
    up: behavior?.scaleUp.tolerance ?? DEFAULT_TOLERANCE,
  };
}

/** Both bounds are inside; false for a ratio that is no number. */
export function isWithin(tolerance: Tolerance, ratio: number): boolean {
  return 1 - tolerance.down <= ratio && ratio <= 1 + tolerance.up;
}
