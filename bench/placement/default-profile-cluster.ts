/** Chooses by the default profile of Kubernetes on the engine's own cluster, by its index or node by node. */

import { DefaultProfile } from '../../src/orchestration/kubernetes/cycle/default-profile.ts';
import { LoadedCluster } from './loaded-cluster.ts';
import { NO_ROW } from '../../src/cluster/hosts.ts';
import type { Engine } from './engine.ts';
import type { Load } from './load.ts';

export class ProfileEngine implements Engine {
  private readonly loaded: LoadedCluster;
  private readonly profile: DefaultProfile;
  private readonly isIndexed: boolean;

  constructor(load: Load, percentage: number, isIndexed: boolean) {
    this.loaded = new LoadedCluster(load, 'kubernetes', true);
    const { cluster, requests } = this.loaded;
    // One row of tasks for each Deployment: the journal names a row for its spec.
    for (const { workload, spec } of requests) {
      const row = cluster.tasks.add(0);
      cluster.tasks.workload[row] = workload;
      cluster.tasks.spec[row] = spec;
    }
    this.profile = new DefaultProfile(cluster, { percentage });
    this.isIndexed = isIndexed;
  }

  choose(template: number): number {
    const { requests, hosts } = this.loaded;
    const request = requests[template]!;
    return this.isIndexed
      ? this.profile.choose(request, hosts, NO_ROW)
      : this.profile.choose(request, hosts);
  }

  put(host: number, template: number, task: number): void {
    this.loaded.put(host, template, task, template);
  }

  take(host: number, template: number, task: number): void {
    this.loaded.take(host, template, task, template);
  }

  /** Cycles start there. */
  get nextStart(): number {
    return this.profile.save().nextStart;
  }

  set nextStart(nextStart: number) {
    this.profile.restore({ nextStart, draws: null });
    // It counts pods from its first choice on: those of this cluster are in no list that it could count them from.
    this.profile.choose(this.loaded.requests[0]!, []);
  }
}
