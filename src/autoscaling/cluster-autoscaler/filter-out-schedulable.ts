/**
 * Drops the pods that have room on a node that is there or on its way; they keep that room in the snapshot.
 *
 * Order      priority descending, then row.
 * Fail fast  after one pod found no room, its like are not tried: the snapshot only fills.
 * Departs    no hints of nodes from earlier loops; "its like" are pods of the same workload, spec and pool, all of them,
 *            where the real one remembers ten a controller.
 * Source     kubernetes.md 5.3.
 */

import { NO_NODE } from './cluster-snapshot.ts';
import { podKey, podKindOf } from './unschedulable-pods.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

/** The pods that fit nowhere, by priority, then in the order given. */
export function filterOutSchedulable(
  view: ClusterView,
  snapshot: ClusterSnapshot,
  pods: readonly number[],
): number[] {
  const { tasks, specs } = view;
  const priorityOf = (task: number): number => specs.priorityOf(tasks.spec[task]!);
  const refused = new Set<string>();
  return [...pods]
    .sort((a, b) => priorityOf(b) - priorityOf(a))
    .filter((task) => {
      const key = podKey(view, task);
      if (refused.has(key)) return true;
      const node = snapshot.firstFit(podKindOf(view, task));
      if (node === NO_NODE) refused.add(key);
      else snapshot.place(task, tasks.spec[task]!, node);
      return node === NO_NODE;
    });
}
