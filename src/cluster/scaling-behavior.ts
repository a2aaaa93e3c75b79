/**
 * What `behavior` of a HorizontalPodAutoscaler means where it leaves something out (kubernetes.md 4.1).
 *
 *   up     window 0, the larger change of 4 pods and 100 % in 15 s
 *   down   window 300 s, the largest change, 100 % in 15 s
 *
 * Where any behavior is given both directions have rules. A list of policies that is given replaces the default one whole.
 */

import { US_PER_SECOND } from '../base/units.ts';
import type { ScalingBehavior, ScalingPolicy, ScalingRules } from './controller-specs.ts';

/** What was written of one direction. */
export type WrittenRules = { readonly [K in keyof ScalingRules]?: ScalingRules[K] | undefined };

/** The controller's window for scaling down, with behavior or without. */
export const STABILIZATION_US = 300 * US_PER_SECOND;

const PERIOD_US = 15 * US_PER_SECOND;
const FOUR_PODS: ScalingPolicy = { kind: 'Pods', value: 4, periodUs: PERIOD_US };
const ALL: ScalingPolicy = { kind: 'Percent', value: 100, periodUs: PERIOD_US };
const UP: ScalingRules = { stabilizationUs: 0, selectPolicy: 'Max', policies: [FOUR_PODS, ALL] };
const DOWN: ScalingRules = {
  stabilizationUs: STABILIZATION_US,
  selectPolicy: 'Max',
  policies: [ALL],
};

export function completeBehavior(written: {
  readonly scaleUp?: WrittenRules | undefined;
  readonly scaleDown?: WrittenRules | undefined;
}): ScalingBehavior {
  return {
    scaleUp: completeRules(written.scaleUp, UP),
    scaleDown: completeRules(written.scaleDown, DOWN),
  };
}

function completeRules(written: WrittenRules = {}, otherwise: ScalingRules): ScalingRules {
  const { tolerance } = written;
  return {
    stabilizationUs: written.stabilizationUs ?? otherwise.stabilizationUs,
    selectPolicy: written.selectPolicy ?? otherwise.selectPolicy,
    policies: written.policies ?? otherwise.policies,
    ...(tolerance === undefined ? {} : { tolerance }),
  };
}
