import { describe, expect, it } from 'vitest';
import { AssumedParameters } from '../../../src/cloud/assumptions.ts';
import { NO_LIMITS, Supply } from '../../../src/cloud/supply/supply.ts';
import { SpotPrice } from '../../../src/cloud/supply/spot-price.ts';
import { ScenarioError } from '../../../src/base/scenario-error.ts';
import { US_PER_HOUR, US_PER_MINUTE } from '../../../src/base/units.ts';
import { allocate } from '../../../src/cloud/supply/allocation.ts';
import { constantDepth, depthAt, nextFallUs } from '../../../src/cloud/supply/capacity-depth.ts';
import { findInstanceType } from '../../../src/cloud/catalogue.ts';
import { quotaClassOf } from '../../../src/cloud/supply/vcpu-quota.ts';
import { readAvailabilityTrace } from '../../../src/cloud/supply/availability-trace.ts';
import { spotNanoUsdPerHour } from '../../../src/cloud/prices.ts';
import { subnetAddressesOf } from '../../../src/cloud/supply/subnet-addresses.ts';
import type { AllocationStrategy } from '../../../src/cloud/supply/allocation.ts';
import type { SupplyLimits } from '../../../src/cloud/supply/supply.ts';

const parameters = new AssumedParameters();
const typeOf = (name: string) => findInstanceType(name)!;

function supplyOf(limits: Partial<SupplyLimits> = {}, own = parameters) {
  return new Supply('us-east-1', own, 1, { ...NO_LIMITS, ...limits });
}

describe('what EC2 has to give', () => {
  const large = { type: typeOf('m5.large'), zone: 'a', spot: false };

  it('pitfall 14.8: has a limited depth for each type, zone and way of buying, and refuses what is above it', () => {
    const supply = supplyOf({ depths: [{ types: ['m5.large'], depth: constantDepth(2) }] });
    supply.count(large, 1, 1);
    expect(supply.refusal(large, 1, 0)).toBeUndefined();
    supply.count(large, 1, 1);
    expect(supply.refusal(large, 1, 0)).toBe('insufficient-capacity');
    expect(supply.refusal({ ...large, zone: 'b' }, 1, 0)).toBeUndefined();
    expect(supply.refusal({ ...large, type: typeOf('m5.xlarge') }, 1, 0)).toBeUndefined();
    supply.count(large, 1, -1);
    expect(supply.refusal(large, 1, 0)).toBeUndefined();
  });

  it('counts the vCPUs of a class, on-demand and spot apart', () => {
    const supply = supplyOf({ quotas: [{ class: 'standard', spot: false, vcpus: 5 }] });
    supply.count(large, 1, 1);
    // 2 of 5 are used: 3 left take another of 2, then 1 is left.
    expect(supply.refusal({ ...large, type: typeOf('c6i.xlarge') }, 1, 0)).toBe('quota-reached');
    expect(supply.refusal(large, 1, 0)).toBeUndefined();
    supply.count(large, 1, 1);
    expect(supply.refusal(large, 1, 0)).toBe('quota-reached');
    expect(supply.refusal({ ...large, type: typeOf('g5.xlarge') }, 1, 0)).toBeUndefined();
    expect(
      [
        'm6i.large',
        't3.micro',
        'g5.xlarge',
        'p4d.24xlarge',
        'x2idn.16xlarge',
        'inf2.xlarge',
        'u-3tb1.56xlarge',
      ].map((name) => quotaClassOf(typeOf(name))),
    ).toEqual(['standard', 'standard', 'g', 'p', 'x', 'inf', 'high-memory']);
  });

  it('has as many addresses as the subnet of the zone', () => {
    const supply = supplyOf({ addresses: { a: 25 } });
    // The VPC CNI holds two interfaces of 10 addresses each.
    const addresses = subnetAddressesOf(typeOf('m5.large'), true);
    expect(addresses).toBe(20);
    expect(subnetAddressesOf(typeOf('m5.large'), false)).toBe(1);
    supply.count(large, addresses, 1);
    expect(supply.refusal(large, addresses, 0)).toBe('no-address');
    expect(supply.refusal(large, 1, 0)).toBeUndefined();
    expect(supply.refusal({ ...large, zone: 'b' }, addresses, 0)).toBeUndefined();
  });
});

describe('a series of depths', () => {
  const depth = { stepUs: US_PER_MINUTE, counts: [4, 4, 1, 3] };

  it('falls at the ticks at which there is less, and begins anew', () => {
    expect([0, 1, 2, 3, 4, 6].map((minute) => depthAt(depth, minute * US_PER_MINUTE))).toEqual([
      4, 4, 1, 3, 4, 1,
    ]);
    expect(nextFallUs(depth, 0)).toBe(2 * US_PER_MINUTE);
    expect(nextFallUs(depth, 2 * US_PER_MINUTE)).toBe(6 * US_PER_MINUTE);
    expect(nextFallUs(constantDepth(3), 0)).toBe(Infinity);
  });

  it('is read from a trace of availability, and anything else is refused', () => {
    const text = JSON.stringify({ metadata: { gap_seconds: 60 }, data: [4, 4, 1, 3] });
    expect(readAvailabilityTrace('x.json', text)).toEqual(depth);
    for (const bad of ['', '{}', '{"metadata":{"gap_seconds":60},"data":[1,-1]}']) {
      expect(() => readAvailabilityTrace('x.json', bad)).toThrow(ScenarioError);
    }
  });
});

describe('a spot price (aws.md 8.5)', () => {
  const type = typeOf('m5.large');
  const base = spotNanoUsdPerHour(type, 'us-east-1', parameters)!;
  const onDemand = type.onDemandNanoUsdPerHour['us-east-1']!;
  const priceOf = (pool: string, own = parameters) => new SpotPrice(base, onDemand, own, 1, pool);

  it('moves around the published saving, differs by zone, and stays within its bounds', () => {
    const zones = Array.from({ length: 400 }, (_, i) => priceOf(`zone-${i}`));
    const prices = zones.map((price) => price.at(100 * US_PER_HOUR));
    expect(new Set(prices).size).toBeGreaterThan(300);
    const mean = prices.reduce((a, b) => a + b, 0) / prices.length;
    // Standard deviation of the log: sqrt(0.08^2 + 0.10^2) = 0.128, so the mean of 400 is within 2 %.
    expect(Math.abs(mean / base - 1)).toBeLessThan(0.03);
    const wild = new AssumedParameters({ 'spot.price-sigma': 3, 'spot.zone-price-sigma': 0 });
    for (let hour = 0; hour < 500; hour++) {
      const price = priceOf('wild', wild).at(hour * US_PER_HOUR);
      expect(price).toBeGreaterThanOrEqual(Math.round(0.1 * onDemand));
      expect(price).toBeLessThanOrEqual(onDemand);
    }
  });

  it('loses half of a deviation in its half-life', () => {
    const own = new AssumedParameters({ 'spot.zone-price-sigma': 0 });
    // Correlation over 48 h is 0.5: of 2,000 pools the sample correlation is within 0.05.
    const pairs = Array.from({ length: 2_000 }, (_, i) => {
      const price = priceOf(`pool-${i}`, own);
      return [price.at(0) / base - 1, price.at(48 * US_PER_HOUR) / base - 1] as const;
    });
    const sum = (f: (pair: readonly [number, number]) => number) =>
      pairs.reduce((total, pair) => total + f(pair), 0);
    const correlation =
      sum(([a, b]) => a * b) / Math.sqrt(sum(([a]) => a * a) * sum(([, b]) => b * b));
    expect(Math.abs(correlation - 0.5)).toBeLessThan(0.06);
  });

  it('has the mean that its hours add up to', () => {
    const price = priceOf('a');
    const half = US_PER_HOUR / 2;
    const expected =
      (price.at(0) * 0.5 + price.at(US_PER_HOUR) + price.at(2 * US_PER_HOUR) * 0.5) / 2;
    expect(price.mean(half, 5 * half)).toBe(Math.round(expected));
  });
});

describe('allocation strategies (aws.md 2.2, 2.7)', () => {
  // On-demand prices: m5.large 0.096, c5.large 0.085, r5.large 0.126.
  const offers = ['m5.large', 'c5.large', 'r5.large'].map((name) => ({
    type: typeOf(name),
    zone: 'a',
    spot: false,
    weight: 1,
    held: 0,
  }));
  const pick = (strategy: AllocationStrategy, supply = supplyOf(), list = offers, pools = 2) =>
    list[allocate(strategy, list, pools, 0.8, supply, 0) ?? -1]?.type.name;

  it('lowest-price takes the cheapest per unit of weight and goes on to the next when it is used up', () => {
    expect(pick('lowest-price', supplyOf(), offers, 1)).toBe('c5.large');
    const dry = supplyOf({ depths: [{ types: ['c5.large'], depth: constantDepth(0) }] });
    expect(pick('lowest-price', dry, offers, 1)).toBe('m5.large');
    // 0.126 / 2 = 0.063 a unit
    const heavy = offers.map((offer) => ({
      ...offer,
      weight: offer.type.name === 'r5.large' ? 2 : 1,
    }));
    expect(pick('lowest-price', supplyOf(), heavy, 1)).toBe('r5.large');
  });

  it('lowest-price spreads over its cheapest pools', () => {
    const held = offers.map((offer) => ({
      ...offer,
      held: offer.type.name === 'c5.large' ? 3 : 1,
    }));
    expect(pick('lowest-price', supplyOf(), held, 2)).toBe('m5.large');
  });

  it('prioritized takes the first that has room', () => {
    expect(pick('prioritized')).toBe('m5.large');
    const dry = supplyOf({ depths: [{ types: ['m5.large'], depth: constantDepth(0) }] });
    expect(pick('prioritized', dry)).toBe('c5.large');
  });

  it('pitfall 14.2: price-capacity-optimized is not the cheapest: a dry pool does not compete on price', () => {
    const scarce = supplyOf({
      depths: [{ types: ['c5.large'], depth: constantDepth(10) }, { depth: constantDepth(100) }],
    });
    for (let i = 0; i < 5; i++) scarce.count({ ...offers[1]!, type: typeOf('c5.large') }, 1, 1);
    // Free shares: c5 0.5, the others 1; 0.5 < 0.8 x 1, so the cheapest of m5 and r5 is taken.
    expect(pick('price-capacity-optimized', scarce)).toBe('m5.large');
    expect(pick('lowest-price', scarce, offers, 1)).toBe('c5.large');
    expect(pick('capacity-optimized', scarce)).toBe('m5.large');
    expect(pick('capacity-optimized-prioritized', scarce, [...offers].reverse())).toBe('r5.large');
  });

  it('answers nothing when no pool has room', () => {
    expect(
      pick('prioritized', supplyOf({ depths: [{ depth: constantDepth(0) }] })),
    ).toBeUndefined();
  });
});
