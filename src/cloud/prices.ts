/**
 * What a provider charges, in integer nano-USD an hour. `null` means that the price is not known: callers warn and leave
 * the cost empty, never 0.
 *
 *   on-demand     exact in us-east-1, us-gov-west-1, us-gov-east-1; elsewhere us-east-1 x `price.factor.REGION`, an assumption
 *   spot          on-demand x (1 - published average saving); known in us-east-1, us-west-2, eu-west-1
 *   Fargate       vCPU and GB of the size, us-east-1 list price x the same factor; Spot takes a flat saving off
 *   managed fee   EKS Auto Mode, ECS Managed Instances: a fraction of on-demand, whatever the capacity type
 *   flat prices   us-east-1, not scaled by region
 *
 * Rounding  each price once, to the nearest nano-USD.
 * Source    aws.md 3.13, 4.4, 5.6, 6.4, 7, 8.2, 8.3.
 */

import { GIB, NANO_USD_PER_USD, TICKS_PER_CORE } from '../base/units.ts';
import { isAssumptionName } from './assumptions.ts';
import type { AssumedParameters, AssumptionName } from './assumptions.ts';
import type { FargateSize } from './fargate-sizes.ts';
import type { InstanceType, PricedRegion, SpotMarket, SpotRegion } from './instance-type.ts';

/** A year of 8,760 hours over 12. */
const HOURS_PER_MONTH = 730;

/** Registered prices that need no instance type, size or region. */
export type ListPriceName = AssumptionName & `price.${string}-usd`;

export function listPriceNanoUsd(name: ListPriceName, parameters: AssumedParameters): number {
  return nanoUsd(parameters.get(name));
}

export function onDemandNanoUsdPerHour(
  type: InstanceType,
  region: string,
  parameters: AssumedParameters,
): number | null {
  if (isPricedRegion(type, region)) return type.onDemandNanoUsdPerHour[region];
  const home = type.onDemandNanoUsdPerHour['us-east-1'];
  const factor = regionFactor(region, parameters);
  return home === null || factor === null ? null : Math.round(home * factor);
}

export function spotNanoUsdPerHour(
  type: InstanceType,
  region: string,
  parameters: AssumedParameters,
): number | null {
  const market = spotMarketOf(type, region);
  const onDemand = onDemandNanoUsdPerHour(type, region, parameters);
  if (market === null || onDemand === null) return null;
  return Math.round((onDemand * (100 - market.savingPercent)) / 100);
}

export function spotMarketOf(type: InstanceType, region: string): SpotMarket | null {
  return Object.hasOwn(type.spotMarket, region) ? type.spotMarket[region as SpotRegion] : null;
}

export interface FargateOffer {
  readonly arch: 'amd64' | 'arm64';
  readonly os: 'linux' | 'windows';
  readonly capacityType: 'on-demand' | 'spot';
  readonly region: string;
}

/** The price of one size of Fargate. Memory is billed in GiB, which AWS writes as GB. */
export function fargateNanoUsdPerHour(
  size: FargateSize,
  offer: FargateOffer,
  parameters: AssumedParameters,
): number | null {
  const factor = regionFactor(offer.region, parameters);
  if (factor === null) return null;
  const chip = offer.os === 'windows' ? 'windows' : offer.arch === 'amd64' ? 'x86' : 'arm';
  // A licence is part of every vCPU of Windows.
  const licenceNanoUsd =
    chip === 'windows' ? listPriceNanoUsd('price.fargate-windows-licence-usd', parameters) : 0;
  const vcpuNanoUsd =
    listPriceNanoUsd(`price.fargate-${chip}-vcpu-usd`, parameters) + licenceNanoUsd;
  const gbNanoUsd = listPriceNanoUsd(`price.fargate-${chip}-gb-usd`, parameters);
  const onDemand =
    (size.cpuTicks / TICKS_PER_CORE) * vcpuNanoUsd + (size.memoryBytes / GIB) * gbNanoUsd;
  const percent =
    offer.capacityType === 'spot' ? 100 - parameters.get('spot.fargate-saving-percent') : 100;
  return Math.round((onDemand * factor * percent) / 100);
}

/** A GiB of ephemeral storage of a micro-VM; null where the region's price is not known. */
export function fargateStorageNanoUsdPerHour(
  region: string,
  parameters: AssumedParameters,
): number | null {
  const factor = regionFactor(region, parameters);
  const gbNanoUsd = listPriceNanoUsd('price.fargate-ephemeral-gb-usd', parameters);
  return factor === null ? null : Math.round(gbNanoUsd * factor);
}

/** On top of the instance's own price. GPU and Trainium types pay less of it. */
export function managedFeeNanoUsdPerHour(
  service: 'auto-mode' | 'managed-instances',
  type: InstanceType,
  region: string,
  parameters: AssumedParameters,
): number | null {
  const onDemand = onDemandNanoUsdPerHour(type, region, parameters);
  if (onDemand === null) return null;
  const fraction = parameters.get(`price.${service}-fraction`);
  return Math.round(onDemand * fraction * (1 - managedFeeReduction(type, parameters)));
}

/** A GiB of an EBS volume, priced by the month and charged by the hour; null for a type whose price is not known. */
export function ebsGibNanoUsdPerHour(type: string, parameters: AssumedParameters): number | null {
  if (type !== 'gp2' && type !== 'gp3') return null;
  const monthNanoUsd = listPriceNanoUsd(`price.ebs-${type}-gb-month-usd`, parameters);
  return Math.round(monthNanoUsd / HOURS_PER_MONTH);
}

/** An EBS gp3 volume, priced by the month and charged by the hour. */
export function ebsNanoUsdPerHour(gigabytes: number, parameters: AssumedParameters): number {
  const monthNanoUsd = listPriceNanoUsd('price.ebs-gp3-gb-month-usd', parameters);
  return Math.round((gigabytes * monthNanoUsd) / HOURS_PER_MONTH);
}

/** 1 at home, null where even an approximation is missing. */
function regionFactor(region: string, parameters: AssumedParameters): number | null {
  if (region === 'us-east-1') return 1;
  const name = `price.factor.${region}`;
  return isAssumptionName(name) ? parameters.get(name) : null;
}

function isPricedRegion(type: InstanceType, region: string): region is PricedRegion {
  return Object.hasOwn(type.onDemandNanoUsdPerHour, region);
}

function managedFeeReduction(type: InstanceType, parameters: AssumedParameters): number {
  if (type.category === 'g' || type.category === 'gr') {
    return parameters.get('price.managed-fee-g-reduction');
  }
  if (type.category === 'p' || type.category === 'trn') {
    return parameters.get('price.managed-fee-p-reduction');
  }
  return 0;
}

function nanoUsd(usd: number): number {
  return Math.round(usd * NANO_USD_PER_USD);
}
