import { describe, expect, it } from 'vitest';
import { replicasFor } from '../../../src/autoscaling/hpa/replica-calculator.ts';

/** 4 pods of 1000 ticks, of which some are missing or not ready; the others use `percent`. */
function planned(percent: number, missingPods = 0, unreadyPods = 0): number | undefined {
  const readyPods = 4 - missingPods - unreadyPods;
  return replicasFor({
    currentReplicas: 4,
    usedTicks: percent * 10 * readyPods,
    requestedTicks: 1000 * readyPods,
    readyPods,
    missingPods,
    unreadyPods,
    targetPercent: 50,
  });
}

describe('the replica calculator (kubernetes.md 4.1, 6)', () => {
  it.each([
    [54, 4], // 54 / 50 = 1.08, within tolerance
    [55, 4], // 1.10, still within
    [56, 5], // ceil(1.12 x 4 = 4.48)
    [45, 4], // 0.90, within
    [44, 4], // ceil(0.88 x 4 = 3.52)
    [25, 2], // ceil(0.5 x 4)
    [100, 8], // 2 x 4
    [0, 0],
  ])('at %i %% of the request and a target of 50 %%, 4 ready pods become %i', (percent, pods) => {
    expect(planned(percent)).toBe(pods);
  });

  it('counts a missing pod as idle before it scales up', () => {
    // ratio 80 / 50 = 1.6; (3 x 80 + 0) / 4 = 60 %, ratio 1.2, ceil(1.2 x 4 = 4.8)
    expect(planned(80, 1)).toBe(5);
  });

  it('counts a missing pod as using its whole request before it scales down', () => {
    // ratio 0.4; (3 x 20 + 100) / 4 = 40 %, ratio 0.8, ceil(0.8 x 4 = 3.2)
    expect(planned(20, 1)).toBe(4);
  });

  it('counts pods that are not ready as idle before it scales up, and not at all before it scales down', () => {
    expect(planned(80, 0, 1)).toBe(5); // as with a missing pod
    expect(planned(20, 0, 1)).toBe(2); // ceil(0.4 x 3 = 1.2)
  });

  it('changes nothing when filling in turns the ratio round', () => {
    // ratio 60 / 50 = 1.2; (2 x 60) / 4 = 30 %, ratio 0.6
    expect(planned(60, 0, 2)).toBe(4);
    // ratio 0.8; (2 x 40 + 2 x 100) / 4 = 70 %, ratio 1.4
    expect(planned(40, 2)).toBe(4);
  });

  it('changes nothing when the plan goes against the ratio', () => {
    // 10 pods ready while only 4 are asked for: ceil(0.6 x 11 = 6.6) = 7 would be more, on low usage.
    const plan = replicasFor({
      currentReplicas: 4,
      usedTicks: 2300,
      requestedTicks: 10_000, // 23 %; with the missing one (230 + 100) / 11 = 30 %
      readyPods: 10,
      missingPods: 1,
      unreadyPods: 0,
      targetPercent: 50,
    });
    expect(plan).toBe(4);
  });

  it('truncates utilisation to whole percent', () => {
    // 1119 / 2000 = 55.95 % becomes 55 %: within tolerance
    const question = { currentReplicas: 2, requestedTicks: 2000, readyPods: 2, targetPercent: 50 };
    const none = { missingPods: 0, unreadyPods: 0 };
    expect(replicasFor({ ...question, ...none, usedTicks: 1119 })).toBe(2);
    expect(replicasFor({ ...question, ...none, usedTicks: 1120 })).toBe(3);
  });

  it('has no answer when no ready pod was measured', () => {
    expect(planned(50, 4)).toBe(undefined);
  });
});
