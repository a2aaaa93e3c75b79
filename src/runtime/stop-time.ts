/**
 * How long a task takes to be gone once it was asked to stop.
 *
 *     ECS, batch    min(time its containers need after TERM, stop timeout)              (aws.md 3.2)
 *     Kubernetes    a preStop hook runs within the grace period; then TERM, for which 2 s are left at least; then the kubelet tells
 *                   the API server, which only then drops the pod (kubernetes.md 2.6). Containers that have not started need no
 *                   time
 *
 * Departs    no order among containers: one time stands for all of them. A load balancer's deregistration delay is not waited for.
 */

import { US_PER_SECOND } from '../base/units.ts';
import type { Distribution } from '../random/distribution.ts';

/** What a workload says about its stopping. */
export interface StopTimes {
  /** From TERM to the last container gone; absent for the assumed `container.stop-s`. */
  readonly stopUs?: Distribution;
  /** From the order to stop to the kill; absent for that of the pod template, or 30 s. */
  readonly graceUs?: number;
  /** Kubernetes: how long the preStop hook takes; absent for none. */
  readonly preStopUs?: number;
}

/** Grace period and stop timeout of whoever states none, seconds. */
export const GRACE_S = 30;

/** What TERM is left of the grace period at least, where a preStop hook has used it up. */
const AFTER_HOOK_US = 2 * US_PER_SECOND;

/** From the order to stop to the last container gone; `stopUs` is Infinity for containers that do not answer TERM. */
export function untilStoppedUs(stopUs: number, graceUs: number, preStopUs = 0): number {
  if (preStopUs === 0) return Math.min(stopUs, graceUs);
  const hookUs = Math.min(preStopUs, graceUs);
  return hookUs + Math.min(stopUs, Math.max(graceUs - hookUs, AFTER_HOOK_US));
}
