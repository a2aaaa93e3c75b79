/** What is said of a task from its columns alone. */

import { FIRST_END_STATE } from '../cluster/tasks.ts';
import { NOT_YET } from '../cluster/hosts.ts';
import type { ClusterView } from '../cluster/cluster.ts';

/** Wait of one task in microseconds, or null when it ended without a start. */
export function waitUs({ tasks }: ClusterView, task: number, endUs: number): number | null {
  const submittedUs = tasks.submittedUs[task]!;
  if (tasks.startedUs[task] !== NOT_YET) return tasks.startedUs[task]! - submittedUs;
  return tasks.state[task]! >= FIRST_END_STATE ? null : endUs - submittedUs;
}

/** Rows of the tasks that have not ended, by number. */
export function tasksInside({ tasks }: ClusterView): readonly number[] {
  const inside: number[] = [];
  for (let task = 0; task < tasks.count; task++) {
    if (tasks.state[task]! < FIRST_END_STATE) inside.push(task);
  }
  return inside.sort((a, b) => tasks.number[a]! - tasks.number[b]!);
}
