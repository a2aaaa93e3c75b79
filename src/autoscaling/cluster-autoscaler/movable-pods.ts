/**
 * The pods that must find another node before theirs can be removed, unless a rule forbids to move one of them.
 *
 * Replicated  pods of services, jobs and traces: a controller starts them again.
 * Skipped     daemons, and pods that are stopping already: these are gone before a node could be.
 * Departs     nobody tells here what disruption budgets allow; an eviction that they refuse is refused when it comes.
 * Source      kubernetes.md 5.6 Pod rules.
 */

import { NO_ROW } from '../../cluster/hosts.ts';
import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import { movabilityOf } from './pod-rules.ts';
import { podKindOf } from './unschedulable-pods.ts';
import type { ClusterSnapshot, PodKind } from './cluster-snapshot.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Movability } from './pod-rules.ts';

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');

/** Those bound to the node's host, in order of their list, then those placed there in thought. */
export function movablePods(
  view: ClusterView,
  snapshot: ClusterSnapshot,
  node: number,
  nowUs: number,
): number[] | 'blocked' {
  const { hosts, tasks } = view;
  const pods: number[] = [];
  let task = hosts.firstTask[snapshot.hostOf[node]!]!;
  for (; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
    if (tasks.stopping[task] === 1) continue;
    const movability = ruleOn(view, task, nowUs);
    if (movability === 'block' || movability === 'wait') return 'blocked';
    if (movability === 'move') pods.push(task);
  }
  return [...pods, ...snapshot.placedOn(node)];
}

function ruleOn({ tasks, workloads, specs }: ClusterView, task: number, nowUs: number): Movability {
  return movabilityOf({
    isDaemon: workloads.kind[tasks.workload[task]!] === DAEMON,
    isReplicated: true,
    ageUs: nowUs - tasks.submittedUs[task]!,
    disruptionsLeft: undefined,
    template: specs.at(tasks.spec[task]!).pod,
  });
}

/** What its successor asks for: bound to a host it names that host's pool, but only a pool kept for it holds it there. */
export function movedPodKind(view: ClusterView, task: number): PodKind {
  const pod = podKindOf(view, task);
  const isBound = view.tasks.host[task] !== NO_ROW;
  const isKept = isBound && view.pools.descriptions[pod.pool]!.workloads.includes(pod.workload);
  return isBound && !isKept ? { ...pod, pool: NO_ROW } : pod;
}
