/**
 * The pods that the autoscaler takes for in need of a node: those that the scheduler has tried and refused.
 *
 * Counts      pending pods of the cluster with a reason, except reasons that say nothing about room: `queued` (not tried
 *             yet), `throttled`, `conflict` (tried again at once). `wrong-pool` does count: it is only what most hosts
 *             answered. A pod without a reason has had no attempt and is invisible (kubernetes.md 8.20).
 * Left out    daemons; expendable pods, of priority below -10 or what is set; pods sent to a pool that is no Auto Scaling group; pods for
 *             whom preemption makes room on a nominated node.
 * Too young   a loop waits when every pod is younger than 2 s, or the oldest pod with a GPU than 30 s.
 * Drains      pods of nodes that are being drained are added by the autoscaler: their successors will need room.
 * Source      kubernetes.md 5.2 steps 2, 12, 14.
 */

import { NO_ROW } from '../../cluster/hosts.ts';
import { US_PER_SECOND } from '../../base/units.ts';
import { pendingReasons } from '../../base/reason-code.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { PodKind } from './cluster-snapshot.ts';

/** `--expendable-pods-priority-cutoff`. */
export const EXPENDABLE_BELOW = -10;

const YOUNG_US = 2 * US_PER_SECOND;
const YOUNG_GPU_US = 30 * US_PER_SECOND;
const NOT_UNSCHEDULABLE: readonly number[] = [
  0,
  pendingReasons.codeOf('queued'),
  pendingReasons.codeOf('throttled'),
  pendingReasons.codeOf('conflict'),
];

/** The pods in need among `pending`, in its order. */
export function unschedulablePods(
  view: ClusterView,
  cluster: number,
  pending: Iterable<number>,
  expendableBelow = EXPENDABLE_BELOW,
): number[] {
  const { tasks, specs, pools } = view;
  const pods: number[] = [];
  for (const task of pending) {
    if (tasks.cluster[task] !== cluster) continue;
    if (NOT_UNSCHEDULABLE.includes(tasks.reason[task]!)) continue;
    const sentTo = tasks.pool[task]!;
    if (sentTo !== NO_ROW && pools.descriptions[sentTo]!.kind !== 'asg') continue;
    if (tasks.nominated[task] !== NO_ROW) continue;
    if (specs.priorityOf(tasks.spec[task]!) >= expendableBelow) pods.push(task);
  }
  return pods;
}

/** True when the pods should wait a loop: more of them may be on their way. */
export function areTooYoung(view: ClusterView, pods: readonly number[], nowUs: number): boolean {
  const { tasks, specs } = view;
  let oldestUs = Infinity;
  let oldestGpuUs = Infinity;
  for (const task of pods) {
    const sinceUs = tasks.submittedUs[task]!;
    oldestUs = Math.min(oldestUs, sinceUs);
    if (specs.gpuCount[tasks.spec[task]!]! > 0) oldestGpuUs = Math.min(oldestGpuUs, sinceUs);
  }
  const gpuIsYoung = oldestGpuUs !== Infinity && nowUs - oldestGpuUs < YOUNG_GPU_US;
  return nowUs - oldestUs < YOUNG_US || gpuIsYoung;
}

/** Of a bound pod what its successor asks for: it names its host's pool, but only a pool kept for it holds it there. */
export function podKindOf({ tasks, pools, storage }: ClusterView, task: number): PodKind {
  const workload = tasks.workload[task]!;
  const pool = tasks.pool[task]!;
  const claims = storage.wants[workload] === undefined ? [] : storage.claimsOf(tasks, task);
  const isHeld =
    tasks.host[task] === NO_ROW || pools.descriptions[pool]!.workloads.includes(workload);
  const kind = { spec: tasks.spec[task]!, workload, pool: isHeld ? pool : NO_ROW };
  return claims.length === 0 ? kind : { ...kind, claims };
}

/** Equal for pods of the same kind. */
export function podKey(view: ClusterView, task: number): string {
  const { workload, spec, pool, claims = [] } = podKindOf(view, task);
  return `${workload}/${spec}/${pool}/${claims.join()}`;
}
