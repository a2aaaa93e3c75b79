/**
 * The pods that must find another node before theirs can be removed, unless a rule forbids to move one of them.
 *
 * Replicated  pods of services, jobs and traces: a controller starts them again.
 * Skipped     daemons, and pods that are stopping already: these are gone before a node could be.
 * Budgets     every pod of a node needs one disruption left before any of them is counted; then all are. A node whose pods take
 *             more than there is, so that they cannot go at once, is risky: the last choice.
 * Source      kubernetes.md 5.6 Pod rules.
 */

import { NO_ROW } from '../../cluster/hosts.ts';
import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import { movabilityOf } from './pod-rules.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type {
  Budget,
  DisruptionBudgets,
} from '../../orchestration/kubernetes/controllers/disruption-budgets.ts';
import type { Movability, SkippedNodes } from './pod-rules.ts';

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');
const SERVICE = WORKLOAD_KINDS.indexOf('service');

/** Disruptions that a loop has counted on, by budget. */
export type Spent = ReadonlyMap<Budget, number>;

export interface Move {
  readonly pods: readonly number[];
  /** `spent` with what moving these pods takes. */
  readonly spent: Spent;
  readonly isRisky: boolean;
}

export class MovablePods {
  private readonly view: ClusterView;
  private readonly budgets: DisruptionBudgets;
  private readonly skips: SkippedNodes;

  constructor(view: ClusterView, budgets: DisruptionBudgets, skips: SkippedNodes) {
    this.view = view;
    this.budgets = budgets;
    this.skips = skips;
  }

  /** Those bound to the node's host, in order of their list, then those placed there in thought. */
  of(snapshot: ClusterSnapshot, node: number, spent: Spent, nowUs: number): Move | 'blocked' {
    const move = this.onHost(snapshot.hostOf[node]!, spent, nowUs);
    if (move === 'blocked') return move;
    return { ...move, pods: [...move.pods, ...snapshot.placedOn(node)] };
  }

  /** Those bound to a host. */
  onHost(host: number, spent: Spent, nowUs: number): Move | 'blocked' {
    const { hosts, tasks } = this.view;
    const pods: number[] = [];
    const taken = new Map(spent);
    let task = hosts.firstTask[host]!;
    for (; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
      if (tasks.stopping[task] === 1) continue;
      const movability = this.ruleOn(task, spent, nowUs);
      if (movability === 'block' || movability === 'wait') return 'blocked';
      if (movability !== 'move') continue;
      pods.push(task);
      this.take(task, taken);
    }
    return { pods, spent: taken, isRisky: this.isOverdrawn(pods, taken) };
  }

  /** Asks for an eviction; false when a budget refuses. */
  evict(task: number, taken: Map<Budget, number>): boolean {
    if (!this.mayDisrupt(task, taken)) return false;
    this.take(task, taken);
    return true;
  }

  private ruleOn(task: number, spent: Spent, nowUs: number): Movability {
    const { tasks, workloads, specs } = this.view;
    const isDaemon = workloads.kind[tasks.workload[task]!] === DAEMON;
    const template = specs.podOf(tasks.spec[task]!);
    const hasBudget = this.budgets.covers(task);
    const isService = workloads.kind[tasks.workload[task]!] === SERVICE;
    const replicas = isService ? workloads.desired[tasks.workload[task]!]! : Infinity;
    const isFree = template === undefined && !hasBudget && replicas >= this.skips.replicasMin;
    if (isFree) return isDaemon ? 'stay' : 'move';
    const pod = {
      isDaemon,
      isReplicated: true,
      replicas,
      ageUs: nowUs - tasks.submittedUs[task]!,
      hasBudget,
      isDisruptable: this.mayDisrupt(task, spent),
      template,
    };
    return movabilityOf(pod, this.skips);
  }

  private isOverdrawn(pods: readonly number[], taken: Spent): boolean {
    return pods.some((task) =>
      this.budgets.of(task).some((one) => (taken.get(one) ?? 0) > this.budgets.allowed(one)),
    );
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
