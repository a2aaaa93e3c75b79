import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fencesOf,
  isScalingEvent,
  recreatedSizes,
  rolledSizes,
  scaledSizes,
} from '../../../../src/orchestration/kubernetes/controllers/deployment-step.ts';
import type {
  ReplicaSet,
  RollingOptions,
} from '../../../../src/orchestration/kubernetes/controllers/deployment-step.ts';

const DEFAULTS: RollingOptions = {
  strategy: 'RollingUpdate',
  maxSurge: { percent: 25 },
  maxUnavailable: { percent: 25 },
};

/** A set that was scaled last for 10 replicas with a surge of 3. */
function set(replicas: number, available = replicas, desired = 10, maximum = 13): ReplicaSet {
  return { replicas, available, desired, maximum };
}

describe('the fences of a rolling update (kubernetes.md 3.1)', () => {
  it('round the surge up and the unavailability down', () => {
    expect(fencesOf(DEFAULTS, 10)).toEqual({ surge: 3, unavailable: 2 });
    expect(fencesOf(DEFAULTS, 1)).toEqual({ surge: 1, unavailable: 0 });
  });

  it('leave one pod unavailable when both come to nothing', () => {
    const none = { ...DEFAULTS, maxSurge: { count: 0 }, maxUnavailable: { percent: 10 } };
    expect(fencesOf(none, 5)).toEqual({ surge: 0, unavailable: 1 });
  });

  it('never let more pods be unavailable than are wanted', () => {
    const many = { ...DEFAULTS, maxUnavailable: { count: 9 } };
    expect(fencesOf(many, 2).unavailable).toBe(2);
    expect(fencesOf(many, 0).unavailable).toBe(0);
  });
});

describe('a step of a rolling update of 10 replicas (kubernetes.md 3.1)', () => {
  const fences = { surge: 3, unavailable: 2 };
  const step = (old: ReplicaSet, fresh: ReplicaSet) => rolledSizes([old, fresh], 1, 10, fences);

  it('first raises the new set as far as the surge allows, and does nothing else', () => {
    expect(step(set(10), set(0))).toEqual([10, 3]);
  });

  it('then takes old pods as far as availability allows', () => {
    // 13 - 8 - 3 not yet available = 2, and 10 available - 8 = 2.
    expect(step(set(10), set(3, 0))).toEqual([8, 3]);
  });

  it('waits while new pods are not available', () => {
    expect(step(set(8), set(5, 0))).toEqual([8, 5]);
  });

  it('takes old pods that are not available first, the oldest set first', () => {
    const sets = [set(4, 2), set(4, 4), set(5, 5)];
    // 13 - 8 - 0 = 5 may go: 2 broken ones, then 11 available - 8 = 3: the 2 that are left of the oldest set, and 1.
    expect(rolledSizes(sets, 2, 10, fences)).toEqual([0, 3, 5]);
  });

  it('shrinks a new set that is larger than wanted', () => {
    expect(rolledSizes([set(0), set(12)], 1, 10, fences)).toEqual([0, 10]);
  });

  it('gives a set made in the middle of an update what the surge leaves', () => {
    expect(rolledSizes([set(8), set(5, 0), set(0)], 2, 10, fences)).toEqual([8, 0, 0]);
  });
});

describe('a change of replicas in the middle of an update (kubernetes.md 3.1)', () => {
  it('is noticed by sets with pods that were scaled for another number', () => {
    expect(isScalingEvent([set(8), set(5)], 10)).toBe(false);
    expect(isScalingEvent([set(8), set(5)], 20)).toBe(true);
    expect(isScalingEvent([set(0, 0, 5)], 10)).toBe(false);
  });

  it('goes whole to the only set with pods, or to the newest when there is none', () => {
    const fences = { surge: 5, unavailable: 5 };
    expect(scaledSizes([set(10), set(0)], 1, 20, fences, true)).toEqual([20, 0]);
    expect(scaledSizes([set(0), set(0)], 1, 20, fences, true)).toEqual([0, 20]);
  });

  it('grows all sets in proportion, and the largest by what is left over', () => {
    // 20 + 5 - 13 = 12 to add: 8 x 25 / 13 = 15.4 -> 15 (+7), 5 x 25 / 13 = 9.6 -> 10 (+5).
    const sizes = scaledSizes([set(8), set(5)], 1, 20, { surge: 5, unavailable: 5 }, true);
    expect(sizes).toEqual([15, 10]);
  });

  it('shrinks the older of two equally large sets first', () => {
    // 5 + 2 - 12 = -5: each 6 x 7 / 13 = 3.2 -> 3 (-3), and the second only what is left.
    const sizes = scaledSizes([set(6), set(6)], 1, 5, { surge: 2, unavailable: 1 }, true);
    expect(sizes).toEqual([3, 4]);
  });

  it('leaves the others alone once all that there is to add is given away', () => {
    // 19 + 6 - 23 = 2 to add: 13 x 25 / 21 = 15.5 takes both, and the set of 10, which was scaled for 27, keeps what it has.
    const sets = [set(10, 1, 19, 27), set(13, 10, 40, 21)];
    const sizes = scaledSizes(sets, 1, 19, { surge: 6, unavailable: 1 }, true);
    expect(sizes).toEqual([10, 15]);
  });

  it('takes all pods away when none is wanted', () => {
    expect(scaledSizes([set(8), set(5)], 1, 0, { surge: 0, unavailable: 0 }, true)).toEqual([0, 0]);
  });

  it('empties old sets when the new one has all that is wanted', () => {
    const sizes = scaledSizes([set(2), set(10)], 1, 10, { surge: 3, unavailable: 2 }, true);
    expect(sizes).toEqual([0, 10]);
  });

  it('never goes past replicas + surge', () => {
    const size = fc.nat(30);
    fc.assert(
      fc.property(fc.array(size, { minLength: 2, maxLength: 4 }), fc.nat(40), (sizes, replicas) => {
        const before = sizes.reduce((a, b) => a + b, 0);
        const sets = sizes.map((one) => set(one, one, before, Math.max(1, before)));
        const fences = fencesOf(DEFAULTS, replicas);
        const after = scaledSizes(sets, sizes.length - 1, replicas, fences, true);
        const total = after.reduce((a, b) => a + b, 0);
        expect(Math.min(...after)).toBeGreaterThanOrEqual(0);
        expect(total).toBeLessThanOrEqual(replicas + (replicas > 0 ? fences.surge : 0));
      }),
      { seed: 3 },
    );
  });
});

describe('Recreate (kubernetes.md 3.1)', () => {
  it('empties old sets, waits until no old pod exists, and only then starts the new one', () => {
    expect(recreatedSizes([set(10), set(0)], 1, 10, 10)).toEqual([0, 0]);
    expect(recreatedSizes([set(0), set(0)], 1, 10, 2)).toEqual([0, 0]);
    expect(recreatedSizes([set(0), set(0)], 1, 10, 0)).toEqual([0, 10]);
  });
});
