import { describe, expect, it } from 'vitest';
import { AssumedParameters } from '../../../src/cloud/assumptions.ts';
import {
  SERVICE_COOLDOWN_US,
  ServiceTargetTracking,
} from '../../../src/autoscaling/target-tracking/service-target-tracking.ts';
import { ServiceWorld } from '../../support/service-world.ts';

/** Datapoints at second 0 of each minute, seen at second 45; target 60 %. */
function trackingOf(world: ServiceWorld, minimum = 1, maximum = 100): ServiceTargetTracking {
  const target = {
    workload: world.workload,
    targetUtilization: 0.6,
    minimum,
    maximum,
    scaleOutCooldownUs: SERVICE_COOLDOWN_US,
    scaleInCooldownUs: SERVICE_COOLDOWN_US,
  };
  return new ServiceTargetTracking(world.cluster, world, [target], new AssumedParameters(), 0);
}

const minute = (datapoint: number): number => 60 * datapoint + 45;

describe('target tracking of a service (aws.md 3.14, 2.6)', () => {
  it('scales out in proportion after 3 datapoints above the target', () => {
    const world = new ServiceWorld(4);
    world.percent = 90;
    // Datapoints 0, 1, 2; ceil(4 x 90 / 60) = 6
    expect(world.run(trackingOf(world), minute(2))).toEqual([[minute(2), 6]]);
  });

  it('does nothing when a datapoint between breaks the run', () => {
    const world = new ServiceWorld(4);
    const tracking = trackingOf(world);
    world.percent = 90;
    world.run(tracking, minute(1));
    world.percent = 60;
    expect(world.run(tracking, minute(2))).toEqual([]);
    world.percent = 90;
    expect(world.run(tracking, minute(4))).toEqual([]);
    expect(world.run(tracking, minute(5))).toEqual([[minute(5), 6]]);
  });

  it('starts from the running count, so that tasks on their way are not asked for twice', () => {
    const world = new ServiceWorld(4);
    world.startsAtOnce = false;
    world.percent = 90;
    expect(world.run(trackingOf(world), minute(20))).toEqual([[minute(2), 6]]);
  });

  it('adds only the excess of a larger need while the scale-out cooldown lasts', () => {
    const world = new ServiceWorld(4);
    const tracking = trackingOf(world);
    world.percent = 90;
    world.run(tracking, minute(2)); // 4 -> 6: 2 added
    world.percent = 70;
    // ceil(6 x 70 / 60) = 7, one more than run: not more than the 2 that were added
    expect(world.run(tracking, minute(4))).toEqual([]);
    world.percent = 100;
    // ceil(6 x 100 / 60) = 10, 4 more than run, of which 2 were added: 6 + 2
    expect(world.run(tracking, minute(5))).toEqual([[minute(5), 8]]);
    world.percent = 70;
    // ceil(8 x 70 / 60) = 10; the cooldown began anew at datapoint 5 and ends 5 minutes later
    expect(world.run(tracking, minute(9))).toEqual([]);
    expect(world.run(tracking, minute(10))).toEqual([[minute(10), 10]]);
  });

  it('scales in after 15 datapoints below 90 % of the target, then once a cooldown', () => {
    const world = new ServiceWorld(10);
    const tracking = trackingOf(world);
    world.percent = 30;
    // ceil(10 x 30 / 60) = 5
    expect(world.run(tracking, minute(14))).toEqual([[minute(14), 5]]);
    // The alarm stays on; 5 minutes later ceil(5 x 30 / 60 = 2.5)
    expect(world.run(tracking, minute(18))).toEqual([]);
    expect(world.run(tracking, minute(19))).toEqual([[minute(19), 3]]);
  });

  it('leaves a metric between 90 % of the target and the target alone', () => {
    const world = new ServiceWorld(10);
    world.percent = 55; // 54 is the low threshold
    expect(world.run(trackingOf(world), minute(60))).toEqual([]);
  });

  it('scales out at once during the scale-in cooldown', () => {
    const world = new ServiceWorld(10);
    const tracking = trackingOf(world);
    world.percent = 30;
    world.run(tracking, minute(14)); // 10 -> 5
    world.percent = 120;
    expect(world.run(tracking, minute(17))).toEqual([[minute(17), 10]]); // 5 x 120 / 60
  });

  it('keeps to its bounds, and a trigger outside them moves to the bound first', () => {
    const world = new ServiceWorld(4);
    world.percent = 200;
    expect(world.run(trackingOf(world, 1, 5), minute(10))).toEqual([[minute(2), 5]]);
    const below = new ServiceWorld(1);
    below.percent = 90;
    expect(below.run(trackingOf(below, 3, 9), minute(1))).toEqual([]);
    expect(below.run(trackingOf(below, 3, 9), minute(2))).toEqual([[minute(2), 3]]);
  });

  it('does nothing without a running task: the metric does not exist', () => {
    const world = new ServiceWorld(0);
    world.percent = 100;
    expect(world.run(trackingOf(world), minute(30))).toEqual([]);
  });

  it('goes on alike from a saved state', () => {
    const straight = new ServiceWorld(10);
    const stopped = new ServiceWorld(10);
    for (const world of [straight, stopped]) world.percent = 30;
    const first = trackingOf(stopped);
    const before = stopped.run(first, minute(10) - 20);
    const second = trackingOf(stopped);
    second.restore(first.save());
    const all = straight.run(trackingOf(straight), minute(40));
    expect([...before, ...stopped.run(second, minute(40))]).toEqual(all);
  });
});
