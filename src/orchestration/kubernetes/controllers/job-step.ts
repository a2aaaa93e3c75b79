/**
 * What a Job does (kubernetes.md 3.5): how many pods it wants, whether it has ended, which pods go and which are made.
 *
 * Wants       completions: min(parallelism, completions - succeeded). A work queue: parallelism until one succeeded, then what
 *             is left of it.
 * Removes     pods of an index that is out of range or taken twice (the best ranked of them stays), then the excess in the
 *             order of `rankForRemoval`. In one sync pods are removed or made, not both; at most 500.
 * Makes       want - active, less those that are leaving where only failed pods are replaced. Indexed: lowest missing first.
 * Failures    a pod counts as failed when it ended so, and under the default replacement policy as soon as it is leaving
 *             before it succeeded.
 * Back-off    10 s x 2^(n-1), at most 10 min, from the end of the last failure; n counts failures since the last success.
 * Fails       failed > backoffLimit; restarts in place >= backoffLimit (> 0 when it is 0), where containers are restarted; past
 *             the active deadline; indexes: too many failed ones, or none left to try.
 */

import { rankForRemoval } from './pod-ranking.ts';
import { US_PER_MINUTE, US_PER_SECOND } from '../../../base/units.ts';
import type { RankedPod } from './pod-ranking.ts';
import type { SuccessRule } from '../../../cluster/controller-specs.ts';

const BACK_OFF_US = 10 * US_PER_SECOND;
const BACK_OFF_MAX_US = 10 * US_PER_MINUTE;
const PODS_PER_SYNC_MAX = 500;

export interface JobBounds {
  readonly parallelism: number;
  /** Absent for a work queue. */
  readonly completions?: number;
}

export function wantedPods(bounds: JobBounds, active: number, succeeded: number): number {
  const { parallelism, completions } = bounds;
  if (completions === undefined) return succeeded > 0 ? active : parallelism;
  return Math.max(0, Math.min(parallelism, completions - succeeded));
}

export function isComplete(bounds: JobBounds, active: number, succeeded: number): boolean {
  return active === 0 && succeeded >= (bounds.completions ?? 1);
}

/** How long after the end of the last of so many failures in a row a pod is made again. */
export function backOffUs(failures: number): number {
  let backOff = failures === 0 ? 0 : BACK_OFF_US;
  for (let i = 1; i < failures && backOff < BACK_OFF_MAX_US; i++) backOff *= 2;
  return Math.min(backOff, BACK_OFF_MAX_US);
}

/** Failures in a row, and when the last of them ended. */
export interface FailureRecord {
  readonly failures: number;
  readonly lastUs: number;
}

/** After what ended since the last sync, as times of successes and of failures, each ascending. */
export function failuresAfter(
  before: FailureRecord,
  succeededUs: readonly number[],
  failedUs: readonly number[],
): FailureRecord {
  const lastSuccessUs = succeededUs.at(-1);
  const counted =
    lastSuccessUs === undefined ? failedUs : failedUs.filter((atUs) => atUs > lastSuccessUs);
  const base = lastSuccessUs === undefined ? before : { failures: 0, lastUs: 0 };
  if (counted.length === 0) return base;
  return { failures: base.failures + counted.length, lastUs: counted.at(-1)! };
}

export interface JobLimits {
  readonly backoffLimit: number;
  readonly activeDeadlineUs: number;
}

export interface JobProgress {
  readonly failed: number;
  /** Sum over pods that have not ended, where containers are restarted in place; else 0. */
  readonly restarts: number;
  readonly restartsInPlace: boolean;
  readonly activeForUs: number;
}

/** Why a Job has failed, or undefined while it has not. */
export function failureOf(
  { backoffLimit, activeDeadlineUs }: JobLimits,
  { failed, restarts, restartsInPlace, activeForUs }: JobProgress,
): 'backoff-limit' | 'deadline' | undefined {
  const isRestless =
    restartsInPlace && (backoffLimit === 0 ? restarts > 0 : restarts >= backoffLimit);
  if (failed > backoffLimit || isRestless) return 'backoff-limit';
  return activeForUs >= activeDeadlineUs ? 'deadline' : undefined;
}

/** Indexed Jobs with limits of their own for each index. */
export function indexFailureOf(
  failedIndexes: number,
  succeededIndexes: number,
  completions: number,
  maxFailedIndexes = Infinity,
): 'failed-indexes' | undefined {
  const isOver = failedIndexes > 0 && failedIndexes + succeededIndexes >= completions;
  return failedIndexes > maxFailedIndexes || isOver ? 'failed-indexes' : undefined;
}

export interface IndexedPod extends RankedPod {
  /** Of an indexed Job. */
  readonly index: number;
}

/** Which of the active pods go; `excess` is how many must at least. */
export function podsToRemove<T extends IndexedPod>(
  active: readonly T[],
  excess: number,
  completions?: number,
): T[] {
  const remove: T[] = [];
  let left: readonly T[] = active;
  if (completions !== undefined) {
    const ofIndex = new Map<number, T[]>();
    for (const pod of active) {
      const isKnown = pod.index >= 0 && pod.index < completions;
      if (!isKnown) remove.push(pod);
      else ofIndex.set(pod.index, [...(ofIndex.get(pod.index) ?? []), pod]);
    }
    const groups = [...ofIndex.values()].map((pods) => rankForRemoval(pods));
    for (const pods of groups) remove.push(...pods.slice(0, -1));
    left = groups.map((pods) => pods.at(-1)!);
  }
  if (remove.length < excess) {
    remove.push(...rankForRemoval(left).slice(0, excess - remove.length));
  }
  return remove.slice(0, PODS_PER_SYNC_MAX);
}

export function podsToMake(wanted: number, active: number, leaving: number): number {
  return Math.min(PODS_PER_SYNC_MAX, Math.max(0, wanted - active - leaving));
}

/** The lowest `count` indexes that are neither done nor taken. */
export function missingIndexes(
  count: number,
  completions: number,
  isTaken: (index: number) => boolean,
): number[] {
  const missing: number[] = [];
  for (let index = 0; index < completions && missing.length < count; index++) {
    if (!isTaken(index)) missing.push(index);
  }
  return missing;
}

/** Whether enough indexes succeeded for one of the rules: the Job then ends early, as done. */
export function meetsSuccessRule(
  rules: readonly SuccessRule[],
  completions: number,
  succeeded: ReadonlySet<number>,
): boolean {
  if (succeeded.size === 0) return false;
  return rules.some(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined) return succeeded.size >= (succeededCount ?? Infinity);
    const listed = indexesOf(succeededIndexes, completions);
    const done = listed.filter((index) => succeeded.has(index)).length;
    return listed.length > 0 && done >= (succeededCount ?? listed.length);
  });
}

/** `0,2-4` as 0, 2, 3, 4, as far as there are such indexes. */
function indexesOf(text: string, completions: number): number[] {
  return text.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number);
    const end = Math.min(last!, completions - 1);
    return Array.from({ length: Math.max(0, end - first! + 1) }, (_, i) => first! + i);
  });
}
