/**
 * A pod as the HorizontalPodAutoscaler looks at it, and what it takes the pod for (kubernetes.md 4.1 "Pod grouping").
 *
 * In this order:
 *   ignored   is being deleted, or failed
 *   unready   is pending; for CPU also: has no Ready condition or no start time; in the first 5 min of its life is not
 *             ready, or its sample began before it became ready; later is not ready and never was, that is since less
 *             than 30 s after its start
 *   missing   has no sample
 *   ready     all others, a finished pod with a sample among them
 *
 * Memory and other metrics look at nothing but Pending.
 */

import { US_PER_MINUTE, US_PER_SECOND } from '../../base/units.ts';

export interface ScaledPod {
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  readonly isTerminating: boolean;
  /** NaN before the kubelet took it. */
  readonly startTimeUs: number;
  /** Absent before the kubelet wrote the condition. */
  readonly ready?: { readonly status: 'True' | 'False' | 'Unknown'; readonly sinceUs: number };
  /** Of the metric's resource, in the unit of the samples; undefined where a container states none. */
  readonly request: number | undefined;
  /** Absent when the metrics server has none, or not of all its containers. */
  readonly sample?: PodSample;
}

export interface PodSample {
  readonly value: number;
  readonly atUs: number;
  /** Length of time that the value is the mean of. */
  readonly windowUs: number;
}

export type PodGroup = 'ignored' | 'unready' | 'missing' | 'ready';

const CPU_INITIALIZATION_US = 5 * US_PER_MINUTE;
const INITIAL_READINESS_US = 30 * US_PER_SECOND;

export function groupOf(pod: ScaledPod, isCpu: boolean, nowUs: number): PodGroup {
  if (pod.isTerminating || pod.phase === 'Failed') return 'ignored';
  if (pod.phase === 'Pending') return 'unready';
  if (pod.sample === undefined) return 'missing';
  return isCpu && isUnready(pod, pod.sample, nowUs) ? 'unready' : 'ready';
}

function isUnready({ startTimeUs, ready }: ScaledPod, sample: PodSample, nowUs: number): boolean {
  if (ready === undefined || Number.isNaN(startTimeUs)) return true;
  const isNotReady = ready.status === 'False';
  if (startTimeUs + CPU_INITIALIZATION_US > nowUs) {
    return isNotReady || sample.atUs < ready.sinceUs + sample.windowUs;
  }
  return isNotReady && startTimeUs + INITIAL_READINESS_US > ready.sinceUs;
}
