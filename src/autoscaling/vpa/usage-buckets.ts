/**
 * Buckets of the vertical autoscaler's histograms: each is 5 % wider than the one before (kubernetes.md 4.2).
 *
 *     start(i) = first x (1.05^i - 1) / 0.05        index(v) = 0 below first, else trunc(log_1.05(1 + 0.05 v / first))
 *
 * CPU in cores: first 0.01, up to 1000. Memory in bytes: first 1e7, up to 1e12. Both have 176 buckets; the last takes all
 * that is larger. Powers are products, as in the real code, so that whole numbers come out whole.
 */

import { ln } from '../../random/portable-math.ts';

export interface UsageBuckets {
  readonly first: number;
  readonly count: number;
}

const RATIO = 1.05;
/** 0.05 and the error of the subtraction, which the real code makes too. */
const GROWTH = RATIO - 1;

export const CPU_BUCKETS = bucketsUpTo(1000, 0.01);
export const MEMORY_BUCKETS = bucketsUpTo(1e12, 1e7);

export function bucketOf({ first, count }: UsageBuckets, value: number): number {
  if (value < first) return 0;
  return Math.min(Math.trunc(logOf((value * GROWTH) / first + 1)), count - 1);
}

export function startOf({ first }: UsageBuckets, bucket: number): number {
  return bucket === 0 ? 0 : (first * (powerOf(bucket) - 1)) / GROWTH;
}

function bucketsUpTo(most: number, first: number): UsageBuckets {
  return { first, count: Math.ceil(logOf((most * GROWTH) / first + 1)) + 1 };
}

function logOf(value: number): number {
  return ln(value) / ln(RATIO);
}

function powerOf(exponent: number): number {
  let power = 1;
  let square = RATIO;
  for (let rest = exponent; rest > 0; rest >>= 1) {
    if ((rest & 1) === 1) power *= square;
    square *= square;
  }
  return power;
}
