/**
 * Whom the kernel kills when a node has no memory left (kubernetes.md 2.9):
 *
 *     oom_score_adj    node-critical and Guaranteed -997, BestEffort 1000,
 *                      Burstable 1000 - 1000 x request div capacity, at least 3 and at most 999
 *     killed           the largest oom_score_adj + 1000 x use / capacity
 */

import type { Amounts } from '../../../cluster/pod-template.ts';
import type { TaskSpec } from '../../../cluster/spec.ts';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

const GUARANTEED_ADJUST = -997;
const BEST_EFFORT_ADJUST = 1_000;
const NODE_CRITICAL_PRIORITY = 2_000_001_000;

/** The class of a pod; `limits` are those of the scenario for a pod without a template. */
export function qosOf(spec: TaskSpec, limitBytes: number): QosClass {
  const { pod, cpuTicks, memoryBytes, usage } = spec;
  if (pod === undefined || pod.containers.length === 0) {
    if (cpuTicks === 0 && memoryBytes === 0) return 'BestEffort';
    const isBounded = usage.limitTicks === cpuTicks && limitBytes === memoryBytes;
    return isBounded ? 'Guaranteed' : 'Burstable';
  }
  const all = [...pod.containers, ...pod.initContainers];
  const isBare = ({ requests, limits }: { requests: Amounts; limits: Amounts }) =>
    ['cpu', 'memory'].every((one) => (requests[one] ?? 0) === 0 && (limits[one] ?? 0) === 0);
  if (all.every(isBare)) return 'BestEffort';
  const isBounded = all.every(({ requests, limits }) =>
    ['cpu', 'memory'].every((one) => (limits[one] ?? 0) > 0 && requests[one] === limits[one]),
  );
  return isBounded ? 'Guaranteed' : 'Burstable';
}

export function oomScoreAdjust(
  qos: QosClass,
  priority: number,
  requestBytes: number,
  capacityBytes: number,
): number {
  if (priority >= NODE_CRITICAL_PRIORITY || qos === 'Guaranteed') return GUARANTEED_ADJUST;
  if (qos === 'BestEffort') return BEST_EFFORT_ADJUST;
  const adjust = 1_000 - Math.floor((1_000 * requestBytes) / capacityBytes);
  return Math.min(999, Math.max(1_000 + GUARANTEED_ADJUST, adjust));
}

/** The larger, the sooner it is killed. */
export function oomScore(adjust: number, useBytes: number, capacityBytes: number): number {
  return adjust + (1_000 * useBytes) / capacityBytes;
}
