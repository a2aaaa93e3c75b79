/**
 * Which container instance a task is placed on (aws.md 3.6): those that its constraints allow, then its strategies.
 *
 * Strategies  those that the service or the job states, else those of the cluster. Where nobody states any, services spread
 *             over zones, then over instances; standalone tasks go to a random instance that has room.
 */

import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostChoice } from '../queue-scheduler.ts';
import type { PlacementConstraints } from './placement-constraints.ts';
import type { PendingReason } from '../../base/reasons.ts';
import type { PlacementRequest } from '../../placement/policy.ts';

const SERVICE = WORKLOAD_KINDS.indexOf('service');

export interface EcsChoiceOptions {
  readonly services: HostChoice;
  readonly standalone: HostChoice;
  /** By workload row, of those that state strategies of their own. */
  readonly own: ReadonlyMap<number, HostChoice>;
  /** By workload row, of those that state constraints. */
  readonly constraints: ReadonlyMap<number, PlacementConstraints>;
}

export class EcsChoice implements HostChoice {
  private readonly view: ClusterView;
  private readonly options: EcsChoiceOptions;

  constructor(view: ClusterView, options: EcsChoiceOptions) {
    this.view = view;
    this.options = options;
  }

  choose(request: PlacementRequest, hosts: readonly number[], pool?: number): number {
    const rule = this.options.constraints.get(request.workload);
    const choice = this.choiceOf(request.workload);
    if (rule === undefined) return choice.choose(request, hosts, pool);
    return choice.choose(request, hosts, pool, (host) => rule.allows(host));
  }

  refusal({ workload }: PlacementRequest): PendingReason {
    return this.options.constraints.get(workload)?.refusal ?? 'spread';
  }

  devices(request: PlacementRequest, host: number): number {
    return this.choiceOf(request.workload).devices?.(request, host) ?? 0;
  }

  save(): unknown {
    return this.choices().map((choice) => choice.save());
  }

  restore(state: readonly unknown[]): void {
    for (const [i, choice] of this.choices().entries()) choice.restore(state[i]);
  }

  private choiceOf(workload: number): HostChoice {
    const { own, services, standalone } = this.options;
    const isService = this.view.workloads.kind[workload] === SERVICE;
    return own.get(workload) ?? (isService ? services : standalone);
  }

  private choices(): HostChoice[] {
    const { own, services, standalone } = this.options;
    return [services, standalone, ...own.values()];
  }
}
