/**
 * Pods that need not be told apart, so that one answer serves them all.
 *
 * Groups    same workload, spec and pool, in order of first sight (the real order is that of a Go map). A workload stands for
 *           a controller, of which at most ten groups are followed: later kinds of pods are groups of their own.
 * Source    kubernetes.md 5.4 step 1, 9.
 */

import { podKey, podKindOf } from './unschedulable-pods.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { PodKind } from './cluster-snapshot.ts';

export interface PodGroup extends PodKind {
  readonly tasks: number[];
}

const GROUPS_PER_CONTROLLER = 10;

export function equivalenceGroups(view: ClusterView, pods: readonly number[]): PodGroup[] {
  const groups: PodGroup[] = [];
  const byKey = new Map<string, PodGroup>();
  const ofController = new Map<number, number>();
  for (const task of pods) {
    const key = podKey(view, task);
    const known = byKey.get(key);
    if (known !== undefined) {
      known.tasks.push(task);
      continue;
    }
    const group = { ...podKindOf(view, task), tasks: [task] };
    groups.push(group);
    const followed = ofController.get(group.workload) ?? 0;
    if (followed >= GROUPS_PER_CONTROLLER) continue;
    ofController.set(group.workload, followed + 1);
    byKey.set(key, group);
  }
  return groups;
}
