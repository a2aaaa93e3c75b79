/**
 * Which task of an ECS service stops first: keep the zones balanced, then the oldest.
 * aws.md 3.6 (scale-in choice with spread; "order among equals undefined", oldest first by aws.md 12.5); pending
 * tasks go before placed ones.
 */

import { NO_ROW } from '../../cluster/hosts.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

export function ecsScaleInOrder(view: ClusterView, a: number, b: number): number {
  return tasksInZone(view, b) - tasksInZone(view, a) || a - b;
}

function tasksInZone({ tasks, hosts, counts }: ClusterView, task: number): number {
  const host = tasks.host[task]!;
  if (host === NO_ROW) return Number.MAX_SAFE_INTEGER;
  return counts.inZone(tasks.workload[task]!, hosts.zone[host]!);
}
