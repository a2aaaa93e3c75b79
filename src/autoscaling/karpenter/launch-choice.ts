/**
 * Which machine a claim becomes: what Karpenter asks of EC2's CreateFleet, and what EC2 answers.
 *
 * Capacity type  spot when the claim allows it and some remaining type is sold so; else on-demand.
 * Types          the 600 cheapest of the claim; without bare metal, GPUs and accelerators unless nothing else is left;
 *                for spot, where both are allowed, without offerings dearer than the cheapest on-demand; then the 60 cheapest.
 * Answer         on-demand: lowest price. Spot: price-capacity-optimized, which without knowledge of capacity is the
 *                cheapest. Ties go by name, then zone.
 * Left out       reservations, subnets; minValues at the two cuts. When the spot filter leaves
 *                nothing (no spot price known for the cheap types), on-demand is bought; the real one reports an error.
 * Source         aws.md 1.4 (6), 1.12, 1.13.
 */

import { compatibleOfferings } from './instance-types.ts';
import type { CandidateType, Offering } from './instance-types.ts';
import type { Claim } from './claim.ts';

/** Types of a claim that are handed to the cloud provider. */
const TYPES_IN_CLAIM_MAX = 600;
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

/** A type and those of its offerings that are still in play, the cheapest first. */
interface Option {
  readonly type: CandidateType;
  readonly offerings: readonly Offering[];
}

/** Offerings that failed lately are passed over; undefined when the claim has no other (insufficient capacity). */
export function chooseLaunch(
  claim: LaunchableClaim,
  isAvoided: (type: string, offering: Offering) => boolean = () => false,
): LaunchChoice | undefined {
  const all = claim.types.map((type) => ({
    type,
    offerings: compatibleOfferings(type, claim.requirements),
  }));
  const open = all
    .map(({ type, offerings }) => ({
      type,
      offerings: offerings.filter((one) => !isAvoided(type.name, one)),
    }))
    .filter(({ offerings }) => offerings.length > 0);
  if (open.length === 0) return undefined;
  const options = byPrice(open).slice(0, TYPES_IN_CLAIM_MAX);
  const spot = withoutDearSpot(options);
  const sold = spot.length > 0 ? spot : sellingAs(options, false);
  const [chosen] = byPrice(withoutExotic(sold)).slice(0, TYPES_IN_FLEET_MAX);
  const [offering] = chosen!.offerings;
  return {
    pool: claim.template.config.pool,
    instanceType: chosen!.type.name,
    zone: offering!.zone,
    spot: offering!.spot,
    priceNanoUsdPerHour: offering!.priceNanoUsdPerHour,
  };
}

function sellingAs(options: readonly Option[], spot: boolean): Option[] {
  return options
    .map(({ type, offerings }) => ({
      type,
      offerings: offerings.filter((one) => one.spot === spot),
    }))
    .filter(({ offerings }) => offerings.length > 0);
}

/** Spot offerings that cost no more than the cheapest on-demand one. */
function withoutDearSpot(options: readonly Option[]): Option[] {
  const most = sellingAs(withoutExotic(options), false).reduce(
    (least, { offerings }) => Math.min(least, offerings[0]!.priceNanoUsdPerHour),
    Infinity,
  );
  return sellingAs(options, true)
    .map(({ type, offerings }) => ({
      type,
      offerings: offerings.filter(({ priceNanoUsdPerHour }) => priceNanoUsdPerHour <= most),
    }))
    .filter(({ offerings }) => offerings.length > 0);
}

function withoutExotic(options: readonly Option[]): readonly Option[] {
  const ordinary = options.filter(({ type }) => !type.isExotic);
  return ordinary.length > 0 ? ordinary : options;
}

function byPrice(options: readonly Option[]): Option[] {
  return [...options].sort(
    (a, b) =>
      a.offerings[0]!.priceNanoUsdPerHour - b.offerings[0]!.priceNanoUsdPerHour ||
      (a.type.name < b.type.name ? -1 : 1),
  );
}
