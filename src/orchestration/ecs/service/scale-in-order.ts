/**
 * The order in which the tasks of an ECS service stop: pending ones, then always the oldest of the zone that has the
 * most left, so that the zones stay balanced however many go.
 *
 * Ties       of zones with equally many left: the older task.
 * Source     aws.md 3.6 (scale-in with spread; "order among equals undefined", oldest first by aws.md 12.5).
 */

import { NO_ROW } from '../../../cluster/hosts.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';

export function ecsScaleInOrder(view: ClusterView, rows: readonly number[]): number[] {
  const { number } = view.tasks;
  const left = leftInZone(view, rows);
  return [...rows].sort((a, b) => left.get(b)! - left.get(a)! || number[a]! - number[b]!);
}

/** For each task, how many of its zone there are when the older ones are gone: itself and the younger. */
function leftInZone({ tasks, hosts }: ClusterView, rows: readonly number[]): Map<number, number> {
  const left = new Map<number, number>();
  const inZone = new Map<number, number>();
  for (const task of [...rows].sort((a, b) => tasks.number[b]! - tasks.number[a]!)) {
    const host = tasks.host[task]!;
    if (host === NO_ROW) {
      left.set(task, Number.MAX_SAFE_INTEGER);
      continue;
    }
    const count = (inZone.get(hosts.zone[host]!) ?? 0) + 1;
    inZone.set(hosts.zone[host]!, count);
    left.set(task, count);
  }
  return left;
}
