/**
 * A node that a plan would launch: requirements, the pods it is for, and the SET of instance types that are still
 * possible. Each pod narrows the set; which type it becomes is chosen at launch.
 *
 * Check      taints; pool; requirements (well-known labels may be open); for each place where the pod's volumes may be:
 *            topology (may pin a domain), types with room that meet what is asked, minValues, reservations.
 * minValues  of every key that has them so many distinct values must be left among the types. BestEffort asks for fewer
 *            where there are fewer, but only of a claim that is opened.
 * Reserved   a claim holds a place in every reservation it could use. In a plan that defers, a pod that could use some but
 *            gets none waits for the next plan.
 * GPUs       a pod counts as so many whole devices: a claim does not share one.
 * Source     aws.md 1.6, 1.9, 1.12 (Karpenter 1.14, nodeclaim.go).
 */

import { CAPACITY_TYPE_LABEL, RESERVATION_ID, WELL_KNOWN_LABELS } from './well-known-labels.ts';
import { bitCount, commonBits, hasBit, isEmptySet } from './bit-set.ts';
import { Requirement } from './requirement.ts';
import { cheapestPrice } from './instance-types.ts';
import { portsCollide } from '../../orchestration/kubernetes/framework/host-ports.ts';
import type { BitSet } from './bit-set.ts';
import type { CandidateType } from './instance-types.ts';
import type { HostPort } from '../../cluster/pod-template.ts';
import type { Pod } from './pod.ts';
import type { PodVariant } from './pod-shape.ts';
import type { Requirements } from './requirements.ts';
import type { Reservations } from './reservations.ts';
import type { SpreadNode } from './topology-group.ts';
import type { Template } from './template.ts';
import type { Topology } from './topology.ts';

/** How a plan treats what it cannot have. */
export interface ClaimPolicy {
  /** minValues may be lowered when a claim is opened. */
  readonly isBestEffort: boolean;
  /** Pods wait for a reservation rather than go without. */
  readonly defersForReserved: boolean;
}

export type TakeResult = 'taken' | 'refused' | 'deferred';

interface Fit {
  readonly requirements: Requirements;
  readonly types: BitSet;
  readonly reserved: ReadonlySet<string>;
}

const NONE_RESERVED: ReadonlySet<string> = new Set();
const ANYWHERE: readonly undefined[] = [undefined];

export class Claim {
  readonly template: Template;
  /** Position in order of opening. */
  readonly ordinal: number;
  readonly pods: Pod[] = [];
  requirements: Requirements;
  /** minValues were lowered when it was opened. */
  isRelaxed = false;
  private typeSet: BitSet;
  private readonly used: number[];
  private ports: readonly HostPort[] = [];
  private reserved: ReadonlySet<string> = NONE_RESERVED;
  private readonly host: Requirement;
  /** By id: variants that found no room, which holds for good: a claim only gets fuller. */
  private refused: boolean[] = [];
  private listed: readonly CandidateType[] | undefined;

  constructor(template: Template, ordinal: number, typeSet: BitSet) {
    this.template = template;
    this.ordinal = ordinal;
    this.requirements = template.requirements;
    this.typeSet = typeSet;
    this.used = template.noAmounts.slice();
    this.host = Requirement.is('kubernetes.io/hostname', `claim ${ordinal}`);
  }

  /** The cheapest first. */
  get types(): readonly CandidateType[] {
    this.listed ??= this.template.table.byPrice(this.typeSet, this.requirements);
    return this.listed;
  }

  /** The price of the cheapest type. */
  get minPrice(): number {
    const [cheapest] = this.types;
    return cheapest === undefined ? Infinity : cheapestPrice(cheapest, this.requirements);
  }

  /** The same as positions in the table of its template. */
  get typeSetNow(): BitSet {
    return this.typeSet;
  }

  /** Takes the pod in, or changes nothing. */
  take(
    pod: Pod,
    variant: PodVariant,
    topology: Topology,
    reservations: Reservations,
    policy: ClaimPolicy,
  ): TakeResult {
    if (this.refused[variant.id] === true) return 'refused';
    const fit = this.fitOf(variant, topology, reservations, policy);
    if (typeof fit === 'string') return fit;
    const before = this.requirements;
    this.requirements = fit.requirements;
    this.typeSet = fit.types;
    this.listed = undefined;
    // A label that is now stated, if only as NotIn, may let in pods that were refused for want of it.
    if (fit.requirements.size > before.size) this.refused = [];
    const { requests, hostPorts } = variant.shape.wishes;
    for (let at = 0; at < requests.length; at++) this.used[at]! += requests[at]!;
    if (hostPorts.length > 0) this.ports = [...this.ports, ...hostPorts];
    this.pods.push(pod);
    topology.record(variant, this.nodeOf(fit.requirements));
    reservations.hold(this.hostname, fit.reserved);
    this.reserved = fit.reserved;
    return 'taken';
  }

  /** Once no pod comes any more: a claim that holds reservations is for them alone. */
  settle(): void {
    if (this.reserved.size === 0) return;
    const ids = new Requirement(RESERVATION_ID, this.reserved, false);
    this.requirements = this.requirements
      .replacing(Requirement.is(CAPACITY_TYPE_LABEL, 'reserved'))
      .with(ids);
    this.listed = undefined;
  }

  /** Leaves the cheapest types alone; false, and all of them, when that breaks minValues. */
  truncate(typesMax: number, isBestEffort: boolean): boolean {
    const { table } = this.template;
    if (bitCount(this.typeSet) > typesMax) {
      const kept = this.types.slice(0, typesMax);
      if (!isBestEffort && !keepsMinValues(kept, this.requirements)) return false;
      this.listed = kept;
      const names = new Set(kept);
      this.typeSet = table.setOf((type) => names.has(type));
      return true;
    }
    return (
      isBestEffort ||
      !asksForValues(this.requirements) ||
      keepsMinValues(this.types, this.requirements)
    );
  }

  private fitOf(
    variant: PodVariant,
    topology: Topology,
    reservations: Reservations,
    policy: ClaimPolicy,
  ): Fit | 'refused' | 'deferred' {
    const roomy = this.mayHold(variant) ? this.withRoomFor(variant) : undefined;
    if (roomy === undefined || isEmptySet(roomy)) {
      this.refused[variant.id] = true;
      return 'refused';
    }
    const base = this.requirements.and(variant.requirements);
    const { volumes } = variant.shape.wishes;
    let result: 'refused' | 'deferred' = 'refused';
    for (const place of volumes.length === 0 ? ANYWHERE : volumes) {
      const fit = this.fitAt(place, base, roomy, variant, topology, reservations, policy);
      if (typeof fit !== 'string') return fit;
      result = fit;
    }
    // What others forbid now they may allow later, and so may reservations that are given back.
    if (!variant.shape.mindsOthers && result === 'refused') this.refused[variant.id] = true;
    return result;
  }

  private mayHold(variant: PodVariant): boolean {
    const { template, host } = this;
    return (
      variant.toleratesAll(template.taints) &&
      variant.shape.wishes.mayUsePool?.(template.config.pool) !== false &&
      variant.hostname?.meets(host) !== false &&
      this.requirements.isCompatible(variant.requirements, WELL_KNOWN_LABELS)
    );
  }

  private withRoomFor({ shape }: PodVariant): BitSet | undefined {
    const { requests, hostPorts } = shape.wishes;
    const { table } = this.template;
    if (portsCollide(hostPorts, this.ports)) return undefined;
    const set = this.typeSet.slice();
    table.keepRoomy(set, this.used, requests);
    if (hostPorts.length > 0) table.dropTakenPorts(set, hostPorts);
    return set;
  }

  private fitAt(
    place: Requirements | undefined,
    base: Requirements,
    roomy: BitSet,
    variant: PodVariant,
    topology: Topology,
    reservations: Reservations,
    policy: ClaimPolicy,
  ): Fit | 'refused' | 'deferred' {
    let asked = base;
    if (place !== undefined) {
      if (!base.isCompatible(place, WELL_KNOWN_LABELS)) return 'refused';
      asked = base.and(place);
    }
    const node = this.nodeOf(asked);
    let requirements = topology.narrow(variant, node, this.host, WELL_KNOWN_LABELS);
    if (requirements === undefined) return 'refused';
    const types = commonBits(roomy, this.template.table.meeting(requirements));
    if (isEmptySet(types)) return 'refused';
    if (requirements.hasMinValues) {
      const lowered = this.withMinValues(requirements, types, policy.isBestEffort);
      if (lowered === undefined) return 'refused';
      requirements = lowered;
    }
    return this.reservedFit({ requirements, types, reserved: NONE_RESERVED }, reservations, policy);
  }

  /** Requirements with minValues that the types have; undefined where they may not be lowered. */
  private withMinValues(
    requirements: Requirements,
    types: BitSet,
    isBestEffort: boolean,
  ): Requirements | undefined {
    let lowered = requirements;
    for (const requirement of requirements.all()) {
      if (requirement.minValues === 0) continue;
      const found = this.template.table.distinctValues(types, requirement.key);
      if (found >= requirement.minValues) continue;
      if (!isBestEffort || this.pods.length > 0) return undefined;
      lowered = lowered.replacing(requirement.withMinValues(found));
      this.isRelaxed = true;
    }
    return lowered;
  }

  private reservedFit(fit: Fit, reservations: Reservations, policy: ClaimPolicy): Fit | 'deferred' {
    const { reserved: offered } = this.template.table;
    if (offered.length === 0) return fit;
    const ids = new Set<string>();
    let couldUse = false;
    for (const { type, offering } of offered) {
      if (!hasBit(fit.types, type)) continue;
      if (!fit.requirements.isCompatible(offering.requirements, WELL_KNOWN_LABELS)) continue;
      couldUse = true;
      const { id } = offering.reservation!;
      if (reservations.mayHold(this.hostname, id)) ids.add(id);
    }
    if (policy.defersForReserved && ids.size === 0 && (couldUse || this.reserved.size > 0)) {
      return 'deferred';
    }
    return { ...fit, reserved: ids };
  }

  private nodeOf(requirements: Requirements): SpreadNode {
    return { taints: this.template.taints, requirements, hostname: this.hostname };
  }

  /** As a domain of rules about hosts. */
  private get hostname(): string {
    return this.host.only!;
  }
}

function asksForValues(requirements: Requirements): boolean {
  for (const { minValues } of requirements.all()) if (minValues > 0) return true;
  return false;
}

/** Do the types have as many values of each label as is asked for? */
export function keepsMinValues(
  types: readonly CandidateType[],
  requirements: Requirements,
): boolean {
  for (const { key, minValues } of requirements.all()) {
    if (minValues === 0) continue;
    const distinct = new Set<string>();
    for (const type of types) {
      for (const value of type.requirements.get(key)?.values ?? []) distinct.add(value);
    }
    if (distinct.size < minValues) return false;
  }
  return true;
}
