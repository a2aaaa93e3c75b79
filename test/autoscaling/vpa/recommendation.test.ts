import { describe, expect, it } from 'vitest';
import { ContainerHistory } from '../../../src/autoscaling/vpa/container-history.ts';
import { ContainerSamples } from '../../../src/autoscaling/vpa/container-samples.ts';
import { DecayingHistogram } from '../../../src/autoscaling/vpa/decaying-histogram.ts';
import { GIB, MIB, US_PER_DAY, US_PER_MINUTE } from '../../../src/base/units.ts';
import {
  CPU_BUCKETS,
  MEMORY_BUCKETS,
  bucketOf,
  startOf,
} from '../../../src/autoscaling/vpa/usage-buckets.ts';
import { AMOUNT_MAX, recommend } from '../../../src/autoscaling/vpa/recommendation.ts';

/** `days` of samples once a minute, always the same. */
function steady(cpuMilli: number, memoryBytes: number, days: number): ContainerHistory {
  const history = new ContainerHistory();
  const samples = new ContainerSamples();
  for (let minute = 0; minute < days * 1440; minute++) {
    samples.addCpu(history, cpuMilli, minute * US_PER_MINUTE);
    samples.addMemory(history, memoryBytes, minute * US_PER_MINUTE);
  }
  return history;
}

describe('buckets (kubernetes.md 4.2, 6)', () => {
  it('are 176 of CPU and of memory', () => {
    expect([CPU_BUCKETS.count, MEMORY_BUCKETS.count]).toEqual([176, 176]);
  });

  it.each([
    [0.1, 8, 0.11027],
    [0.5, 25, 0.51113],
    [1, 36, 1.01628],
  ])('%d cores fall into bucket %i, whose upper edge is %d', (cores, bucket, edge) => {
    expect(bucketOf(CPU_BUCKETS, cores)).toBe(bucket);
    expect(startOf(CPU_BUCKETS, bucket + 1)).toBeCloseTo(edge, 5);
  });

  it.each([
    [256 * MIB, 17],
    [GIB, 37],
  ])('%i bytes fall into bucket %i', (bytes, bucket) => {
    expect(bucketOf(MEMORY_BUCKETS, bytes)).toBe(bucket);
  });
});

describe('a decaying histogram', () => {
  it('pitfall 8.14: a percentile is the upper edge of its bucket (4.2)', () => {
    const histogram = new DecayingHistogram(CPU_BUCKETS);
    expect(histogram.percentile(0.9)).toBe(0);
    histogram.add(0.5, 1, 0);
    expect(histogram.percentile(0.9)).toBe(startOf(CPU_BUCKETS, 26));
    histogram.add(1e6, 1, 0);
    expect(histogram.percentile(0.9)).toBe(startOf(CPU_BUCKETS, 175)); // the last has no next
  });

  it('counts a sample half as much as one a day younger', () => {
    const histogram = new DecayingHistogram(CPU_BUCKETS);
    histogram.add(1, 1, 0);
    histogram.add(0.1, 1, US_PER_DAY);
    // Weights 1 and 2: two thirds are at most in bucket 8.
    expect(histogram.percentile(0.66)).toBe(startOf(CPU_BUCKETS, 9));
    expect(histogram.percentile(0.67)).toBe(startOf(CPU_BUCKETS, 37));
  });

  it('moves its reference when a sample is more than 100 days ahead, and answers alike', () => {
    const histogram = new DecayingHistogram(CPU_BUCKETS);
    histogram.add(1, 1, 0);
    histogram.add(0.1, 1, 101 * US_PER_DAY);
    expect(histogram.percentile(0.99)).toBe(startOf(CPU_BUCKETS, 9));
    expect(histogram.save().referenceUs).toBe(101 * US_PER_DAY);
  });

  it('forgets what is subtracted', () => {
    const histogram = new DecayingHistogram(MEMORY_BUCKETS);
    histogram.add(GIB, 1, 0);
    histogram.add(2 * GIB, 1, 0);
    histogram.subtract(2 * GIB, 1, 0);
    expect(histogram.percentile(1)).toBe(startOf(MEMORY_BUCKETS, 38));
  });
});

describe('a recommendation (kubernetes.md 4.2, 6)', () => {
  it.each([
    [100, 126], // trunc(0.11027 cores) = 110 m, and trunc(110 x 0.15) = 16 on top: whole steps, not 0.12681
    [500, 587], // 511 + 76
    [1000, 1168], // 1016 + 152
  ])('of a steady %i m is %i m', (usedMilli, target) => {
    expect(recommend(steady(usedMilli, GIB, 1), 1).target.cpuMilli).toBe(target);
  });

  it.each([
    [256 * MIB, 323_522_423],
    [GIB, 1_238_659_775],
  ])('of a steady %i bytes is %i bytes, cut where the fact sheet rounds', (bytes, target) => {
    const found = recommend(steady(100, bytes, 1), 1).target.memoryBytes;
    expect(Math.abs(found - target)).toBeLessThanOrEqual(1);
  });

  it('pitfall 8.14: minimums come last and are shared by the containers (4.2)', () => {
    const idle = steady(1, MIB, 1);
    expect(recommend(idle, 1).target).toEqual({ cpuMilli: 25, memoryBytes: 250 * MIB });
    expect(recommend(idle, 2).lower).toEqual({ cpuMilli: 12, memoryBytes: 125 * MIB });
  });

  it('bounds close in with confidence: days of samples', () => {
    const young = recommend(steady(1000, GIB, 1), 1);
    const old = recommend(steady(1000, GIB, 8), 1);
    // 1168 x (1 + 1 / c): c just below 1 day, just below 8 days
    expect(young.upper.cpuMilli).toBe(2 * 1168); // trunc(1168 x (1 + 1440 / 1439))
    expect(old.upper.cpuMilli).toBeLessThan(1.126 * 1168);
    expect(old.lower.cpuMilli).toBeGreaterThan(young.lower.cpuMilli - 1);
  });

  it('has no upper bound after samples of one instant', () => {
    const history = new ContainerHistory();
    new ContainerSamples().addCpu(history, 100, 0);
    expect(recommend(history, 1).upper.cpuMilli).toBe(AMOUNT_MAX);
    expect(recommend(history, 1).lower.cpuMilli).toBe(25);
  });

  it('pitfall 8.14: memory counts the highest value of each day of a container (4.2)', () => {
    const history = new ContainerHistory();
    const samples = new ContainerSamples();
    for (const [minute, bytes] of [
      [0, GIB],
      [10, 2 * GIB],
      [20, GIB],
    ] as const) {
      samples.addMemory(history, bytes, minute * US_PER_MINUTE);
    }
    const { weights } = history.memoryPeaks.save();
    expect(weights.filter((weight) => weight > 0)).toHaveLength(1);
    expect(weights[bucketOf(MEMORY_BUCKETS, 2 * GIB)]).toBeGreaterThan(0);
  });

  it('a kill for want of memory counts as a fifth more than the request, at least 100 MiB', () => {
    const of = (requestBytes: number): number => {
      const history = new ContainerHistory();
      new ContainerSamples().addOom(history, requestBytes, 0);
      return history.memoryPeaks.save().weights.findIndex((weight) => weight > 0);
    };
    expect(of(200 * MIB)).toBe(bucketOf(MEMORY_BUCKETS, 300 * MIB));
    expect(of(10 * GIB)).toBe(bucketOf(MEMORY_BUCKETS, 12 * GIB));
  });
});
