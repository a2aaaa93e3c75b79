/**
 * How many tasks of a workload each host and each zone of a cluster holds: what spreading looks at.
 *
 * Counted    from the columns when somebody asks for the first time, and kept from then on by the ledger: a run in which
 *            nobody asks pays nothing.
 * State      none of its own.
 */

import { FIRST_END_STATE } from './tasks.ts';
import { NO_ROW } from './hosts.ts';
import { WorkloadCounts } from './workload-counts.ts';
import type { Cluster } from './cluster.ts';

export class SpreadCounts {
  private readonly cluster: Pick<Cluster, 'hosts' | 'tasks' | 'orchestrators'>;
  /** Undefined until somebody asks. */
  private kept: WorkloadCounts | undefined;

  constructor(cluster: Pick<Cluster, 'hosts' | 'tasks' | 'orchestrators'>) {
    this.cluster = cluster;
  }

  onHost(workload: number, host: number): number {
    return (this.kept ?? this.countAll()).onHost(workload, host);
  }

  inZone(workload: number, zone: number): number {
    return (this.kept ?? this.countAll()).inZone(workload, zone);
  }

  /** One more task of the workload counts on the host (by 1), or one less (by -1). */
  add(workload: number, host: number, by: 1 | -1): void {
    this.kept?.add(workload, host, this.cluster.hosts.zone[host]!, by);
  }

  /** Does spreading look at the bound task? On Kubernetes it looks past one that is stopping (kubernetes.md 1.8). */
  includes(task: number): boolean {
    const { tasks, orchestrators } = this.cluster;
    return tasks.stopping[task] === 0 || orchestrators[tasks.cluster[task]!] !== 'kubernetes';
  }

  /** The columns are those of another moment. */
  forget(): void {
    this.kept = undefined;
  }

  private countAll(): WorkloadCounts {
    this.kept = new WorkloadCounts();
    const { tasks } = this.cluster;
    for (let task = 0; task < tasks.count; task++) {
      const host = tasks.host[task]!;
      const isBound = host !== NO_ROW && tasks.state[task]! < FIRST_END_STATE;
      if (isBound && this.includes(task)) this.add(tasks.workload[task]!, host, 1);
    }
    return this.kept;
  }
}
