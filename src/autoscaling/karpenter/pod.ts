/** A pod that needs a place: pending, or about to lose its node. */

import { NO_ROW } from '../../cluster/hosts.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

export interface Pod {
  readonly task: number;
  /** Rows of `view.specs` and `view.workloads`. */
  readonly spec: number;
  readonly workload: number;
  /** Pool that it must use, NO_ROW for any. */
  readonly pool: number;
  /** Host that it would leave, NO_ROW while it is pending. */
  readonly leaves: number;
  /** True for a pod that runs in peace and would move only to let its node go. */
  readonly isMoved: boolean;
}

export function podOf(view: ClusterView, task: number, isMoved = false): Pod {
  const { tasks } = view;
  const leaves = tasks.host[task]!;
  return {
    task,
    spec: tasks.spec[task]!,
    workload: tasks.workload[task]!,
    pool: leaves === NO_ROW ? tasks.pool[task]! : NO_ROW,
    leaves,
    isMoved,
  };
}
