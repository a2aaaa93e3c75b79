/**
 * How much of a mixed group is bought on demand (aws.md 2.7):
 *
 *     on-demand(n) = min(n, base + ceil((n - base) x per cent / 100))      n capacity in all, the share rounded up
 *
 * A launch is on demand while the group holds less than that for its next size; a termination takes what there is too much of.
 * A spot launch that EC2 refuses is not bought on demand instead: the group waits for spot capacity.
 */

import { CAPACITY_TYPE } from '../../cluster/hosts.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { MixedInstances } from './group.ts';

export function onDemandTarget(
  { onDemandBase, onDemandPercent }: MixedInstances,
  capacity: number,
): number {
  const above = Math.max(0, capacity - onDemandBase);
  return Math.min(capacity, onDemandBase + Math.ceil((above * onDemandPercent) / 100));
}

export function isSpotHost({ hosts }: ClusterView, host: number): boolean {
  return hosts.capacityType[host] === CAPACITY_TYPE.spot;
}

/** Is the next launch of a group that holds `onDemand` of `capacity` bought as spot? */
export function isNextSpot(mixed: MixedInstances, onDemand: number, capacity: number): boolean {
  return onDemand >= onDemandTarget(mixed, capacity + 1);
}

/** Does a group that holds `onDemand` of `capacity` give up spot first? */
export function givesUpSpot(mixed: MixedInstances, onDemand: number, capacity: number): boolean {
  return onDemand <= onDemandTarget(mixed, capacity - 1);
}
