/**
 * PodTopologySpread: which constraints a pod has, over the zone and the host name of nodes. Pods of one workload are the ones
 * that its selector matches.
 *
 * Defaults   a Deployment's pod without constraints of its own spreads softly over host names (maxSkew 3) and zones (5)
 *            (kubernetes.md 1.9).
 * Departs    other topology keys are ignored; minDomains is 1; every node counts, whatever the inclusion policies say;
 *            a pod that is terminating counts until it is gone.
 */

import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
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

/** Constraints that score: the pod's own, or the system's for pods of a Deployment without any. */
export function softConstraints(
  view: ClusterView,
  request: PlacementRequest,
): readonly SpreadConstraint[] {
  const own = view.specs.at(request.spec).spread;
  if (own.length > 0) return own.filter((one) => one.whenUnsatisfiable === 'ScheduleAnyway');
  return view.workloads.kind[request.workload] === SERVICE ? SYSTEM_DEFAULTS : [];
}

/** Constraints that filter: only ever the pod's own. */
export function hardConstraints(
  view: ClusterView,
  request: PlacementRequest,
): readonly SpreadConstraint[] {
  const own = view.specs.at(request.spec).spread;
  return own.filter((one) => one.whenUnsatisfiable === 'DoNotSchedule');
}

/** Pods of the workload in a node's domain, given those on the node and in its zone. */
export function inDomain(key: string, onHost: number, inZone: number): number {
  if (key === ZONE_KEY) return inZone;
  return key === HOST_KEY ? onHost : 0;
}
