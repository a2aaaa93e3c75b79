/**
 * PodTopologySpread (kubernetes.md 1.8, 1.9): soft spreading as a score, hard spreading as a filter, over the zone and
 * host name of nodes. Pods of one workload are the ones that its selector matches.
 *
 *     raw(n) = round( sum over constraints of count * ln(size + 2) + (maxSkew - 1) )
 *     score  = 100 * (max + min - raw) div max, or 100 when max is 0
 *
 * Defaults   a Deployment's pod without constraints of its own spreads softly over host names (maxSkew 3) and zones (5).
 * Departs    other topology keys are ignored; minDomains and the inclusion policies are at their defaults.
 */

import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import { ln } from '../../random/portable-math.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { PlacementRequest } from '../../placement/policy.ts';
import type { SpreadConstraint } from '../../cluster/spec.ts';

export const ZONE_KEY = 'topology.kubernetes.io/zone';
export const HOST_KEY = 'kubernetes.io/hostname';

const SYSTEM_DEFAULTS: readonly SpreadConstraint[] = [
  { topologyKey: HOST_KEY, maxSkew: 3, whenUnsatisfiable: 'ScheduleAnyway' },
  { topologyKey: ZONE_KEY, maxSkew: 5, whenUnsatisfiable: 'ScheduleAnyway' },
];

const SERVICE = WORKLOAD_KINDS.indexOf('service');
const SCORE_MAX = 100;

/** Soft constraints that apply to the request: its own, or the system's for pods of a Deployment without any. */
export function softConstraints(
  view: ClusterView,
  request: PlacementRequest,
): readonly SpreadConstraint[] {
  const own = view.specs.at(request.spec).spread;
  if (own.length > 0) return own.filter((one) => one.whenUnsatisfiable === 'ScheduleAnyway');
  return view.workloads.kind[request.workload] === SERVICE ? SYSTEM_DEFAULTS : [];
}

/** Scores of `nodes`, 0 to 100, in the same order. */
export function spreadScores(
  view: ClusterView,
  request: PlacementRequest,
  constraints: readonly SpreadConstraint[],
  nodes: readonly number[],
): number[] {
  const zones = new Set(nodes.map((node) => view.hosts.zone[node]!));
  const weights = constraints.map(({ topologyKey }) =>
    ln((topologyKey === HOST_KEY ? nodes.length : zones.size) + 2),
  );
  const raw = nodes.map((node) => {
    let sum = 0;
    for (const [i, { topologyKey, maxSkew }] of constraints.entries()) {
      sum += countIn(view, request.workload, node, topologyKey) * weights[i]! + (maxSkew - 1);
    }
    return Math.round(sum);
  });
  const max = raw.reduce((a, b) => Math.max(a, b), 0);
  const min = raw.reduce((a, b) => Math.min(a, b), Infinity);
  return raw.map((value) =>
    max === 0 ? SCORE_MAX : Math.trunc((SCORE_MAX * (max + min - value)) / max),
  );
}

/** Hard constraints: count + 1 - smallest count over the domains of `nodes` must not pass maxSkew. */
export function keepsHardSpread(
  view: ClusterView,
  request: PlacementRequest,
  node: number,
  nodes: readonly number[],
): boolean {
  for (const { topologyKey, maxSkew, whenUnsatisfiable } of view.specs.at(request.spec).spread) {
    if (whenUnsatisfiable !== 'DoNotSchedule') continue;
    let least = Infinity;
    for (const other of nodes) {
      least = Math.min(least, countIn(view, request.workload, other, topologyKey));
    }
    if (countIn(view, request.workload, node, topologyKey) + 1 - least > maxSkew) return false;
  }
  return true;
}

function countIn(view: ClusterView, workload: number, node: number, key: string): number {
  if (key === ZONE_KEY) return view.counts.inZone(workload, view.hosts.zone[node]!);
  return key === HOST_KEY ? view.counts.onHost(workload, node) : 0;
}
