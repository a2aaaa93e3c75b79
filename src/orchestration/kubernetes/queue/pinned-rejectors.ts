/**
 * Which plugins refused a pod on the only node that it may go to (kubernetes.md 1.4, 3.4). NodeAffinity turned every other node
 * away, but the news that it would hear of is that its node came, and such a pod is made for a node that is there.
 */

import { ELIGIBLE, HAS_TAINT } from '../../../cluster/specs.ts';
import { HOST_STATE } from '../../../cluster/hosts.ts';
import { fits } from '../../../cluster/fit.ts';
import { rejectorBit } from './rejectors.ts';
import type { ClusterView, FreeView } from '../../../cluster/cluster.ts';
import type { PlacementRequest } from '../../../placement/policy.ts';

const AFFINITY = rejectorBit('NodeAffinity');
const RULES =
  rejectorBit('NodePorts') | rejectorBit('PodTopologySpread') | rejectorBit('InterPodAffinity');

/** Bits of the plugins. */
export function pinnedRejectors(
  view: ClusterView,
  free: FreeView,
  { spec }: PlacementRequest,
  host: number,
): number {
  if (free.state[host] !== HOST_STATE.ready) return AFFINITY | rejectorBit('NodeUnschedulable');
  const eligibility = view.specs.eligibility(spec, view.hosts.kind[host]!);
  if (eligibility === HAS_TAINT) return rejectorBit('TaintToleration');
  if (eligibility !== ELIGIBLE) return AFFINITY;
  // Room that is kept for a pod of higher priority is no room.
  return fits(view.specs, spec, free, host)
    ? RULES | rejectorBit('NodeResourcesFit')
    : rejectorBit('NodeResourcesFit');
}
