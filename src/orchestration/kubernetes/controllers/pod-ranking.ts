/**
 * In which order a controller of Kubernetes gives up pods that are too many (kubernetes.md 3.2); the first is deleted first.
 *
 *   1 without a node before with one        5 more active pods of the same owner on the node first
 *   2 Pending, Unknown, Running             6 ready for a shorter time first
 *   3 not ready before ready                7 more restarts first, of containers and then of sidecars
 *   4 lower deletion cost first             8 created later first
 *
 * Ages       6 and 8 compare int(log2(age in ns)) of unequal times: ages of 1.2 h and 2.4 h fall together, and then the lower
 *            uid goes first. An age that is not positive is below all. A time that is not stated is before all.
 * Sort       Go's (base/go-sort.ts): pods that nothing tells apart may change places where there are more than 12.
 * Jobs       leave out 4 and 5, and compare the times themselves in 6 and 8 (3.5).
 */

import { goSort } from '../../../base/go-sort.ts';

export const PENDING_PHASE = 0;
export const RUNNING_PHASE = 2;

export interface RankedPod {
  readonly uid: string;
  readonly isAssigned: boolean;
  /** 0 Pending, 1 Unknown, 2 Running. */
  readonly phase: number;
  readonly isReady: boolean;
  readonly deletionCost: number;
  /** Active pods of the same owner on its node, itself among them. */
  readonly colocated: number;
  /** Since when it is ready; NaN when that is not stated. */
  readonly readyUs: number;
  readonly createdUs: number;
  readonly restarts: number;
  readonly sidecarRestarts: number;
}

/** As a ReplicaSet does. */
export function rankForDeletion<T extends RankedPod>(pods: readonly T[], nowUs: number): T[] {
  const order = (a: T, b: T) =>
    byState(a, b) ||
    a.deletionCost - b.deletionCost ||
    b.colocated - a.colocated ||
    byReadyAge(a, b, nowUs) ||
    byRestarts(a, b) ||
    byAge(a, b, a.createdUs, b.createdUs, nowUs);
  return goSort([...pods], (a, b) => order(a, b) < 0);
}

/** As a Job does: the newest first. */
export function rankForRemoval<T extends RankedPod>(pods: readonly T[]): T[] {
  const order = (a: T, b: T) =>
    byState(a, b) ||
    (a.isReady && b.isReady ? newestFirst(a.readyUs, b.readyUs) : 0) ||
    byRestarts(a, b) ||
    newestFirst(a.createdUs, b.createdUs);
  return goSort([...pods], (a, b) => order(a, b) < 0);
}

function byState(a: RankedPod, b: RankedPod): number {
  return (
    Number(a.isAssigned) - Number(b.isAssigned) ||
    a.phase - b.phase ||
    Number(a.isReady) - Number(b.isReady)
  );
}

function byReadyAge(a: RankedPod, b: RankedPod, nowUs: number): number {
  return a.isReady && b.isReady ? byAge(a, b, a.readyUs, b.readyUs, nowUs) : 0;
}

function byRestarts(a: RankedPod, b: RankedPod): number {
  return b.restarts - a.restarts || b.sidecarRestarts - a.sidecarRestarts;
}

function byAge(a: RankedPod, b: RankedPod, atUs: number, btUs: number, nowUs: number): number {
  if (atUs === btUs || Number.isNaN(atUs) || Number.isNaN(btUs)) return newestFirst(atUs, btUs);
  const byBucket = ageBucket(nowUs - atUs) - ageBucket(nowUs - btUs);
  if (byBucket !== 0) return byBucket;
  return a.uid < b.uid ? -1 : Number(a.uid > b.uid);
}

function newestFirst(aUs: number, bUs: number): number {
  if (Number.isNaN(aUs) || Number.isNaN(bUs)) {
    return Number(Number.isNaN(bUs)) - Number(Number.isNaN(aUs));
  }
  return bUs - aUs;
}

const TWO_TO_32 = 4_294_967_296;

/** int(log2(age in ns)), by the highest bit; Go's floating logarithm differs only within a few ns below a power of two. */
export function ageBucket(ageUs: number): number {
  if (ageUs <= 0) return -1;
  const ns = ageUs * 1_000;
  const high = Math.floor(ns / TWO_TO_32);
  return high === 0 ? 31 - Math.clz32(ns) : 63 - Math.clz32(high);
}

/** The annotation's number: a whole one of 32 bits, without plus sign and leading zeros; anything else counts as 0. */
export function deletionCostOf(annotations: Readonly<Record<string, string>>): number {
  const text = annotations['controller.kubernetes.io/pod-deletion-cost'];
  if (text === undefined || !/^(0|[1-9]\d*|-\d+)$/.test(text)) return 0;
  const cost = Number(text);
  return cost >= -2_147_483_648 && cost <= 2_147_483_647 ? cost : 0;
}
