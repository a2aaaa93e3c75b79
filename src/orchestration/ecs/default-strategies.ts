/**
 * ECS without a stated strategy (aws.md 3.6): services spread over zones, then over instances; standalone tasks go to
 * a random instance that has room.
 */

import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostChoice } from '../queue-scheduler.ts';
import type { PlacementRequest } from '../../placement/policy.ts';

const SERVICE = WORKLOAD_KINDS.indexOf('service');

export class EcsDefaultChoice implements HostChoice {
  private readonly view: ClusterView;
  private readonly services: HostChoice;
  private readonly standalone: HostChoice;

  constructor(view: ClusterView, services: HostChoice, standalone: HostChoice) {
    this.view = view;
    this.services = services;
    this.standalone = standalone;
  }

  choose(request: PlacementRequest, hosts: readonly number[], pool?: number): number {
    const isService = this.view.workloads.kind[request.workload] === SERVICE;
    return (isService ? this.services : this.standalone).choose(request, hosts, pool);
  }

  save(): unknown {
    return [this.services.save(), this.standalone.save()];
  }

  restore([services, standalone]: [unknown, unknown]): void {
    this.services.restore(services);
    this.standalone.restore(standalone);
  }
}
