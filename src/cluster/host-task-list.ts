/** The tasks that are bound to a host, as a list through their rows: the latest bind first. */

import { NO_ROW } from './hosts.ts';
import type { Cluster } from './cluster.ts';

export function link({ hosts, tasks }: Cluster, task: number, host: number): void {
  const head = hosts.firstTask[host]!;
  tasks.nextOnHost[task] = head;
  tasks.previousOnHost[task] = NO_ROW;
  if (head !== NO_ROW) tasks.previousOnHost[head] = task;
  hosts.firstTask[host] = task;
}

export function unlink({ hosts, tasks }: Cluster, task: number, host: number): void {
  const next = tasks.nextOnHost[task]!;
  const previous = tasks.previousOnHost[task]!;
  if (previous === NO_ROW) hosts.firstTask[host] = next;
  else tasks.nextOnHost[previous] = next;
  if (next !== NO_ROW) tasks.previousOnHost[next] = previous;
}
