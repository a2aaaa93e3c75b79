/**
 * Hard spreading (kubernetes.md 1.8): a node passes when, for every constraint,
 *
 *     pods in its domain + 1 - least pods in any domain <= maxSkew
 */

import { hardConstraints, inDomain } from '../topology-spread.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { PlacementRequest } from '../../../placement/policy.ts';
import type { SpreadConstraint } from '../../../cluster/spec.ts';

export function keepsSpread(
  constraints: readonly SpreadConstraint[],
  onHost: number,
  inZone: number,
  leastOnHost: number,
  leastInZone: number,
): boolean {
  for (const { topologyKey, maxSkew } of constraints) {
    const least = inDomain(topologyKey, leastOnHost, leastInZone);
    if (inDomain(topologyKey, onHost, inZone) + 1 - least > maxSkew) return false;
  }
  return true;
}

/** Of the nodes of a list; undefined for a request without hard constraints. */
export function hardSpreadFilter(
  view: ClusterView,
  request: PlacementRequest,
  nodes: readonly number[],
): ((node: number) => boolean) | undefined {
  const { counts, hosts } = view;
  const { workload } = request;
  const constraints = hardConstraints(view, request);
  if (constraints.length === 0) return undefined;
  const onHost = (node: number): number => counts.onHost(workload, node);
  const inZone = (node: number): number => counts.inZone(workload, hosts.zone[node]!);
  const leastOn = nodes.reduce((least, node) => Math.min(least, onHost(node)), Infinity);
  const leastIn = nodes.reduce((least, node) => Math.min(least, inZone(node)), Infinity);
  return (node) => keepsSpread(constraints, onHost(node), inZone(node), leastOn, leastIn);
}
