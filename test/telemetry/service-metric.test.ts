import { describe, expect, it } from 'vitest';
import { ServiceMetric, percentOf, utilizationOf } from '../../src/telemetry/service-metric.ts';
import { ServiceWorld } from '../support/service-world.ts';

const S = 1_000_000;

/** Readings each minute from second 30 on, published 45 s later. */
const minutely = (world: ServiceWorld): ServiceMetric =>
  new ServiceMetric(world, world.workload, 60 * S, 45 * S, 30 * S);

const seen = (metric: ServiceMetric, atS: number): number | undefined => {
  const sample = metric.latest(atS * S);
  return sample === undefined ? undefined : utilizationOf(sample);
};

describe('the metric of a service', () => {
  it('shows a reading from its publication until the next one (aws.md 9)', () => {
    const world = new ServiceWorld(4);
    const metric = minutely(world);
    world.percent = 50;
    metric.sample(30 * S);
    world.percent = 80;
    expect(seen(metric, 74)).toBe(undefined); // 30 + 45 = 75
    expect(seen(metric, 75)).toBe(0.5);
    metric.sample(90 * S);
    expect(seen(metric, 134)).toBe(0.5);
    expect(seen(metric, 135)).toBe(0.8);
  });

  it('does not exist while no task is ready (aws.md 3.14)', () => {
    const world = new ServiceWorld(1);
    const metric = minutely(world);
    world.percent = 50;
    metric.sample(30 * S);
    world.setDesired(0, 60 * S);
    metric.sample(90 * S);
    expect(seen(metric, 134)).toBe(0.5);
    expect(seen(metric, 135)).toBe(undefined);
  });

  it('is sampled at the end of its period and at no other time', () => {
    const metric = minutely(new ServiceWorld(1));
    expect(() => metric.sample(31 * S)).toThrow('ends at 30000000 us; it was sampled at 31000000');
  });

  it('goes on alike from a saved state, readings under way included', () => {
    const world = new ServiceWorld(2);
    const metric = minutely(world);
    world.percent = 25;
    metric.sample(30 * S);
    const copy = minutely(world);
    copy.restore(metric.save());
    expect(seen(copy, 75)).toBe(0.25);
    expect(copy.nextSampleUs).toBe(90 * S);
    expect(copy.save()).toEqual(metric.save());
  });

  it('keeps no more readings than somebody can still ask for', () => {
    const metric = minutely(new ServiceWorld(1));
    for (let i = 0; i < 100; i++) metric.sample((30 + 60 * i) * S);
    expect(metric.save().samples.length).toBe(2); // the one published and the one on its way
  });

  it('reads a target of 0.55 as 55 percent exactly', () => {
    expect(100 * 0.55).not.toBe(55);
    expect(percentOf(0.55)).toBe(55);
    expect(percentOf(0.625)).toBe(62.5);
  });
});
