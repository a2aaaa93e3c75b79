/**
 * Which capacity pool a launch takes: the allocation strategies of EC2 Fleet, which Auto Scaling groups and Karpenter use.
 *
 *   lowest-price                  the cheapest pools per unit of weight; of the `pools` cheapest the one that holds fewest
 *   prioritized                   the first in the list (on-demand)
 *   capacity-optimized            the roomiest pool
 *   capacity-optimized-prioritized   of the pools about as roomy as the best, the first in the list
 *   price-capacity-optimized      of the pools about as roomy as the best, the cheapest
 *
 * About as roomy   score >= `spot.pool-score-threshold` x the best score. Pools without room are out, whatever the strategy.
 * Ties             cheapest, then the name of the type, then the zone.
 * Source           aws.md 2.2, 2.7, 12.7; the real score of a pool is private.
 */

import type { CapacityPool, Supply } from './supply.ts';

export const ALLOCATION_STRATEGIES = [
  'lowest-price',
  'prioritized',
  'capacity-optimized',
  'capacity-optimized-prioritized',
  'price-capacity-optimized',
] as const;
export type AllocationStrategy = (typeof ALLOCATION_STRATEGIES)[number];

/** A pool that a launch may take, in order of wish. */
export interface FleetOffer extends CapacityPool {
  /** Capacity that one instance counts for. */
  readonly weight: number;
  /** Instances that the one who launches holds of it. */
  readonly held: number;
}

/** Index of the offer to take; undefined when none has room. */
export function allocate(
  strategy: AllocationStrategy,
  offers: readonly FleetOffer[],
  poolCount: number,
  threshold: number,
  supply: Supply,
  nowUs: number,
): number | undefined {
  const open = offers
    .map((offer, index) => ({
      index,
      offer,
      score: supply.score(offer, nowUs),
      price: (supply.priceNanoUsd(offer, nowUs) ?? Infinity) / offer.weight,
    }))
    .filter(({ score }) => score > 0);
  if (open.length === 0) return undefined;
  const best = open.reduce((most, { score }) => Math.max(most, score), 0);
  const roomy = open.filter(({ score }) => score >= threshold * best);
  const byPrice = (a: (typeof open)[number], b: (typeof open)[number]) =>
    compare(a.price, b.price) ||
    compare(a.offer.type.name, b.offer.type.name) ||
    compare(a.offer.zone, b.offer.zone);
  switch (strategy) {
    case 'prioritized':
      return open[0]!.index;
    case 'capacity-optimized':
      return [...open].sort((a, b) => compare(b.score, a.score) || byPrice(a, b))[0]!.index;
    case 'capacity-optimized-prioritized':
      return roomy[0]!.index;
    case 'price-capacity-optimized':
      return [...roomy].sort(byPrice)[0]!.index;
    case 'lowest-price': {
      const cheapest = [...open].sort(byPrice).slice(0, poolCount);
      return cheapest.sort((a, b) => a.offer.held - b.offer.held || byPrice(a, b))[0]!.index;
    }
  }
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
