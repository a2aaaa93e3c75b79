/**
 * The order in which a ReplicaSet deletes pods (kubernetes.md 3.2): unassigned before assigned, not ready before ready,
 * then the node with more pods of the set, then the pod that became ready last, then the newest.
 * Departs: no deletion cost, no restart counts; ready times are compared exactly, not by their logarithm.
 */

import { NO_ROW } from '../../cluster/hosts.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

export function replicaSetDeletionOrder(view: ClusterView, pods: readonly number[]): number[] {
  return [...pods].sort((a, b) => compare(view, a, b));
}

function compare(view: ClusterView, a: number, b: number): number {
  const { tasks, counts } = view;
  const isAssigned = (pod: number) => Number(tasks.host[pod] !== NO_ROW);
  const onNode = (pod: number) =>
    isAssigned(pod) ? counts.onHost(tasks.workload[pod]!, tasks.host[pod]!) : 0;
  return (
    isAssigned(a) - isAssigned(b) ||
    tasks.isReady[a]! - tasks.isReady[b]! ||
    onNode(b) - onNode(a) ||
    tasks.readyUs[b]! - tasks.readyUs[a]! ||
    tasks.number[b]! - tasks.number[a]!
  );
}
