/**
 * What a host costs an hour, nano-USD, without fees: a spot instance the mean price of its pool over its billed time, any other
 * host the price that it came with. NaN when no source states it.
 *
 * Whoever decides sees the price that a host came with (`hosts.priceNanoUsdPerHour`): the published mean of its pool.
 */

import { CAPACITY_TYPE, LAUNCH_TYPE, NOT_YET } from '../cluster/hosts.ts';
import { findInstanceType } from '../cloud/catalogue.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { Supply } from '../cloud/supply/supply.ts';

export function hostNanoUsdPerHour(
  { hosts, hostTypes, zones }: ClusterView,
  supply: Supply | undefined,
  host: number,
  billedUs: number,
): number {
  const fromUs = hosts.runningUs[host]!;
  const isSpot =
    hosts.launchType[host] === LAUNCH_TYPE.ec2 && hosts.capacityType[host] === CAPACITY_TYPE.spot;
  if (supply === undefined || !isSpot || fromUs === NOT_YET)
    return hosts.priceNanoUsdPerHour[host]!;
  const type = findInstanceType(hostTypes[host]!)!;
  const zone = zones[hosts.zone[host]!]!;
  return supply.meanSpotNanoUsd(type, zone, fromUs, fromUs + billedUs) ?? NaN;
}
