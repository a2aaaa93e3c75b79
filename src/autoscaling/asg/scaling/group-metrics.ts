/**
 * What CloudWatch knows of a group: average CPU of its instances, in per cent of their cores, one value a period.
 *
 * Counts    hosts that are in service and past their warm-up; a group without one has no value (missing data).
 * CPU       what its tasks use, over the cores of the machine: the system's own use is not in the model.
 * Departs   a value is read at the end of its period, not averaged over it: usage is piecewise constant over minutes. EC2's basic
 *           monitoring has a period of 5 min, detailed monitoring one of 1 min (aws.md 2.6).
 */

import { HOST_STATE, NO_ROW } from '../../../cluster/hosts.ts';
import { TASK_STATE } from '../../../cluster/tasks.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { UsageProbe } from '../../../telemetry/usage-probe.ts';

/** Hosts of a group that its metrics count. */
export function warmHosts(
  { hosts }: ClusterView,
  rows: readonly number[],
  warmupUs: number,
  nowUs: number,
): number[] {
  return rows.filter(
    (host) => hosts.state[host] === HOST_STATE.ready && hosts.readyUs[host]! + warmupUs <= nowUs,
  );
}

/** Average CPU utilisation of hosts in per cent; undefined of none. */
export function averageCpuPercent(
  view: ClusterView,
  probe: UsageProbe,
  rows: readonly number[],
  nowUs: number,
): number | undefined {
  if (rows.length === 0) return undefined;
  let sum = 0;
  for (const host of rows) {
    sum += (100 * usedTicks(view, probe, host, nowUs)) / view.hosts.cpuCapacity[host]!;
  }
  return sum / rows.length;
}

function usedTicks(
  { hosts, tasks }: ClusterView,
  probe: UsageProbe,
  host: number,
  nowUs: number,
): number {
  let used = 0;
  for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
    if (tasks.state[task] === TASK_STATE.running) used += probe.taskTicks(task, nowUs);
  }
  return used;
}
