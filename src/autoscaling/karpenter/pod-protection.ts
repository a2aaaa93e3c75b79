/**
 * Whether pods let themselves be disrupted.
 *
 * Annotation  karpenter.sh/do-not-disrupt: "true" holds for good, a duration such as "30m" from the start of the pod; a text
 *             that is neither holds nothing. Pods of DaemonSets count too; those that are leaving do not.
 * Budgets     a pod that tolerates the disrupted taint is asked nothing; one under several PodDisruptionBudgets blocks; one
 *             whose budget allows no disruption now blocks, unless it is not ready and the budget always lets such pods go.
 * Stuck       a budget that never allows any: maxUnavailable 0 or 0 %, minAvailable 100 %.
 * Source      aws.md 1.17; utils/pod and utils/pdb of Karpenter 1.14.
 */

import { parseDuration } from '../../base/quantity.ts';
import { tolerates } from '../../cluster/specs.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type {
  Budget,
  BudgetRule,
  DisruptionBudgets,
} from '../../orchestration/kubernetes/controllers/disruption-budgets.ts';
import type { Taint } from '../../cluster/spec.ts';

export const DISRUPTED: Taint = {
  key: 'karpenter.sh/disrupted',
  value: '',
  effect: 'NoSchedule',
};

const DO_NOT_DISRUPT = 'karpenter.sh/do-not-disrupt';

/** Karpenter does not move it, for now or for good. */
export function isProtected({ tasks, specs }: ClusterView, task: number, nowUs: number): boolean {
  const text = specs.at(tasks.spec[task]!).pod?.annotations[DO_NOT_DISRUPT];
  if (text === undefined) return false;
  if (text === 'true') return true;
  const duration = parseDuration(text);
  if (!duration.ok || duration.value <= 0) return false;
  // The kubelet notes the start of a pod when it hears of it, before it pulls images.
  return nowUs - tasks.placedUs[task]! < duration.value;
}

/** Its node may not be disrupted gracefully because of it. */
export function blocksDisruption(
  view: ClusterView,
  task: number,
  nowUs: number,
  budgets: DisruptionBudgets | undefined,
): boolean {
  if (isProtected(view, task, nowUs)) return true;
  return isHeldBy(view, task, budgets, (budget) => budgets!.allowed(budget) === 0);
}

/** Its budget will never let it go: nothing is launched in its place. */
export function isStuck(
  view: ClusterView,
  task: number,
  budgets: DisruptionBudgets | undefined,
): boolean {
  return isHeldBy(view, task, budgets, ({ rule }) => isFullyBlocking(rule));
}

function isHeldBy(
  { tasks, specs }: ClusterView,
  task: number,
  budgets: DisruptionBudgets | undefined,
  holds: (budget: Budget) => boolean,
): boolean {
  if (budgets === undefined || budgets.isEmpty || !budgets.covers(task)) return false;
  const { tolerations } = specs.at(tasks.spec[task]!);
  if (tolerations.some((one) => tolerates(one, DISRUPTED))) return false;
  const own = budgets.of(task);
  if (own.length > 1) return true;
  return own.some((budget) => {
    const isLoose = budget.rule.unhealthyPodEviction === 'AlwaysAllow' && tasks.isReady[task] === 0;
    return !isLoose && holds(budget);
  });
}

function isFullyBlocking({ minAvailable, maxUnavailable }: BudgetRule): boolean {
  if (minAvailable !== undefined) return 'percent' in minAvailable && minAvailable.percent >= 100;
  if (maxUnavailable === undefined) return false;
  return 'percent' in maxUnavailable ? maxUnavailable.percent === 0 : maxUnavailable.count === 0;
}
