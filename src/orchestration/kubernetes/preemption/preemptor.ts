/**
 * What kube-scheduler knows of priorities: who is nominated where, which nodes that closes to others, and whom a pod may evict
 * (kubernetes.md 1.4, 1.10).
 */

import { BARE } from '../framework/surroundings.ts';
import { Nominations } from '../queue/nominations.ts';
import { PreemptionRules } from './preemption-rules.ts';
import { ViewNodes } from '../view-nodes.ts';
import { WORKLOAD_KINDS } from '../../../cluster/workloads.ts';
import { misfit } from '../../../cluster/fit.ts';
import { preemptPlainly } from './plain-preemption.ts';
import { whatIf } from '../../../cluster/fork.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { DisruptionBudgets } from '../controllers/disruption-budgets.ts';
import type { HostChoice } from '../../queue-scheduler.ts';
import type { PendingReason } from '../../../base/reasons.ts';
import type { Surroundings } from '../framework/surroundings.ts';
import type { PreemptionOutcome } from './plain-preemption.ts';

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');

export class Preemptor {
  readonly nominations = new Nominations();
  private readonly view: ClusterView;
  private readonly choice: HostChoice;
  private readonly budgets: DisruptionBudgets | undefined;
  private readonly viewNodes: ViewNodes;
  /** With labels, for terms that select by them. */
  private readonly namespaces: Surroundings['namespaces'];
  /** No pod of the cluster has a lower one. */
  private lowestPriority = Infinity;

  constructor(
    view: ClusterView,
    cluster: number,
    choice: HostChoice,
    budgets: DisruptionBudgets | undefined,
    namespaces: Surroundings['namespaces'] = BARE.namespaces,
  ) {
    this.view = view;
    this.namespaces = namespaces;
    this.choice = choice;
    this.budgets = budgets;
    this.viewNodes = new ViewNodes(view);
    const { workloads } = view;
    for (let workload = 0; workload < workloads.count; workload++) {
      if (workloads.kind[workload] !== DAEMON || workloads.cluster[workload] !== cluster) continue;
      this.noted(view.specs.priorityOf(workloads.spec[workload]!));
    }
  }

  /** The priority of a pod that came. */
  noted(priority: number): number {
    this.lowestPriority = Math.min(this.lowestPriority, priority);
    return priority;
  }

  /** `around`: claims and volumes, for a pod that has some. */
  preempt(task: number, nodes: readonly number[], around?: Surroundings): PreemptionOutcome {
    const { view, nominations } = this;
    if (this.priorityOf(task) <= this.lowestPriority) return { kind: 'no-candidate' };
    const request = { spec: view.tasks.spec[task]!, workload: view.tasks.workload[task]! };
    const hasRules = around !== undefined || this.choice.filter?.(request, nodes) !== undefined;
    const whole = { ...(around ?? BARE), namespaces: this.namespaces };
    return preemptPlainly(task, nodes, {
      view,
      nominations,
      ...(this.budgets === undefined ? {} : { budgets: this.budgets }),
      ...(hasRules
        ? { rules: new PreemptionRules(task, nodes, this.viewNodes, nominations, whole) }
        : {}),
    });
  }

  /** Pods of lower priority that lose their nomination to the node. */
  dismissed(task: number, host: number): number[] {
    const priority = this.priorityOf(task);
    const { nominations } = this;
    return nominations
      .on(host)
      .filter((other) => !nominations.isHolding(other) && this.priorityOf(other) < priority);
  }

  /**
   * Is a node open to the pod besides those of no lower priority that are nominated to it? Undefined when there are none.
   * The second pass without them would find no less room (1.4).
   */
  openTo(task: number): ((host: number) => boolean) | undefined {
    const { nominations } = this;
    if (nominations.size === 0) return undefined;
    const priority = this.priorityOf(task);
    const isAhead = (other: number): boolean => this.isAhead(other, task, priority);
    if (!nominations.some(isAhead)) return undefined;
    return (host) => {
      const ahead = nominations.on(host).filter(isAhead);
      return ahead.length === 0 || this.misfitBeside(ahead, task, host) === undefined;
    };
  }

  /** What the first of the nodes that is kept for others lacks for the pod; undefined when none is. */
  shortage(task: number, nodes: readonly number[]): PendingReason | undefined {
    const priority = this.priorityOf(task);
    for (const host of nodes) {
      const tasks = this.nominations.on(host);
      const ahead = tasks.filter((other) => this.isAhead(other, task, priority));
      const lacks = ahead.length === 0 ? undefined : this.misfitBeside(ahead, task, host);
      if (lacks !== undefined) return lacks;
    }
    return undefined;
  }

  save() {
    return { nominations: this.nominations.save(), lowestPriority: this.lowestPriority };
  }

  restore(state: ReturnType<Preemptor['save']>): void {
    this.nominations.restore(state.nominations);
    this.lowestPriority = state.lowestPriority;
  }

  private isAhead(other: number, task: number, priority: number): boolean {
    return (
      other !== task && this.priorityOf(other) >= priority && !this.nominations.isHolding(other)
    );
  }

  private misfitBeside(
    others: readonly number[],
    task: number,
    host: number,
  ): PendingReason | undefined {
    const { specs, tasks, hosts } = this.view;
    return whatIf(this.view, (fork) => {
      for (const other of others) fork.place(tasks.spec[other]!, host);
      return misfit(specs, tasks.spec[task]!, hosts, host);
    });
  }

  private priorityOf(task: number): number {
    return this.view.specs.priorityOf(this.view.tasks.spec[task]!);
  }
}
