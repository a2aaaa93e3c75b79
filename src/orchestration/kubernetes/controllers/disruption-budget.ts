/**
 * PodDisruptionBudgets and the Eviction API (kubernetes.md 3.7): how many pods may be disrupted, and whether this one may.
 *
 * Expected    a whole minAvailable: the pods that match; else the sum of the replicas of their controllers. Percentages are
 *             rounded up in both fields.
 * Healthy     ready, not leaving, not evicted already. allowed = max(0, healthy - desired), 0 when none is expected.
 * Eviction    a pod that is pending, has ended or is leaving goes without asking. One that runs but is not ready goes when the
 *             budget says AlwaysAllow, or when enough others are healthy; neither uses up the budget. Two budgets over one
 *             pod are an error: it stays.
 */

import { countOf } from './count-of.ts';
import type { DisruptionBudgetSpec } from '../../../cluster/controller-specs.ts';

export interface BudgetedPods {
  /** Pods that match, in whatever state but ended. */
  readonly count: number;
  readonly healthy: number;
  /** Replicas that their controllers want together. */
  readonly scale: number;
}

export interface BudgetStatus {
  readonly healthy: number;
  readonly desired: number;
  readonly allowed: number;
}

export function budgetStatus(
  spec: Pick<DisruptionBudgetSpec, 'minAvailable' | 'maxUnavailable'>,
  pods: BudgetedPods,
): BudgetStatus {
  const { minAvailable, maxUnavailable } = spec;
  const { count, healthy, scale } = pods;
  let expected = scale;
  let desired = 0;
  if (maxUnavailable !== undefined) {
    desired = Math.max(0, scale - countOf(maxUnavailable, scale, 'up'));
  } else if (minAvailable !== undefined) {
    if ('count' in minAvailable) expected = count;
    desired = countOf(minAvailable, scale, 'up');
  }
  const allowed = expected === 0 ? 0 : Math.max(0, healthy - desired);
  return { healthy, desired, allowed };
}

export interface EvictedPod {
  /** Pending, ended or leaving. */
  readonly isIdle: boolean;
  readonly isReady: boolean;
}

export type EvictionAnswer =
  /** It goes and costs nothing. */
  | 'free'
  /** It goes and uses up one disruption of its budget. */
  | 'counted'
  /** 429: ask again later. */
  | 'not-now'
  /** 500: more than one budget. */
  | 'refused';

/** `budgets` are those that match the pod. */
export function evictionAnswer(
  pod: EvictedPod,
  budgets: readonly (BudgetStatus & Pick<DisruptionBudgetSpec, 'unhealthyPodEviction'>)[],
): EvictionAnswer {
  if (pod.isIdle || budgets.length === 0) return 'free';
  if (budgets.length > 1) return 'refused';
  const { healthy, desired, allowed, unhealthyPodEviction } = budgets[0]!;
  if (!pod.isReady) {
    if (unhealthyPodEviction === 'AlwaysAllow') return 'free';
    if (healthy >= desired && desired > 0) return 'free';
  }
  return allowed > 0 ? 'counted' : 'not-now';
}
