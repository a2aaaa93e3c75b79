/**
 * Which machine a claim becomes: what Karpenter asks of EC2's CreateFleet, and what EC2 answers.
 *
 * Asked          the claim's types through the provider's filters, the 60 cheapest of them (launch-filters.ts).
 * Capacity type  reserved when the claim allows it and some of them has it; else spot, likewise; else on-demand.
 * Answer         on-demand: lowest price. Spot: price-capacity-optimized, which without knowledge of capacity is the
 *                cheapest. Ties go by name, then zone.
 * Left out       subnets.
 * Source         aws.md 1.12, 1.13.
 */

import { CAPACITY_TYPE_LABEL } from './well-known-labels.ts';
import { LAUNCH_FILTERS, cheapestOptions, compatibleOptions, isToBeHad } from './launch-filters.ts';
import type { Claim } from './claim.ts';
import type { LaunchOption } from './launch-filters.ts';
import type { Offering } from './instance-types.ts';

/** Types of a claim that are named in the request to EC2. */
const TYPES_IN_FLEET_MAX = 60;

export interface LaunchChoice {
  readonly pool: number;
  readonly instanceType: string;
  readonly zone: number;
  readonly spot: boolean;
  readonly priceNanoUsdPerHour: number;
}

/** A claim as far as launching goes. */
export type LaunchableClaim = Pick<Claim, 'template' | 'requirements' | 'types'>;

/** Offerings that failed lately are passed over; undefined when the claim has no other (insufficient capacity). */
export function chooseLaunch(
  claim: LaunchableClaim,
  isAvoided: (type: string, offering: Offering) => boolean = () => false,
): LaunchChoice | undefined {
  const { requirements, template } = claim;
  const all = claim.types.map((type) => ({
    type,
    offerings: type.offerings.filter((one) => !isAvoided(type.name, one)),
  }));
  // Pods of the claim fit every type that is left to it.
  let left = compatibleOptions(all, requirements, []);
  for (const { keep } of LAUNCH_FILTERS) left = keep(left, requirements);
  const asked = cheapestOptions(left, requirements, TYPES_IN_FLEET_MAX);
  const sold = soldAs(claim, asked);
  const [chosen] = sold.sort((a, b) => byPriceNameZone(a, b));
  if (chosen === undefined) return undefined;
  const { instanceType, offering } = chosen;
  const { zone, spot, priceNanoUsdPerHour } = offering;
  return { pool: template.config.pool, instanceType, zone, spot, priceNanoUsdPerHour };
}

interface Sold {
  readonly instanceType: string;
  readonly offering: Offering;
}

/** Offerings of the one capacity type that is asked for. */
function soldAs({ requirements }: LaunchableClaim, options: readonly LaunchOption[]): Sold[] {
  const open = options.flatMap(({ type, offerings }) =>
    offerings
      .filter((offering) => isToBeHad(offering, requirements))
      .map((offering) => ({ instanceType: type.name, offering })),
  );
  for (const capacityType of ['reserved', 'spot', 'on-demand']) {
    if (!requirements.allows(CAPACITY_TYPE_LABEL, capacityType)) continue;
    const sold = open.filter(({ offering }) => capacityTypeOf(offering) === capacityType);
    if (sold.length > 0) return sold;
  }
  return [];
}

function capacityTypeOf({ reservation, spot }: Offering): string {
  if (reservation !== undefined) return 'reserved';
  return spot ? 'spot' : 'on-demand';
}

function byPriceNameZone(a: Sold, b: Sold): number {
  const byPrice = a.offering.priceNanoUsdPerHour - b.offering.priceNanoUsdPerHour;
  if (byPrice !== 0) return byPrice;
  if (a.instanceType !== b.instanceType) return a.instanceType < b.instanceType ? -1 : 1;
  return a.offering.zone - b.offering.zone;
}
