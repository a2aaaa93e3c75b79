/**
 * Pods that need not be told apart, so that one answer serves them all.
 *
 * Groups    same workload, spec and pool, in order of first sight (the real order is that of a Go map).
 * Departs   the real one leaves pods without a controller alone and follows at most ten groups a controller.
 * Source    kubernetes.md 5.4 step 1, 9.
 */

import { podKey, podKindOf } from './unschedulable-pods.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { PodKind } from './cluster-snapshot.ts';

export interface PodGroup extends PodKind {
  readonly tasks: number[];
}

export function equivalenceGroups(view: ClusterView, pods: readonly number[]): PodGroup[] {
  const groups = new Map<string, PodGroup>();
  for (const task of pods) {
    const key = podKey(view, task);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { ...podKindOf(view, task), tasks: [task] });
    else group.tasks.push(task);
  }
  return [...groups.values()];
}
