/**
 * The PodDisruptionBudgets of one cluster, asked by whoever evicts (kubernetes.md 3.7). A budget covers whole workloads: all
 * pods of one have the labels that its selector matches, or none has.
 *
 * Departs    the status is worked out when it is asked for, where the real one follows changes of pods within milliseconds;
 *            so nothing has to be remembered of pods that were evicted and are not leaving yet.
 */

import { TASK_STATE } from '../../../cluster/tasks.ts';
import { budgetStatus, evictionAnswer } from './disruption-budget.ts';
import type { BudgetStatus, EvictionAnswer } from './disruption-budget.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { DisruptionBudgetSpec } from '../../../cluster/controller-specs.ts';

export type BudgetRule = Pick<
  DisruptionBudgetSpec,
  'minAvailable' | 'maxUnavailable' | 'unhealthyPodEviction'
>;

export interface Budget {
  readonly rule: BudgetRule;
  /** Rows of the workloads that it covers. */
  readonly workloads: readonly number[];
}

export class DisruptionBudgets {
  readonly all: readonly Budget[];
  private readonly view: ClusterView;
  private readonly byWorkload = new Map<number, Budget[]>();

  constructor(view: ClusterView, budgets: readonly Budget[]) {
    this.view = view;
    this.all = budgets;
    for (const budget of budgets) {
      for (const workload of budget.workloads) {
        const known = this.byWorkload.get(workload);
        if (known === undefined) this.byWorkload.set(workload, [budget]);
        else known.push(budget);
      }
    }
  }

  get isEmpty(): boolean {
    return this.byWorkload.size === 0;
  }

  /** True when a budget covers the task's workload. */
  covers(task: number): boolean {
    return this.byWorkload.has(this.view.tasks.workload[task]!);
  }

  /** Would an eviction go through now? `spent` are disruptions that were granted and are not to be seen yet. */
  answer(task: number, spent: ReadonlyMap<Budget, number>): EvictionAnswer {
    const { tasks } = this.view;
    const isIdle = tasks.state[task] !== TASK_STATE.running || tasks.stopping[task] === 1;
    const budgets = this.of(task).map((budget) => {
      const { healthy, desired, allowed } = this.statusOf(budget);
      const gone = spent.get(budget) ?? 0;
      return {
        healthy: healthy - gone,
        desired,
        allowed: Math.max(0, allowed - gone),
        unhealthyPodEviction: budget.rule.unhealthyPodEviction,
      };
    });
    return evictionAnswer({ isIdle, isReady: tasks.isReady[task] === 1 }, budgets);
  }

  /** Disruptions that a budget allows now. */
  allowed(budget: Budget): number {
    return Math.max(0, this.statusOf(budget).allowed);
  }

  of(task: number): readonly Budget[] {
    return this.byWorkload.get(this.view.tasks.workload[task]!) ?? [];
  }

  private statusOf({ rule, workloads }: Budget): BudgetStatus {
    const columns = this.view.workloads;
    let count = 0;
    let healthy = 0;
    let scale = 0;
    for (const row of workloads) {
      count += columns.pending[row]! + columns.bound[row]! + columns.stopping[row]!;
      healthy += columns.ready[row]!;
      scale += columns.desired[row]!;
    }
    return budgetStatus(rule, { count, healthy, scale });
  }
}
