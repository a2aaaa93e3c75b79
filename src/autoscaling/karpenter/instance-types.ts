/**
 * What a NodePool may launch: instance types with what they give to pods, and their offerings (zone x capacity type at a
 * price). A host that is launched later is described by the same function, so a plan and its outcome agree.
 *
 * Requirements  every label of such a host as In; zone and capacity type as In [those on offer]; an AWS label that the
 *               type lacks as DoesNotExist (aws.md 1.7, 1.9).
 * Capacity      for limits: before kube-reserved and eviction, after the VM's overhead (aws.md 1.10, 1.15).
 * Order         types by their cheapest offering, then name; offerings by price, then zone, on-demand before spot.
 * Left out      offerings without a known price; spot prices that differ by zone.
 */

import { CAPACITY_TYPE, CAPACITY_TYPES } from '../../cluster/hosts.ts';
import { eksCapacity } from '../../cloud/allocatable.ts';
import { instanceTypes } from '../../cloud/catalogue.ts';
import { describeInstance } from '../../orchestration/host-description.ts';
import {
  CAPACITY_TYPE_LABEL,
  LABELS_OF_SOME_TYPES,
  WELL_KNOWN_LABELS,
  ZONE,
} from './well-known-labels.ts';
import { Requirement } from './requirement.ts';
import { Requirements } from './requirements.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostDescription } from '../../cluster/hosts.ts';
import type { InstanceType } from '../../cloud/instance-type.ts';
import type { Market } from '../../orchestration/host-description.ts';
import type { NodePoolConfig } from './config.ts';

/** Capacity that is paid for beforehand: a place for so many instances, or a block for a time; EC2 may take back some. */
export interface Reservation {
  readonly id: string;
  readonly capacity: number;
  readonly isBlock?: boolean;
  readonly isInterruptible?: boolean;
}

export interface Offering {
  /** Row of `view.zones` and the zone's label value. */
  readonly zone: number;
  readonly zoneName: string;
  readonly spot: boolean;
  readonly priceNanoUsdPerHour: number;
  /** Zone, capacity type, reservation. */
  readonly requirements: Requirements;
  /** False for one that is known to be sold out. */
  readonly isAvailable: boolean;
  readonly reservation?: Reservation;
}

export interface CandidateType {
  readonly name: string;
  readonly requirements: Requirements;
  /** Allocatable to pods: CPU ticks, bytes, pods, GPUs. So are all lists of amounts. */
  readonly room: readonly number[];
  /** For limits. */
  readonly capacity: readonly number[];
  /** Bare metal, or with GPUs or other accelerators: launched only when nothing else will do. */
  readonly isExotic: boolean;
  /** The cheapest first; never empty. */
  readonly offerings: readonly Offering[];
}

/** Types that meet the requirements of a NodePool and can be bought somewhere in its zones. */
export function candidateTypes(
  view: ClusterView,
  config: NodePoolConfig,
  requirements: Requirements,
  market: Market,
): CandidateType[] {
  const candidates: CandidateType[] = [];
  const first = config.zones[0]!;
  const describe = (type: InstanceType, zone: number, spot: boolean) =>
    describeInstance(view, config.pool, type.name, zone, spot, market);
  const zones = config.zones.map((zone) => {
    const { labels } = describe(instanceTypes()[0]!, zone, false);
    const zoneName = labels[ZONE]!;
    return { zone, zoneName, asked: [askedFor(zoneName, false), askedFor(zoneName, true)] };
  });
  for (const type of instanceTypes()) {
    const host = describe(type, first, false);
    if (!meetsFixed(requirements, host.labels)) continue;
    const offerings = [host, describe(type, first, true)]
      .flatMap((sold) => zones.map((zone) => offeringOf(zone, sold)))
      .filter(({ priceNanoUsdPerHour }) => Number.isFinite(priceNanoUsdPerHour))
      .filter(compatibleWith(requirements));
    if (offerings.length > 0) candidates.push(candidateOf(type, host, offerings));
  }
  return candidates.sort(byPriceThenName);
}

/** The offerings of a type that requirements allow, the cheapest first. */
export function compatibleOfferings(
  type: CandidateType,
  requirements: Requirements,
): readonly Offering[] {
  return type.offerings.filter(compatibleWith(requirements));
}

export function hasCompatibleOffering(type: CandidateType, requirements: Requirements): boolean {
  return type.offerings.some(compatibleWith(requirements));
}

function compatibleWith(requirements: Requirements): (offering: Offering) => boolean {
  return (offering) => offering.isAvailable && isSoldAs(offering.requirements, requirements);
}

/** May an offering be bought by these requirements? As `isCompatible`, without remembering every pair. */
export function isSoldAs(offered: Requirements, requirements: Requirements): boolean {
  for (const one of offered.all()) {
    const asked = requirements.get(one.key);
    if (asked === undefined) {
      if (!WELL_KNOWN_LABELS.has(one.key) && !one.allowsMissing) return false;
    } else if (!asked.meets(one) && !(asked.allowsMissing && one.allowsMissing)) return false;
  }
  return true;
}

/** The lowest price at which a type can be had so; Infinity where it cannot. */
export function cheapestPrice(type: CandidateType, requirements: Requirements): number {
  let lowest = Infinity;
  for (const offering of type.offerings) {
    if (offering.priceNanoUsdPerHour >= lowest || !offering.isAvailable) continue;
    if (isSoldAs(offering.requirements, requirements)) lowest = offering.priceNanoUsdPerHour;
  }
  return lowest;
}

/** What a type may cost at most when it is launched so (aws.md 1.12); Infinity where it cannot be. */
export function worstPrice(type: CandidateType, requirements: Requirements): number {
  const offerings = compatibleOfferings(type, requirements);
  const reserved = offerings.filter(({ reservation }) => reservation !== undefined);
  const spot = offerings.filter((offering) => offering.spot);
  const bought = reserved.length > 0 ? reserved : spot.length > 0 ? spot : offerings;
  if (bought.length === 0) return Infinity;
  return bought.reduce((worst, one) => Math.max(worst, one.priceNanoUsdPerHour), 0);
}

function capacityTypeOf(spot: boolean): string {
  return CAPACITY_TYPES[spot ? CAPACITY_TYPE.spot : CAPACITY_TYPE.onDemand];
}

/** A zone, and what its offerings ask of a claim: on-demand, then spot. All types share them. */
interface SoldIn {
  readonly zone: number;
  readonly zoneName: string;
  readonly asked: readonly Requirements[];
}

function askedFor(zoneName: string, spot: boolean): Requirements {
  return Requirements.of([
    Requirement.is(ZONE, zoneName),
    Requirement.is(CAPACITY_TYPE_LABEL, capacityTypeOf(spot)),
  ]);
}

function offeringOf(
  { zone, zoneName, asked }: SoldIn,
  { capacityType, priceNanoUsdPerHour }: HostDescription,
): Offering {
  const spot = capacityType === CAPACITY_TYPE.spot;
  const requirements = asked[Number(spot)]!;
  return { zone, zoneName, spot, priceNanoUsdPerHour, requirements, isAvailable: true };
}

/** The same answer as `fixedLabels(labels).intersects(requirements)`, for many types at little cost. */
export function meetsFixed(
  requirements: Requirements,
  labels: Readonly<Record<string, string>>,
): boolean {
  for (const requirement of requirements.all()) {
    const { key } = requirement;
    if (key === ZONE || key === CAPACITY_TYPE_LABEL) continue;
    const value = labels[key];
    if (value !== undefined ? requirement.has(value) : requirement.allowsMissing) continue;
    if (value !== undefined || LABELS_OF_SOME_TYPES.includes(key)) return false;
  }
  return true;
}

const NOWHERE = LABELS_OF_SOME_TYPES.map((key) => new Requirement(key, new Set(), false));

/** What every host of a type is labelled, wherever and however it was bought. */
export function fixedLabels(labels: Readonly<Record<string, string>>): Requirements {
  const missing = NOWHERE.filter(({ key }) => labels[key] === undefined);
  // By the names that Karpenter knows: some labels repeat the zone under an older one.
  const stated = Object.entries(labels)
    .map(([key, value]) => Requirement.is(key, value))
    .filter(({ key }) => key !== ZONE && key !== CAPACITY_TYPE_LABEL);
  return Requirements.of([...stated, ...missing]);
}

function candidateOf(
  type: InstanceType,
  host: HostDescription,
  offerings: readonly Offering[],
): CandidateType {
  const zones = new Set(offerings.map(({ zoneName }) => zoneName));
  const capacityTypes = new Set(offerings.map(({ spot }) => capacityTypeOf(spot)));
  const sold = Requirements.of([
    new Requirement(ZONE, zones, false),
    new Requirement(CAPACITY_TYPE_LABEL, capacityTypes, false),
  ]);
  const capacity = eksCapacity(type);
  return {
    name: type.name,
    requirements: fixedLabels(host.labels).and(sold),
    room: [host.cpuAllocatableTicks, host.memoryAllocatableBytes, host.slots, host.gpuCount],
    capacity: [capacity.cpuTicks, capacity.memoryBytes, host.slots, host.gpuCount],
    isExotic: type.bareMetal === true || type.gpu !== null || type.accelerator !== null,
    offerings: [...offerings].sort(byPriceThenZone),
  };
}

function byPriceThenZone(a: Offering, b: Offering): number {
  return (
    a.priceNanoUsdPerHour - b.priceNanoUsdPerHour ||
    a.zone - b.zone ||
    Number(a.spot) - Number(b.spot)
  );
}

function byPriceThenName(a: CandidateType, b: CandidateType): number {
  const byPrice = a.offerings[0]!.priceNanoUsdPerHour - b.offerings[0]!.priceNanoUsdPerHour;
  return byPrice || (a.name < b.name ? -1 : 1);
}
