/**
 * The instance types of one NodePool as sets of bits: which of them meet requirements, can be bought, and have room. A claim
 * keeps one such set, and every pod that it takes cuts it down by a few words of bits.
 *
 * Meets      a type whose own requirements intersect, and of which an offering that is to be had is compatible.
 * Room       what the pods ask for together with the daemons of the type is at most its allocatable, of every resource. A type
 *            with a negative amount of anything takes no pod at all.
 * Daemons    types are grouped by the daemons that would run on them; ports of the node are looked at by group.
 * Kept       answers by the identity of requirements, which pods of one shape share.
 * Source     aws.md 1.9 (Karpenter 1.14, nodeclaim.go).
 */

import {
  addBit,
  allBits,
  bitsOf,
  commonBits,
  dropBits,
  keepBits,
  noBits,
  shareBits,
} from './bit-set.ts';
import { cheapestPrice, isSoldAs, worstPrice } from './instance-types.ts';
import { portsCollide } from '../../orchestration/kubernetes/framework/host-ports.ts';
import type { BitSet } from './bit-set.ts';
import type { CandidateType, Offering } from './instance-types.ts';
import type { HostPort } from '../../cluster/pod-template.ts';
import type { Requirement } from './requirement.ts';
import type { Requirements } from './requirements.ts';

/** Daemons that run on some of the types, and what they take there. */
export interface DaemonGroup {
  /** Positions of the types. */
  readonly types: readonly number[];
  readonly overhead: readonly number[];
  readonly hostPorts: readonly HostPort[];
}

export interface TypePrices {
  readonly cheapest: Float64Array;
  /** The dearest offering of the capacity type that would be bought: reserved, else spot, else on-demand. */
  readonly worst: Float64Array;
}

/** Types with at least so much of a resource, for every amount that some type has. */
interface Steps {
  /** Ascending. */
  readonly amounts: readonly number[];
  readonly sets: readonly BitSet[];
}

export class TypeTable {
  readonly types: readonly CandidateType[];
  readonly all: BitSet;
  /** Offerings of reservations that are to be had, by type. */
  readonly reserved: readonly { readonly type: number; readonly offering: Offering }[];
  private readonly steps: readonly Steps[];
  private readonly portGroups: readonly {
    readonly ports: readonly HostPort[];
    readonly set: BitSet;
  }[];
  private readonly met = new Map<Requirements, BitSet>();
  private readonly metByText = new Map<string, BitSet>();
  private readonly bought = new Map<string, BitSet>();
  private readonly prices = new Map<string, TypePrices>();
  private readonly offeringKeys: readonly string[];
  private readonly setsByValue = new Map<string, readonly BitSet[]>();

  constructor(types: readonly CandidateType[], groups: readonly DaemonGroup[]) {
    this.types = types;
    const takesNone = types.map(({ room }) => room.some((amount) => amount < 0));
    this.all = setOf(types, (_, at) => !takesNone[at]);
    const left = types.map(({ room }) => [...room]);
    for (const { types: members, overhead } of groups) {
      for (const at of members) {
        for (const [resource, amount] of overhead.entries()) left[at]![resource]! -= amount;
      }
    }
    this.steps = (types[0]?.room ?? []).map((_, resource) =>
      stepsOf(left.map((amounts) => amounts[resource]!)),
    );
    this.portGroups = groups
      .filter(({ hostPorts }) => hostPorts.length > 0)
      .map((group) => ({
        ports: group.hostPorts,
        set: setOf(types, (_, at) => group.types.includes(at)),
      }));
    this.reserved = types.flatMap((type, at) =>
      type.offerings
        .filter(({ reservation, isAvailable }) => reservation !== undefined && isAvailable)
        .map((offering) => ({ type: at, offering })),
    );
    const keys = types.flatMap(({ offerings }) =>
      offerings.flatMap(({ requirements }) => Array.from(requirements.all(), ({ key }) => key)),
    );
    this.offeringKeys = [...new Set(keys)];
  }

  /** Types that meet the requirements and can be bought so. */
  meeting(requirements: Requirements): BitSet {
    let set = this.met.get(requirements);
    if (set !== undefined) return set;
    set = this.boughtAs(requirements).slice();
    for (const requirement of requirements.all()) keepBits(set, this.meetingOne(requirement));
    if (this.met.size >= KEPT_MAX) this.met.clear();
    this.met.set(requirements, set);
    return set;
  }

  /** Keeps the types that have so much of every resource beside their daemons: what is used and what is asked for. */
  keepRoomy(set: BitSet, used: readonly number[], asked: readonly number[]): void {
    for (let resource = 0; resource < used.length; resource++) {
      const { amounts, sets } = this.steps[resource]!;
      const at = firstAtLeast(amounts, used[resource]! + asked[resource]!);
      if (at === amounts.length) set.fill(0);
      else if (at > 0) keepBits(set, sets[at]!);
    }
  }

  /** Drops the types on which a daemon holds one of the ports. */
  dropTakenPorts(set: BitSet, ports: readonly HostPort[]): void {
    for (const group of this.portGroups) {
      if (portsCollide(ports, group.ports)) dropBits(set, group.set);
    }
  }

  /** How many values of a label the types of a set have. */
  distinctValues(set: BitSet, key: string): number {
    let sets = this.setsByValue.get(key);
    if (sets === undefined) this.setsByValue.set(key, (sets = this.valuesOf(key)));
    let count = 0;
    for (const one of sets) if (shareBits(one, set)) count++;
    return count;
  }

  /** By type, what it costs where it can be bought so: Infinity where it cannot. */
  pricesAs(requirements: Requirements): TypePrices {
    const asked = this.askedOf(requirements);
    let prices = this.prices.get(asked);
    if (prices === undefined) {
      const { types } = this;
      prices = {
        cheapest: Float64Array.from(types, (type) => cheapestPrice(type, requirements)),
        worst: Float64Array.from(types, (type) => worstPrice(type, requirements)),
      };
      this.prices.set(asked, prices);
    }
    return prices;
  }

  /** The types of a set, the cheapest first, then by name. */
  byPrice(set: BitSet, requirements: Requirements): CandidateType[] {
    const { cheapest } = this.pricesAs(requirements);
    return Array.from(bitsOf(set))
      .sort((a, b) =>
        cheapest[a] === cheapest[b]
          ? this.types[a]!.name < this.types[b]!.name
            ? -1
            : 1
          : cheapest[a]! - cheapest[b]!,
      )
      .map((at) => this.types[at]!);
  }

  setOf(isIn: (type: CandidateType) => boolean): BitSet {
    return setOf(this.types, isIn);
  }

  listOf(set: BitSet): CandidateType[] {
    return Array.from(bitsOf(set), (at) => this.types[at]!);
  }

  private meetingOne(requirement: Requirement): BitSet {
    const { text, key } = requirement;
    let set = this.metByText.get(text);
    if (set === undefined) {
      set = setOf(this.types, (type) => {
        const own = type.requirements.get(key);
        if (own === undefined || own.meets(requirement)) return true;
        return own.allowsMissing && requirement.allowsMissing;
      });
      this.metByText.set(text, set);
    }
    return set;
  }

  private boughtAs(requirements: Requirements): BitSet {
    const asked = this.askedOf(requirements);
    let set = this.bought.get(asked);
    if (set === undefined) {
      set = commonBits(
        this.all,
        setOf(this.types, ({ offerings }) =>
          offerings.some(
            ({ isAvailable, requirements: offered }) =>
              isAvailable && isSoldAs(offered, requirements),
          ),
        ),
      );
      this.bought.set(asked, set);
    }
    return set;
  }

  /** What requirements say that offerings differ in. */
  private askedOf(requirements: Requirements): string {
    return this.offeringKeys.map((key) => requirements.get(key)?.text ?? '').join('|');
  }

  private valuesOf(key: string): readonly BitSet[] {
    const sets = new Map<string, BitSet>();
    for (const [at, { requirements }] of this.types.entries()) {
      for (const value of requirements.get(key)?.values ?? []) {
        let set = sets.get(value);
        if (set === undefined) sets.set(value, (set = noBits(this.types.length)));
        addBit(set, at);
      }
    }
    return [...sets.values()];
  }
}

const KEPT_MAX = 10_000;

function stepsOf(amounts: readonly number[]): Steps {
  const order = [...amounts.keys()].sort((a, b) => amounts[a]! - amounts[b]!);
  const sets: BitSet[] = [];
  const set = allBits(amounts.length);
  const one = noBits(amounts.length);
  for (const at of order) {
    sets.push(set.slice());
    one.fill(0);
    addBit(one, at);
    dropBits(set, one);
  }
  return { amounts: order.map((at) => amounts[at]!), sets };
}

/** The first position whose amount is at least `least`. */
function firstAtLeast(amounts: readonly number[], least: number): number {
  let low = 0;
  let high = amounts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (amounts[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

function setOf(
  types: readonly CandidateType[],
  isIn: (type: CandidateType, at: number) => boolean,
): BitSet {
  const set = noBits(types.length);
  for (const [at, type] of types.entries()) if (isIn(type, at)) addBit(set, at);
  return set;
}
