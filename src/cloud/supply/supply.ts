/**
 * What EC2 has to give at an instant: capacity pools of limited depth, spot prices and shortages, the account's quotas, and
 * the addresses of the subnets. Prices and shortages are functions of (seed, type, zone, time); what is in use is counted here.
 *
 *   pool       (instance type, zone, capacity type); as deep as the scenario says, without a word unlimited
 *   room       depth - instances in use, 0 while a spot pool is short
 *   score      what allocation strategies go by, 0 to 1: (1 - monthly interruption probability of a spot pool) x the free share
 *              of a pool whose depth is stated; 0 without room. The real score is private.
 *   refusals   in this order: quota-reached, no-address, insufficient-capacity
 *
 * Addresses   of the subnet of each zone: an instance takes `addresses`, whoever launches it says how many.
 * Series      a pool with a series of depths has no shortages of its own: the series says when machines go.
 * State       the counts; they follow from the hosts that are there, so whoever restores a run counts anew.
 * Source      aws.md 2.2, 12.7, 1.13.
 */

import { depthAt, nextFallUs } from './capacity-depth.ts';
import { onDemandNanoUsdPerHour, spotNanoUsdPerHour } from '../prices.ts';
import { quotaClassOf } from './vcpu-quota.ts';
import { SpotPrice } from './spot-price.ts';
import { SpotShortages } from './spot-shortages.ts';
import { monthlyInterruptionProbability, spotHazardPerHour } from '../spot.ts';
import type { AssumedParameters } from '../assumptions.ts';
import type { DepthSeries } from './capacity-depth.ts';
import type { InstanceType } from '../instance-type.ts';
import type { VcpuQuota } from './vcpu-quota.ts';

export type LaunchRefusal = 'insufficient-capacity' | 'quota-reached' | 'no-address';

/** An instance type in a zone (by its short name), bought in one way. */
export interface CapacityPool {
  readonly type: InstanceType;
  readonly zone: string;
  readonly spot: boolean;
}

/** Says how deep pools are; an absent list means all. */
export interface DepthRule {
  readonly types?: readonly string[];
  readonly zones?: readonly string[];
  readonly spot?: boolean;
  readonly depth: DepthSeries;
}

export interface SupplyLimits {
  /** The first that matches a pool counts. */
  readonly depths: readonly DepthRule[];
  readonly quotas: readonly VcpuQuota[];
  /** Free addresses by zone; a zone that is not named has no end of them. */
  readonly addresses: Readonly<Record<string, number>>;
}

export const NO_LIMITS: SupplyLimits = { depths: [], quotas: [], addresses: {} };

interface SpotPool {
  readonly shortages: SpotShortages;
  /** Undefined where no price is known. */
  readonly price: SpotPrice | undefined;
  readonly steadiness: number;
}

export class Supply {
  /** False: every count below is of no use, and nobody has to keep it. */
  readonly isLimited: boolean;
  private readonly region: string;
  private readonly parameters: AssumedParameters;
  private readonly seed: string | number;
  private readonly limits: SupplyLimits;
  private readonly spotPools = new Map<string, SpotPool>();
  private readonly inUse = new Map<string, number>();

  constructor(
    region: string,
    parameters: AssumedParameters,
    seed: string | number,
    limits: SupplyLimits = NO_LIMITS,
  ) {
    this.region = region;
    this.parameters = parameters;
    this.seed = seed;
    this.limits = limits;
    const { depths, quotas, addresses } = limits;
    this.isLimited = depths.length + quotas.length + Object.keys(addresses).length > 0;
  }

  /** Nano-USD an hour at an instant; null where none is known. */
  priceNanoUsd(pool: CapacityPool, nowUs: number): number | null {
    if (!pool.spot) return onDemandNanoUsdPerHour(pool.type, this.region, this.parameters);
    return this.spotPool(pool).price?.at(nowUs) ?? null;
  }

  /** Mean spot price over a time. */
  meanSpotNanoUsd(type: InstanceType, zone: string, fromUs: number, untilUs: number) {
    return this.spotPool({ type, zone, spot: true }).price?.mean(fromUs, untilUs) ?? null;
  }

  /** Why one more instance is refused now; undefined when it is not. */
  refusal(pool: CapacityPool, addresses: number, nowUs: number): LaunchRefusal | undefined {
    if (this.isLimited) {
      if (this.quotaLeft(pool) < pool.type.vcpu) return 'quota-reached';
      if (this.addressesLeft(pool.zone) < addresses) return 'no-address';
    }
    return this.room(pool, nowUs) < 1 ? 'insufficient-capacity' : undefined;
  }

  /** Instances that could be launched now, as far as the pool goes. */
  room(pool: CapacityPool, nowUs: number): number {
    if (this.isShort(pool, nowUs)) return 0;
    const depth = this.depthOf(pool);
    return depth === undefined ? Infinity : depthAt(depth, nowUs) - this.used(poolKey(pool));
  }

  score(pool: CapacityPool, nowUs: number): number {
    const room = this.room(pool, nowUs);
    if (room < 1) return 0;
    const steadiness = pool.spot ? this.spotPool(pool).steadiness : 1;
    const depth = this.depthOf(pool);
    return depth === undefined ? steadiness : (steadiness * room) / depthAt(depth, nowUs);
  }

  /** When EC2 wants a spot machine back that runs since before `afterUs`; NEVER when a series decides about its pool. */
  strikeUs(type: InstanceType, zone: string, afterUs: number, machine: string): number {
    const pool = { type, zone, spot: true };
    if (this.hasSeries(pool)) return Infinity;
    return this.spotPool(pool).shortages.strikeUs(afterUs, machine);
  }

  /** Machines that are too many for a pool now. */
  excess(pool: CapacityPool, nowUs: number): number {
    const depth = this.depthOf(pool);
    return depth === undefined ? 0 : Math.max(0, this.used(poolKey(pool)) - depthAt(depth, nowUs));
  }

  /** The next time at which a series of depths falls, over all rules. */
  nextFallUs(nowUs: number): number {
    return this.limits.depths.reduce(
      (least, { depth }) => Math.min(least, nextFallUs(depth, nowUs)),
      Infinity,
    );
  }

  /** Counts an instance in (1) or out (-1). */
  count(pool: CapacityPool, addresses: number, by: 1 | -1): void {
    const add = (key: string, amount: number) => this.inUse.set(key, this.used(key) + by * amount);
    add(poolKey(pool), 1);
    add(quotaKey(pool), pool.type.vcpu);
    add(pool.zone, addresses);
  }

  /** Before everything is counted anew. */
  forgetCounts(): void {
    this.inUse.clear();
  }

  private isShort(pool: CapacityPool, nowUs: number): boolean {
    return pool.spot && !this.hasSeries(pool) && this.spotPool(pool).shortages.isShort(nowUs);
  }

  private hasSeries(pool: CapacityPool): boolean {
    const depth = this.depthOf(pool);
    return depth !== undefined && depth.counts.length > 1;
  }

  private depthOf({ type, zone, spot }: CapacityPool): DepthSeries | undefined {
    return this.limits.depths.find(
      (rule) =>
        (rule.types?.includes(type.name) ?? true) &&
        (rule.zones?.includes(zone) ?? true) &&
        (rule.spot ?? spot) === spot,
    )?.depth;
  }

  private quotaLeft(pool: CapacityPool): number {
    const quota = this.limits.quotas.find(
      (one) => one.spot === pool.spot && one.class === quotaClassOf(pool.type),
    );
    return quota === undefined ? Infinity : quota.vcpus - this.used(quotaKey(pool));
  }

  private addressesLeft(zone: string): number {
    const all = this.limits.addresses[zone];
    return all === undefined ? Infinity : all - this.used(zone);
  }

  private used(key: string): number {
    return this.inUse.get(key) ?? 0;
  }

  private spotPool(pool: CapacityPool): SpotPool {
    const name = `${this.region}${pool.zone}/${pool.type.name}`;
    let known = this.spotPools.get(name);
    if (known === undefined) this.spotPools.set(name, (known = this.newSpotPool(pool.type, name)));
    return known;
  }

  private newSpotPool(type: InstanceType, name: string): SpotPool {
    const { region, parameters, seed } = this;
    const base = spotNanoUsdPerHour(type, region, parameters);
    const onDemand = onDemandNanoUsdPerHour(type, region, parameters);
    const isPriced = base !== null && onDemand !== null;
    const process = {
      hazardPerHour: spotHazardPerHour(type, region, parameters),
      share: parameters.get('spot.shortage-share'),
      lengthUs: parameters.us('spot.shortage-s'),
    };
    return {
      shortages: new SpotShortages(process, seed, name),
      price: isPriced ? new SpotPrice(base, onDemand, parameters, seed, name) : undefined,
      steadiness: 1 - monthlyInterruptionProbability(type, region, parameters),
    };
  }
}

function poolKey({ type, zone, spot }: CapacityPool): string {
  return `${type.name}/${zone}/${spot ? 'spot' : 'on-demand'}`;
}

function quotaKey({ type, spot }: CapacityPool): string {
  return `${quotaClassOf(type)}/${spot ? 'spot' : 'on-demand'}`;
}
