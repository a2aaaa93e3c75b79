import { describe, expect, it } from 'vitest';
import {
  EvictionAllowance,
  meetsRequirements,
  updateOrder,
} from '../../../src/autoscaling/vpa/pod-update.ts';
import { US_PER_HOUR } from '../../../src/base/units.ts';
import type { ContainerRecommendation } from '../../../src/autoscaling/vpa/recommendation.ts';
import type { EvictionRequirement } from '../../../src/cluster/controller-specs.ts';
import type { UpdatedPod } from '../../../src/autoscaling/vpa/pod-update.ts';

const amounts = (cpuMilli: number) => ({ cpuMilli, memoryBytes: 0 });
const RECOMMENDED: ContainerRecommendation = {
  target: amounts(1000),
  lower: amounts(500),
  upper: amounts(2000),
};

function pod(task: number, cpuMilli: number, changes: Partial<UpdatedPod> = {}): UpdatedPod {
  const request = amounts(cpuMilli);
  return { task, number: task, isPending: false, ageUs: 0, isQuickOom: false, request, ...changes };
}

function order(pods: readonly UpdatedPod[]): number[] {
  return updateOrder(pods, RECOMMENDED, ['cpuMilli']).map(({ task }) => task);
}

describe('which pods are updated (kubernetes.md 4.2)', () => {
  it('those outside the bounds; inside only old ones that are a tenth off', () => {
    expect(order([pod(0, 499), pod(1, 500), pod(2, 2000), pod(3, 2001)])).toEqual([0, 3]);
    const old = { ageUs: 12 * US_PER_HOUR };
    // |920 - 1000| / 920 = 0.087, |900 - 1000| / 900 = 0.111
    expect(order([pod(0, 920, old), pod(1, 900, old), pod(2, 900, { ageUs: 1 })])).toEqual([1]);
  });

  it('young ones inside the bounds whose run ended for want of memory, if that changes anything', () => {
    const killed = { isQuickOom: true };
    expect(order([pod(0, 999, killed), pod(1, 999), pod(2, 1000, killed)])).toEqual([0]);
  });

  it('only where every eviction requirement has a resource that changes its way', () => {
    const up = { resources: ['cpu', 'memory'], change: 'TargetHigherThanRequests' } as const;
    const down = { resources: ['cpu'], change: 'TargetLowerThanRequests' } as const;
    const target = { cpuMilli: 1000, memoryBytes: 50 };
    const meets = (requirements: readonly EvictionRequirement[]) =>
      meetsRequirements({ cpuMilli: 2000, memoryBytes: 40 }, target, requirements);
    expect(meets([])).toBe(true);
    expect(meets([up])).toBe(true);
    expect(meets([up, down])).toBe(true);
    expect(meets([{ ...up, resources: ['cpu'] }, down])).toBe(false);
  });

  it('those that get more come first, then the larger difference', () => {
    // 4000: 0.75, 10000: 0.9; 100: 9, 400: 1.5
    expect(order([pod(0, 4000), pod(1, 400), pod(2, 10_000), pod(3, 100)])).toEqual([3, 1, 2, 0]);
  });
});

describe('how many pods may go at once', () => {
  function evicted(wanted: number, running: number, tries: number): number {
    const allowance = new EvictionAllowance(wanted, running);
    let count = 0;
    for (let i = 0; i < tries; i++) {
      if (!allowance.allows(pod(i, 1))) continue;
      allowance.take(pod(i, 1));
      count++;
    }
    return count;
  }

  it.each([
    [10, 10, 5],
    [5, 5, 2],
    [10, 7, 2], // 7 > 10 - 5, 6 > 5, not 5 > 5
    [1, 1, 1], // half of one is none: one goes while all run
    [1, 0, 0],
  ])('of %i replicas with %i running: %i', (wanted, running, count) => {
    expect(evicted(wanted, running, 10)).toBe(count);
  });

  it('pending pods always go', () => {
    expect(new EvictionAllowance(2, 0).allows(pod(0, 1, { isPending: true }))).toBe(true);
  });
});
