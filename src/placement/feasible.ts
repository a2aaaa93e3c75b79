/** May this task run on that host now: state, pool, labels and taints, room. And why not, when asked. */

import { ELIGIBLE, HAS_TAINT } from '../cluster/specs.ts';
import { HOST_STATE } from '../cluster/hosts.ts';
import { fits, misfit } from '../cluster/fit.ts';
import type { ClusterView, FreeView } from '../cluster/cluster.ts';
import type { PendingReason } from '../base/reasons.ts';
import type { PlacementRequest } from './policy.ts';

export function isFeasible(
  view: ClusterView,
  free: FreeView,
  request: PlacementRequest,
  host: number,
): boolean {
  return (
    free.state[host] === HOST_STATE.ready &&
    isEligible(view, request, host) &&
    fits(view.specs, request.spec, free, host)
  );
}

/** Pool, labels and taints, whatever the host has room for. */
export function isEligible(view: ClusterView, request: PlacementRequest, host: number): boolean {
  return (
    mayUsePool(view, view.hosts.pool[host]!, request.workload) &&
    view.specs.eligibility(request.spec, view.hosts.kind[host]!) === ELIGIBLE
  );
}

/** A pool may be kept for some workloads. */
export function mayUsePool(view: ClusterView, pool: number, workload: number): boolean {
  const { workloads } = view.pools.descriptions[pool]!;
  return workloads.length === 0 || workloads.includes(workload);
}

/**
 * The reason that keeps most of `hosts` from taking the task; ties go to the reason met first. `no-host` when there
 * are none. For reports only: the hot path never asks. `besides` is asked of hosts against which nothing stands here.
 */
export function diagnose(
  view: ClusterView,
  request: PlacementRequest,
  hosts: readonly number[],
  besides?: (host: number) => PendingReason | undefined,
): PendingReason {
  const counts = new Map<PendingReason, number>();
  for (const host of hosts) {
    const here = refusalOf(view, request, host);
    const reason = here === 'queued' ? (besides?.(host) ?? here) : here;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  let best: PendingReason = 'no-host';
  let most = 0;
  for (const [reason, count] of counts) {
    if (count > most) {
      best = reason;
      most = count;
    }
  }
  return best;
}

function refusalOf(view: ClusterView, request: PlacementRequest, host: number): PendingReason {
  const { hosts, specs } = view;
  if (hosts.state[host] === HOST_STATE.draining) return 'host-draining';
  if (hosts.state[host] !== HOST_STATE.ready) return 'host-not-ready';
  if (!mayUsePool(view, hosts.pool[host]!, request.workload)) return 'wrong-pool';
  const eligibility = specs.eligibility(request.spec, hosts.kind[host]!);
  if (eligibility !== ELIGIBLE) return eligibility === HAS_TAINT ? 'taint' : 'selector';
  return misfit(specs, request.spec, hosts, host) ?? 'queued';
}
