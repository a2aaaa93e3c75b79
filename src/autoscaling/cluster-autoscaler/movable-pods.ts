/**
 * The pods that must find another node before theirs can be removed, unless a rule forbids to move one of them.
 *
 * Replicated  pods of services, jobs and traces: a controller starts them again.
 * Skipped     daemons, and pods that are stopping already: these are gone before a node could be.
 * Budgets     every pod that is moved takes from what its budgets allow in this loop.
 * Source      kubernetes.md 5.6 Pod rules.
 */

import { NO_ROW } from '../../cluster/hosts.ts';
import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import { movabilityOf } from './pod-rules.ts';
import { podKindOf } from './unschedulable-pods.ts';
import type { ClusterSnapshot, PodKind } from './cluster-snapshot.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type {
  Budget,
  DisruptionBudgets,
} from '../../orchestration/kubernetes/controllers/disruption-budgets.ts';
import type { Movability } from './pod-rules.ts';

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');

/** Disruptions that a loop has counted on, by budget. */
export type Spent = ReadonlyMap<Budget, number>;

export interface Move {
  readonly pods: readonly number[];
  /** `spent` with what moving these pods takes. */
  readonly spent: Spent;
}

export class MovablePods {
  private readonly view: ClusterView;
  private readonly budgets: DisruptionBudgets;

  constructor(view: ClusterView, budgets: DisruptionBudgets) {
    this.view = view;
    this.budgets = budgets;
  }

  /** Those bound to the node's host, in order of their list, then those placed there in thought. */
  of(snapshot: ClusterSnapshot, node: number, spent: Spent, nowUs: number): Move | 'blocked' {
    const { hosts, tasks } = this.view;
    const pods: number[] = [];
    const taken = new Map(spent);
    let task = hosts.firstTask[snapshot.hostOf[node]!]!;
    for (; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
      if (tasks.stopping[task] === 1) continue;
      const movability = this.ruleOn(task, taken, nowUs);
      if (movability === 'block' || movability === 'wait') return 'blocked';
      if (movability === 'move') pods.push(task);
    }
    return { pods: [...pods, ...snapshot.placedOn(node)], spent: taken };
  }

  private ruleOn(task: number, taken: Map<Budget, number>, nowUs: number): Movability {
    const { tasks, workloads, specs } = this.view;
    const isDaemon = workloads.kind[tasks.workload[task]!] === DAEMON;
    const template = specs.podOf(tasks.spec[task]!);
    const hasBudget = this.budgets.covers(task);
    if (template === undefined && !hasBudget) return isDaemon ? 'stay' : 'move';
    const rule = movabilityOf({
      isDaemon,
      isReplicated: true,
      ageUs: nowUs - tasks.submittedUs[task]!,
      hasBudget,
      isDisruptable: this.mayDisrupt(task, taken),
      template,
    });
    if (rule === 'move') this.take(task, taken);
    return rule;
  }

  private mayDisrupt(task: number, taken: Spent): boolean {
    const answer = this.budgets.answer(task, taken);
    return answer !== 'not-now' && answer !== 'refused';
  }

  private take(task: number, taken: Map<Budget, number>): void {
    if (this.budgets.answer(task, taken) !== 'counted') return;
    for (const budget of this.budgets.of(task)) taken.set(budget, (taken.get(budget) ?? 0) + 1);
  }
}

/** What its successor asks for: bound to a host it names that host's pool, but only a pool kept for it holds it there. */
export function movedPodKind(view: ClusterView, task: number): PodKind {
  const pod = podKindOf(view, task);
  const isBound = view.tasks.host[task] !== NO_ROW;
  const isKept = isBound && view.pools.descriptions[pod.pool]!.workloads.includes(pod.workload);
  return isBound && !isKept ? { ...pod, pool: NO_ROW } : pod;
}
