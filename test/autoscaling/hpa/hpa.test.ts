import { describe, expect, it } from 'vitest';
import { HorizontalPodAutoscaler, REQUESTS_METRIC } from '../../../src/autoscaling/hpa/hpa.ts';
import { ServiceWorld } from '../../support/service-world.ts';
import type { HpaTarget } from '../../../src/autoscaling/hpa/hpa.ts';
import type { MetricSpec } from '../../../src/cluster/controller-specs.ts';

const S = 1_000_000;
const CPU: MetricSpec = {
  kind: 'resource',
  resource: 'cpu',
  target: { kind: 'utilization', percent: 50 },
};

/** Scrapes at second 5 of each quarter minute, syncs at second 10. */
function hpaOf(world: ServiceWorld, changes: Partial<HpaTarget> = {}): HorizontalPodAutoscaler {
  const { workload } = world;
  const target = { workload, minReplicas: 1, maxReplicas: 100, metrics: [CPU], ...changes };
  const phases = { syncUs: 10 * S, scrapeUs: 5 * S };
  return new HorizontalPodAutoscaler(world.cluster, world, [target], phases);
}

describe('the HorizontalPodAutoscaler (kubernetes.md 4.1)', () => {
  it('scales up on the first reading above tolerance, at its next sync', () => {
    const world = new ServiceWorld(4);
    const hpa = hpaOf(world);
    world.percent = 50;
    expect(world.run(hpa, 35)).toEqual([]); // scraped at 35
    world.percent = 80;
    // Synced at 40 on the reading of 35; scraped at 50, synced at 55: ceil(80 / 50 x 4 = 6.4)
    expect(world.run(hpa, 55)).toEqual([[55, 7]]);
  });

  it('has no reading of a container that runs for less than 10 s', () => {
    const world = new ServiceWorld(4);
    world.percent = 500;
    // Scraped at 5: nothing. Scraped at 20 over 15 s: as long as they are ready.
    expect(world.run(hpaOf(world), 25)).toEqual([[25, 8]]);
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
    const bounds = { minReplicas: 1, maxReplicas: 10 };
    const world = new ServiceWorld(8);
    world.percent = 100;
    expect(world.run(hpaOf(world, bounds), 25)).toEqual([[25, 10]]); // 16, at most 10
    const above = new ServiceWorld(20);
    expect(above.run(hpaOf(above, bounds), 10)).toEqual([[10, 10]]);
    const below = new ServiceWorld(1);
    expect(below.run(hpaOf(below, { minReplicas: 3 }), 10)).toEqual([[10, 3]]);
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
    const hpa = hpaOf(world);
    world.percent = 50;
    world.run(hpa, 20);
    world.startsAtOnce = false;
    world.percent = 100;
    // 8 wanted; then 4 at 100 % and 4 counted idle are 50 %: enough.
    expect(world.run(hpa, 80)).toEqual([[40, 8]]);
    world.settle(81 * S);
    world.percent = 50;
    expect(world.run(hpa, 140)).toEqual([]);
  });

  it('follows requests for each replica, as a metric from outside', () => {
    const metric: MetricSpec = {
      kind: 'external',
      metric: { name: REQUESTS_METRIC },
      target: { kind: 'average-value', milliAverage: 100_000 },
    };
    const world = new ServiceWorld(4);
    world.requests = 700;
    expect(world.run(hpaOf(world, { metrics: [metric] }), 10)).toEqual([[10, 7]]);
  });

  it('follows memory as it does CPU, but for readiness', () => {
    const metric: MetricSpec = {
      kind: 'resource',
      resource: 'memory',
      target: { kind: 'utilization', percent: 50 },
    };
    const world = new ServiceWorld(4);
    world.memoryPercent = 70; // ceil(70 / 50 x 4 = 5.6)
    expect(world.run(hpaOf(world, { metrics: [metric] }), 25)).toEqual([[25, 6]]);
  });

  it('follows the highest of several metrics, and none that nobody serves', () => {
    const unknown: MetricSpec = {
      kind: 'external',
      metric: { name: 'temperature' },
      target: { kind: 'average-value', milliAverage: 1000 },
    };
    const world = new ServiceWorld(4);
    world.percent = 100;
    expect(world.run(hpaOf(world, { metrics: [unknown, CPU] }), 25)).toEqual([[25, 8]]);
    const quiet = new ServiceWorld(4);
    quiet.percent = 10;
    expect(quiet.run(hpaOf(quiet, { metrics: [unknown, CPU] }), 900)).toEqual([]);
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
