/**
 * When the pods of a node that no longer exists are deleted: what nobody's kubelet will ever confirm.
 *
 *     node object   dropped at the next tick of the cloud's node controller, every 5 s     (kubernetes.md 2.10)
 *     seen missing  by the pod collector at its next tick, every 20 s
 *     deleted       40 s later, at the tick that finds it still missing (`quarantineTime` of podgc/gc_controller.go)
 */

import { US_PER_SECOND } from '../../../base/units.ts';

export const NODE_PERIOD_US = 5 * US_PER_SECOND;
/** The pod collector also deletes pods on nodes that are out of service at its ticks. */
export const COLLECTOR_PERIOD_US = 20 * US_PER_SECOND;
const QUARANTINE_US = 40 * US_PER_SECOND;

/** Time from the machine being gone at `goneUs` to its pods being deleted. */
export function podsCollectedAfterUs(
  goneUs: number,
  nodePhaseUs: number,
  collectorPhaseUs: number,
): number {
  const droppedUs = tickAfter(goneUs, NODE_PERIOD_US, nodePhaseUs);
  const missedUs = tickAfter(droppedUs, COLLECTOR_PERIOD_US, collectorPhaseUs);
  return missedUs + QUARANTINE_US - goneUs;
}

/** The first moment of a loop that is later: phase + a multiple of the period. */
export function tickAfter(timeUs: number, periodUs: number, phaseUs: number): number {
  return (Math.floor((timeUs - phaseUs) / periodUs) + 1) * periodUs + phaseUs;
}
