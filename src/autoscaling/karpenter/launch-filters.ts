/**
 * What the AWS provider leaves of a claim's types before it asks EC2 for one: six filters in this order, then the cheapest types.
 *
 * Compatible        the type meets the requirements, the pods fit, and an offering that is to be had is compatible.
 * Reservation kind  for a reserved launch: offerings of one kind alone (default, capacity block, interruptible), that with the
 *                   cheapest type; ties in that order. EC2 takes one market type a request.
 * Capacity block    where that kind is capacity blocks: the type with the cheapest block, and that block alone.
 * One a zone        for a reserved launch: of the reservations of a zone the one with most capacity.
 * Exotic            bare metal, GPUs and accelerators only where nothing else is left; not with minValues.
 * Spot              where both are allowed and sold: no spot offering dearer than the cheapest on-demand; not with minValues.
 * Cut               the cheapest types; none where that breaks minValues.
 * Source            aws.md 1.13 (filter.go of karpenter-provider-aws 1.14, InstanceTypes.Truncate of Karpenter 1.14).
 */

import { CAPACITY_TYPE_LABEL, WELL_KNOWN_LABELS } from './well-known-labels.ts';
import { isSoldAs } from './instance-types.ts';
import { keepsMinValues } from './claim.ts';
import type { CandidateType, Offering } from './instance-types.ts';
import type { Requirements } from './requirements.ts';

/** A type and those of its offerings that are still in play. */
export interface LaunchOption {
  readonly type: CandidateType;
  readonly offerings: readonly Offering[];
}

export interface LaunchFilter {
  readonly name: string;
  readonly keep: (
    options: readonly LaunchOption[],
    requirements: Requirements,
  ) => readonly LaunchOption[];
}

/** By kind of reservation; earlier ones are preferred. */
const KINDS = ['default', 'capacity-block', 'interruptible'] as const;

export const LAUNCH_FILTERS: readonly LaunchFilter[] = [
  { name: 'capacity-reservation-type-filter', keep: ofOneKind },
  { name: 'capacity-block-filter', keep: oneBlock },
  { name: 'reserved-offering-filter', keep: oneReservationAZone },
  { name: 'exotic-instance-filter', keep: withoutExotic },
  { name: 'spot-offering-filter', keep: withoutDearSpot },
];

/** The first filter. `requests` in the order of amounts. */
export function compatibleOptions(
  options: readonly LaunchOption[],
  requirements: Requirements,
  requests: readonly number[],
): readonly LaunchOption[] {
  return options.filter(
    ({ type, offerings }) =>
      requirements.isCompatible(type.requirements, WELL_KNOWN_LABELS) &&
      type.room.every((room, resource) => room >= 0 && (requests[resource] ?? 0) <= room) &&
      offerings.some((offering) => isToBeHad(offering, requirements)),
  );
}

/** The last step. */
export function cheapestOptions(
  options: readonly LaunchOption[],
  requirements: Requirements,
  typesMax: number,
): readonly LaunchOption[] {
  const cut = [...options]
    .map((option) => ({ option, price: lowestPrice(option, requirements) }))
    .sort((a, b) =>
      a.price === b.price
        ? a.option.type.name < b.option.type.name
          ? -1
          : 1
        : a.price < b.price
          ? -1
          : 1,
    )
    .slice(0, typesMax)
    .map(({ option }) => option);
  const types = cut.map(({ type }) => type);
  return keepsMinValues(types, requirements) ? cut : [];
}

export function isToBeHad(offering: Offering, requirements: Requirements): boolean {
  return offering.isAvailable && isSoldAs(offering.requirements, requirements);
}

function lowestPrice({ offerings }: LaunchOption, requirements: Requirements): number {
  let lowest = Infinity;
  for (const offering of offerings) {
    if (isToBeHad(offering, requirements)) {
      lowest = Math.min(lowest, offering.priceNanoUsdPerHour);
    }
  }
  return lowest;
}

function ofOneKind(
  options: readonly LaunchOption[],
  requirements: Requirements,
): readonly LaunchOption[] {
  if (!requirements.allows(CAPACITY_TYPE_LABEL, 'reserved')) return options;
  let best: { readonly kind: string; readonly members: readonly LaunchOption[] } | undefined;
  let lowest = Infinity;
  for (const kind of KINDS) {
    const members = options.filter(({ offerings }) =>
      offerings.some((one) => kindOf(one) === kind && isToBeHad(one, requirements)),
    );
    const price = Math.min(
      ...members.flatMap(({ offerings }) =>
        offerings
          .filter((one) => kindOf(one) === kind && isToBeHad(one, requirements))
          .map(({ priceNanoUsdPerHour }) => priceNanoUsdPerHour),
      ),
    );
    if (price < lowest) [best, lowest] = [{ kind, members }, price];
  }
  if (best === undefined) return options;
  const { kind, members } = best;
  return members.map(({ type, offerings }) => ({
    type,
    offerings: offerings.filter((one) => kindOf(one) === kind),
  }));
}

function oneBlock(
  options: readonly LaunchOption[],
  requirements: Requirements,
): readonly LaunchOption[] {
  const [first] = options.flatMap(({ offerings }) => offerings);
  if (!requirements.allows(CAPACITY_TYPE_LABEL, 'reserved')) return options;
  if (first === undefined || kindOf(first) !== 'capacity-block') return options;
  let best: LaunchOption | undefined;
  for (const { type, offerings } of options) {
    for (const one of offerings) {
      if (kindOf(one) !== 'capacity-block' || !isToBeHad(one, requirements)) continue;
      const lowest = best?.offerings[0]!.priceNanoUsdPerHour ?? Infinity;
      if (one.priceNanoUsdPerHour < lowest) best = { type, offerings: [one] };
    }
  }
  return best === undefined ? [] : [best];
}

function oneReservationAZone(
  options: readonly LaunchOption[],
  requirements: Requirements,
): readonly LaunchOption[] {
  if (!requirements.allows(CAPACITY_TYPE_LABEL, 'reserved')) return options;
  const reserved = options.flatMap(({ type, offerings }) => {
    const byZone = new Map<string, Offering>();
    for (const one of offerings) {
      if (one.reservation === undefined || !isToBeHad(one, requirements)) continue;
      const known = byZone.get(one.zoneName);
      if (known === undefined || one.reservation.capacity > known.reservation!.capacity) {
        byZone.set(one.zoneName, one);
      }
    }
    return byZone.size === 0 ? [] : [{ type, offerings: [...byZone.values()] }];
  });
  return reserved.length === 0 ? options : reserved;
}

function withoutExotic(
  options: readonly LaunchOption[],
  requirements: Requirements,
): readonly LaunchOption[] {
  if (requirements.hasMinValues) return options;
  const ordinary = options.filter(({ type }) => !type.isExotic);
  return ordinary.length > 0 ? ordinary : options;
}

function withoutDearSpot(
  options: readonly LaunchOption[],
  requirements: Requirements,
): readonly LaunchOption[] {
  const isMixed =
    requirements.allows(CAPACITY_TYPE_LABEL, 'on-demand') &&
    requirements.allows(CAPACITY_TYPE_LABEL, 'spot');
  if (!isMixed || requirements.hasMinValues) return options;
  const open = options
    .flatMap(({ offerings }) => offerings)
    .filter((one) => isToBeHad(one, requirements) && one.reservation === undefined);
  const onDemand = open.filter(({ spot }) => !spot);
  if (onDemand.length === 0 || onDemand.length === open.length) return options;
  const most = onDemand.reduce(
    (lowest, { priceNanoUsdPerHour }) => Math.min(lowest, priceNanoUsdPerHour),
    Infinity,
  );
  return options
    .map(({ type, offerings }) => ({
      type,
      offerings: offerings.filter((one) => !one.spot || one.priceNanoUsdPerHour <= most),
    }))
    .filter(({ offerings }) => offerings.length > 0);
}

function kindOf({ reservation }: Offering): (typeof KINDS)[number] | undefined {
  if (reservation === undefined) return undefined;
  if (reservation.isInterruptible === true) return 'interruptible';
  return reservation.isBlock === true ? 'capacity-block' : 'default';
}
