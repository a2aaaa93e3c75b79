import { describe, expect, it } from 'vitest';
import { HorizontalPodAutoscaler } from '../../../src/autoscaling/hpa/hpa.ts';
import { ServiceWorld } from '../../support/service-world.ts';

const S = 1_000_000;

/** Scrapes at second 5 of each quarter minute, syncs at second 10. */
function hpaOf(world: ServiceWorld, minimum = 1, maximum = 100): HorizontalPodAutoscaler {
  const target = { workload: world.workload, targetUtilization: 0.5, minimum, maximum };
  return new HorizontalPodAutoscaler(world.cluster, world, [target], {
    syncUs: 10 * S,
    scrapeUs: 5 * S,
  });
}

describe('the HorizontalPodAutoscaler (kubernetes.md 4.1)', () => {
  it('scales up on the first reading above tolerance, at its next sync', () => {
    const world = new ServiceWorld(4);
    const hpa = hpaOf(world);
    world.percent = 50;
    expect(world.run(hpa, 20)).toEqual([]); // scraped at 20
    world.percent = 80;
    // Synced at 25 on the reading of 20; scraped at 35, synced at 40: ceil(80 / 50 x 4 = 6.4)
    expect(world.run(hpa, 40)).toEqual([[40, 7]]);
  });

  it.each([
    [1, 4],
    [2, 4],
    [3, 6],
    [10, 20],
  ])('goes from %i pods to %i at most in one round (6)', (from, to) => {
    const world = new ServiceWorld(from);
    world.percent = 5000;
    expect(world.run(hpaOf(world), 10)).toEqual([[10, to]]);
  });

  it('scales down 300 s after the last number that was higher', () => {
    const world = new ServiceWorld(6);
    const hpa = hpaOf(world);
    world.percent = 50;
    expect(world.run(hpa, 25)).toEqual([]);
    world.percent = 20;
    // 6 was named last at 25 and counts until 325; ceil(0.4 x 6 = 2.4)
    expect(world.run(hpa, 325)).toEqual([]);
    expect(world.run(hpa, 340)).toEqual([[340, 3]]);
  });

  it('counts the size at first sight as the first number named', () => {
    const world = new ServiceWorld(6);
    world.percent = 20;
    expect(world.run(hpaOf(world), 400)[0]).toEqual([325, 3]); // 10 + 300 is still inside
  });

  it('keeps to its bounds, and brings a service outside back without a metric', () => {
    const world = new ServiceWorld(8);
    world.percent = 100;
    expect(world.run(hpaOf(world, 1, 10), 10)).toEqual([[10, 10]]); // 16, at most 10
    const above = new ServiceWorld(20);
    expect(above.run(hpaOf(above, 1, 10), 10)).toEqual([[10, 10]]);
    const below = new ServiceWorld(1);
    expect(below.run(hpaOf(below, 3, 10), 10)).toEqual([[10, 3]]);
  });

  it('leaves a service at 0 replicas, and one without a ready pod, alone', () => {
    const off = new ServiceWorld(0);
    expect(off.run(hpaOf(off), 100)).toEqual([]);
    const starting = new ServiceWorld(1);
    starting.setDesired(0, 0);
    starting.startsAtOnce = false;
    starting.setDesired(3, 0);
    starting.percent = 500;
    expect(starting.run(hpaOf(starting), 100)).toEqual([]);
  });

  it('does not scale up twice for one load while the new pods start', () => {
    const world = new ServiceWorld(4);
    world.startsAtOnce = false;
    const hpa = hpaOf(world);
    world.percent = 100;
    // 8 wanted; then 4 at 100 % and 4 counted idle are 50 %: enough.
    expect(world.run(hpa, 60)).toEqual([[10, 8]]);
    world.settle(61 * S);
    world.percent = 50;
    expect(world.run(hpa, 120)).toEqual([]);
  });

  it('goes on alike from a saved state', () => {
    const straight = new ServiceWorld(6);
    const stopped = new ServiceWorld(6);
    for (const world of [straight, stopped]) world.percent = 20;
    const first = hpaOf(stopped);
    const before = stopped.run(first, 203);
    const second = hpaOf(stopped);
    second.restore(first.save());
    expect([...before, ...stopped.run(second, 900)]).toEqual(straight.run(hpaOf(straight), 900));
  });
});
