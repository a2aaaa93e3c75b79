/**
 * TaintToleration as a score (kubernetes.md 1.9): nodes with fewer PreferNoSchedule taints that the pod does not tolerate
 * score higher.
 *
 *     score = 100 - 100 * raw div max, 100 when max is 0        max over the feasible nodes that the cycle found
 */

import { tolerates } from '../../../cluster/specs.ts';
import type { HostKind } from '../../../cluster/specs.ts';
import type { TaskSpec } from '../../../cluster/spec.ts';

export const SCORE_MAX = 100;

export const TAINT_WEIGHT = 3;

/** PreferNoSchedule taints of a node that the pod does not tolerate. */
export function dislikedTaints(spec: TaskSpec, { taints }: HostKind): number {
  let count = 0;
  for (const taint of taints) {
    if (taint.effect !== 'PreferNoSchedule') continue;
    if (!spec.tolerations.some((toleration) => tolerates(toleration, taint))) count++;
  }
  return count;
}

/** 0 to 100. */
export function taintScore(disliked: number, max: number): number {
  return max === 0 ? SCORE_MAX : SCORE_MAX - Math.trunc((SCORE_MAX * disliked) / max);
}
