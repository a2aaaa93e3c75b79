/**
 * The pods that must find another node before theirs can be removed.
 *
 * Movable   pods of services, jobs and traces: a controller starts them again (kubernetes.md 5.6, "replicated").
 * Skipped   daemons and pods that are stopping already.
 * Departs   nothing blocks a removal: no disruption budgets, bare pods, kube-system pods, local storage or safe-to-evict
 *           annotations. A further rule belongs here.
 * Source    kubernetes.md 5.6 Pod rules.
 */

import { NO_ROW } from '../../cluster/hosts.ts';
import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import { podKindOf } from './unschedulable-pods.ts';
import type { ClusterSnapshot, PodKind } from './cluster-snapshot.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');

/** Those bound to the node's host, in order of their list, then those placed there in thought. */
export function movablePods(view: ClusterView, snapshot: ClusterSnapshot, node: number): number[] {
  const { hosts, tasks, workloads } = view;
  const pods: number[] = [];
  let task = hosts.firstTask[snapshot.hostOf[node]!]!;
  for (; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
    const isDaemon = workloads.kind[tasks.workload[task]!] === DAEMON;
    if (!isDaemon && tasks.stopping[task] === 0) pods.push(task);
  }
  return [...pods, ...snapshot.placedOn(node)];
}

/** What its successor asks for: bound to a host it names that host's pool, but only a pool kept for it holds it there. */
export function movedPodKind(view: ClusterView, task: number): PodKind {
  const pod = podKindOf(view, task);
  const isBound = view.tasks.host[task] !== NO_ROW;
  const isKept = isBound && view.pools.descriptions[pod.pool]!.workloads.includes(pod.workload);
  return isBound && !isKept ? { ...pod, pool: NO_ROW } : pod;
}
