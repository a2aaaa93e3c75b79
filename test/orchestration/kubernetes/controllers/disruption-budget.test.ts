import { describe, expect, it } from 'vitest';
import {
  budgetStatus,
  evictionAnswer,
} from '../../../../src/orchestration/kubernetes/controllers/disruption-budget.ts';
import type { DisruptionBudgetSpec } from '../../../../src/cluster/controller-specs.ts';

function budget(parts: Partial<DisruptionBudgetSpec>): DisruptionBudgetSpec {
  return { namespace: 'default', name: 'web', unhealthyPodEviction: 'IfHealthyBudget', ...parts };
}

describe('the status of a budget (kubernetes.md 3.7)', () => {
  it('leaves out a whole number of pods, whatever their controllers want', () => {
    const pods = { count: 5, healthy: 4, scale: 10 };
    expect(budgetStatus(budget({ minAvailable: { count: 3 } }), pods)).toEqual({
      healthy: 4,
      desired: 3,
      allowed: 1,
    });
  });

  it('rounds both percentages up, of what the controllers want', () => {
    const pods = { count: 7, healthy: 7, scale: 7 };
    // 50 % of 7 is 3.5, rounded up to 4: in one case so many stay, in the other so many may go.
    expect(budgetStatus(budget({ minAvailable: { percent: 50 } }), pods).allowed).toBe(3);
    expect(budgetStatus(budget({ maxUnavailable: { percent: 50 } }), pods).allowed).toBe(4);
  });

  it('allows none when none is expected, or fewer are healthy than stay', () => {
    const none = { count: 0, healthy: 0, scale: 0 };
    expect(budgetStatus(budget({ maxUnavailable: { count: 1 } }), none).allowed).toBe(0);
    const ill = { count: 5, healthy: 2, scale: 5 };
    expect(budgetStatus(budget({ minAvailable: { count: 3 } }), ill).allowed).toBe(0);
  });
});

describe('the Eviction API (kubernetes.md 3.7)', () => {
  const status = { healthy: 3, desired: 3, allowed: 0, unhealthyPodEviction: 'IfHealthyBudget' };
  const full = status as typeof status & Pick<DisruptionBudgetSpec, 'unhealthyPodEviction'>;
  const healthy = { isIdle: false, isReady: true };
  const ill = { isIdle: false, isReady: false };

  it('lets go what is pending, has ended or is leaving', () => {
    expect(evictionAnswer({ isIdle: true, isReady: false }, [full])).toBe('free');
  });

  it('lets go what no budget covers, and refuses what two cover', () => {
    expect(evictionAnswer(healthy, [])).toBe('free');
    expect(evictionAnswer(healthy, [full, full])).toBe('refused');
  });

  it('uses up a disruption for a pod that is ready, and says to come back when there is none', () => {
    expect(evictionAnswer(healthy, [{ ...full, allowed: 1 }])).toBe('counted');
    expect(evictionAnswer(healthy, [full])).toBe('not-now');
  });

  it('lets a pod go that is not ready while enough others are healthy', () => {
    expect(evictionAnswer(ill, [full])).toBe('free');
    expect(evictionAnswer(ill, [{ ...full, healthy: 2 }])).toBe('not-now');
    // A budget that keeps none protects none of them for free.
    expect(evictionAnswer(ill, [{ ...full, desired: 0, allowed: 1 }])).toBe('counted');
  });

  it('lets it go in any case where the budget says so', () => {
    const always = { ...full, healthy: 0, unhealthyPodEviction: 'AlwaysAllow' } as const;
    expect(evictionAnswer(ill, [always])).toBe('free');
  });
});
