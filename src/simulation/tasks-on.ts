import { NO_ROW } from '../cluster/hosts.ts';
import type { Cluster } from '../cluster/cluster.ts';

/** The tasks bound to a host, as a copy: ending tasks changes the list. */
export function tasksOn({ hosts, tasks }: Cluster, host: number): readonly number[] {
  const rows: number[] = [];
  for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
    rows.push(task);
  }
  return rows;
}
