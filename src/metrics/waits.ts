/**
 * Waiting times of a run, from the task columns.
 *
 *     wait = started - submitted;   end of the run - submitted for tasks that have neither started nor ended
 *
 * Counted    tasks submitted at or after the warm-up, daemons apart. Tasks that ended without a start are not counted:
 *            nobody waited for them any more. Tasks still waiting are, so that an overloaded variant cannot win.
 * Quantile   nearest rank: the smallest wait that at least p of all are not above.
 */

import { FIRST_END_STATE } from '../cluster/tasks.ts';
import { NOT_YET } from '../cluster/hosts.ts';
import { US_PER_SECOND } from '../base/units.ts';
import { WORKLOAD_KINDS } from '../cluster/workloads.ts';
import type { ClusterView } from '../cluster/cluster.ts';

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');

export interface Waits {
  readonly meanSeconds: number | null;
  readonly p50Seconds: number | null;
  readonly p95Seconds: number | null;
  readonly p99Seconds: number | null;
  readonly maxSeconds: number | null;
  /** Of those counted, tasks that were still waiting. */
  readonly stillWaiting: number;
}

/** Wait of one task in microseconds, or null when it ended without a start. */
export function waitUs({ tasks }: ClusterView, task: number, endUs: number): number | null {
  const submittedUs = tasks.submittedUs[task]!;
  if (tasks.startedUs[task] !== NOT_YET) return tasks.startedUs[task]! - submittedUs;
  return tasks.state[task]! >= FIRST_END_STATE ? null : endUs - submittedUs;
}

export function waitsOf(view: ClusterView, warmupUs: number, endUs: number): Waits {
  const { tasks, workloads } = view;
  const waits = new Float64Array(tasks.count);
  let count = 0;
  let stillWaiting = 0;
  for (let task = 0; task < tasks.count; task++) {
    if (tasks.submittedUs[task]! < warmupUs) continue;
    if (workloads.kind[tasks.workload[task]!] === DAEMON) continue;
    const wait = waitUs(view, task, endUs);
    if (wait === null) continue;
    waits[count++] = wait;
    if (tasks.startedUs[task] === NOT_YET) stillWaiting++;
  }
  const sorted = waits.subarray(0, count).sort((a, b) => a - b);
  let sum = 0;
  for (const wait of sorted) sum += wait;
  const at = (p: number): number | null =>
    count === 0 ? null : sorted[Math.max(0, Math.ceil(p * count) - 1)]! / US_PER_SECOND;
  return {
    meanSeconds: count === 0 ? null : sum / count / US_PER_SECOND,
    p50Seconds: at(0.5),
    p95Seconds: at(0.95),
    p99Seconds: at(0.99),
    maxSeconds: at(1),
    stillWaiting,
  };
}
