/**
 * How long a task takes to be gone once it was asked to stop.
 *
 *     ECS, batch    min(time its containers need after TERM, stop timeout)              (aws.md 3.2)
 *     Kubernetes    the same with the grace period, and then the kubelet tells the API server, which only then drops the pod
 *                   (kubernetes.md 2.6); containers that have not started need no time
 *
 * Departs    no preStop hook and no order among containers: one time stands for all of them. A load balancer's deregistration
 *            delay is not waited for.
 */

import type { Distribution } from '../random/distribution.ts';

/** What a workload says about its stopping. */
export interface StopTimes {
  /** From TERM to the last container gone; absent for the assumed `container.stop-s`. */
  readonly stopUs?: Distribution;
  /** From the order to stop to the kill; absent for that of the pod template, or 30 s. */
  readonly graceUs?: number;
}

/** Grace period and stop timeout of whoever states none, seconds. */
export const GRACE_S = 30;

export function untilGoneUs(stopUs: number, graceUs: number, confirmUs: number): number {
  return Math.min(stopUs, graceUs) + confirmUs;
}
