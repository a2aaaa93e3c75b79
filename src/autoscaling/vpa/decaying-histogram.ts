/**
 * A histogram in which a sample counts half as much as one a day younger (kubernetes.md 4.2).
 *
 *     weight = base x 2^((time - reference) / 24 h)
 *
 * Reference    set by the first sample to the nearest whole day of the run; when a sample is more than 100 days ahead it
 *              moves there and all weights are scaled down.
 * Percentile   walks up from the first bucket that counts until the sum reaches p x total, and answers where the next
 *              bucket starts: the upper edge (kubernetes.md 8.14). The last bucket answers its own start; empty answers 0.
 * Counts       a bucket counts from a weight of 1e-4; the first and last that do are kept, not looked for.
 */

import { US_PER_DAY } from '../../base/units.ts';
import { bucketOf, startOf } from './usage-buckets.ts';
import { pow } from '../../random/portable-math.ts';
import type { UsageBuckets } from './usage-buckets.ts';

export interface HistogramState {
  readonly weights: readonly number[];
  readonly total: number;
  readonly lowest: number;
  readonly highest: number;
  /** NaN before the first sample. */
  readonly referenceUs: number;
}

const HALF_LIFE_US = US_PER_DAY;
const HALF_LIVES_MAX = 100;
const EPSILON = 0.0001;

export class DecayingHistogram {
  private readonly buckets: UsageBuckets;
  private readonly weights: number[];
  private total = 0;
  private lowest: number;
  private highest = 0;
  private referenceUs = NaN;

  constructor(buckets: UsageBuckets) {
    this.buckets = buckets;
    this.weights = Array.from({ length: buckets.count }, () => 0);
    this.lowest = buckets.count - 1;
  }

  add(value: number, baseWeight: number, atUs: number): void {
    const weight = baseWeight * this.growthAt(atUs);
    const bucket = bucketOf(this.buckets, value);
    this.weights[bucket]! += weight;
    this.total += weight;
    if (this.weights[bucket]! < EPSILON) return;
    this.lowest = Math.min(this.lowest, bucket);
    this.highest = Math.max(this.highest, bucket);
  }

  /** Takes out what was added with the same three numbers. */
  subtract(value: number, baseWeight: number, atUs: number): void {
    const weight = baseWeight * this.growthAt(atUs);
    const bucket = bucketOf(this.buckets, value);
    this.total = less(this.total, weight);
    this.weights[bucket] = less(this.weights[bucket]!, weight);
    this.narrow();
  }

  percentile(share: number): number {
    const { weights, buckets, highest } = this;
    if (weights[this.lowest]! < EPSILON) return 0;
    const threshold = share * this.total;
    let sum = 0;
    let bucket = this.lowest;
    for (; bucket < highest; bucket++) {
      sum += weights[bucket]!;
      if (sum >= threshold) break;
    }
    return startOf(buckets, Math.min(bucket + 1, buckets.count - 1));
  }

  save(): HistogramState {
    const { total, lowest, highest, referenceUs } = this;
    return { weights: [...this.weights], total, lowest, highest, referenceUs };
  }

  restore(state: HistogramState): void {
    for (const [bucket, weight] of state.weights.entries()) this.weights[bucket] = weight;
    this.total = state.total;
    this.lowest = state.lowest;
    this.highest = state.highest;
    this.referenceUs = state.referenceUs;
  }

  private growthAt(atUs: number): number {
    if (!(atUs <= this.referenceUs + HALF_LIVES_MAX * HALF_LIFE_US)) this.shift(atUs);
    return pow(2, (atUs - this.referenceUs) / HALF_LIFE_US);
  }

  private shift(atUs: number): void {
    const referenceUs = Math.floor(atUs / HALF_LIFE_US + 0.5) * HALF_LIFE_US;
    const halfLives = (this.referenceUs - referenceUs) / HALF_LIFE_US;
    this.referenceUs = referenceUs;
    if (this.total === 0) return;
    const factor = pow(2, halfLives);
    for (let bucket = this.lowest; bucket <= this.highest; bucket++)
      this.weights[bucket]! *= factor;
    this.total *= factor;
    this.narrow();
  }

  private narrow(): void {
    const { weights } = this;
    while (weights[this.lowest]! < EPSILON && this.lowest < weights.length - 1) this.lowest++;
    while (weights[this.highest]! < EPSILON && this.highest > 0) this.highest--;
  }
}

function less(value: number, by: number): number {
  const rest = value - by;
  return rest < EPSILON ? 0 : rest;
}
