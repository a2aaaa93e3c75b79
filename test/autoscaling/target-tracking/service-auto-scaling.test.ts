import { describe, expect, it } from 'vitest';
import { AssumedParameters } from '../../../src/cloud/assumptions.ts';
import {
  SERVICE_COOLDOWN_US,
  ServiceAutoScaling,
} from '../../../src/autoscaling/target-tracking/service-auto-scaling.ts';
import { NEVER, US_PER_MINUTE } from '../../../src/base/units.ts';
import { ServiceWorld } from '../../support/service-world.ts';
import type {
  BoundsChange,
  ServiceMeasure,
  ServicePolicy,
  StepPolicy,
} from '../../../src/autoscaling/target-tracking/service-policy.ts';

function trackingPolicy(
  measure: ServiceMeasure,
  target: number,
  disableScaleIn = false,
): ServicePolicy {
  return {
    kind: 'target',
    measure,
    target,
    disableScaleIn,
    scaleOutCooldownUs: SERVICE_COOLDOWN_US,
    scaleInCooldownUs: SERVICE_COOLDOWN_US,
  };
}

function stepping(parts: Partial<StepPolicy>): ServicePolicy {
  return {
    kind: 'step',
    measure: 'cpu',
    comparison: 'above',
    threshold: 60,
    alarm: { datapointsToAlarm: 1, evaluationPeriods: 1 },
    adjustment: 'change',
    steps: [{ from: 0, to: Infinity, by: 1 }],
    least: 0,
    cooldownUs: SERVICE_COOLDOWN_US,
    ...parts,
  };
}

/** Datapoints at second 0 of each minute, seen at second 45. */
function scalingOf(
  world: ServiceWorld,
  policies: readonly ServicePolicy[],
  {
    minimum = 1,
    maximum = 100,
    isRollingOut = (): boolean => false,
    schedule = [] as BoundsChange[],
  } = {},
): ServiceAutoScaling {
  const service = { workload: world.workload, minimum, maximum, policies, schedule };
  const parameters = new AssumedParameters();
  return new ServiceAutoScaling(world.cluster, world, [service], { isRollingOut }, parameters, 0);
}

/** Target 60 % of CPU. */
function trackingOf(world: ServiceWorld, minimum = 1, maximum = 100): ServiceAutoScaling {
  return scalingOf(world, [trackingPolicy('cpu', 60)], { minimum, maximum });
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

describe('other measures of a service', () => {
  it('memory: ceil(4 x 90 / 60) = 6', () => {
    const world = new ServiceWorld(4);
    world.memoryPercent = 90;
    expect(world.run(scalingOf(world, [trackingPolicy('memory', 60)]), minute(2))).toEqual([
      [minute(2), 6],
    ]);
  });

  it('requests for each task: 450/s at 50/s a task are 9 tasks', () => {
    const world = new ServiceWorld(4);
    world.requests = 450;
    expect(world.run(scalingOf(world, [trackingPolicy('requests', 50)]), minute(2))).toEqual([
      [minute(2), 9],
    ]);
  });

  it('messages start the first task of a service of none at the second datapoint that finds them', () => {
    const world = new ServiceWorld(0);
    const scaling = scalingOf(world, [trackingPolicy('messages', 10)], { minimum: 0 });
    expect(world.run(scaling, minute(3))).toEqual([]);
    world.messages = 35;
    // found at 4; at 5 one task; 35 messages for one task are above 10 at 6, 7, 8: ceil(35 / 10) = 4
    expect(world.run(scaling, minute(8))).toEqual([
      [minute(5), 1],
      [minute(8), 4],
    ]);
  });
});

describe('step scaling of a service', () => {
  const steps = [
    { from: 0, to: 20, by: 1 },
    { from: 20, to: Infinity, by: 3 },
  ];

  it('takes the step of the metric at the first datapoint, then only a larger need for 300 s', () => {
    const world = new ServiceWorld(4);
    const scaling = scalingOf(world, [stepping({ steps })]);
    world.percent = 70;
    // 10 above 60: 4 + 1
    expect(world.run(scaling, minute(0))).toEqual([[minute(0), 5]]);
    // 1 was added: nothing; 85 is 25 above: 3, of which 1 is there
    expect(world.run(scaling, minute(2))).toEqual([]);
    world.percent = 85;
    expect(world.run(scaling, minute(3))).toEqual([[minute(3), 7]]);
  });

  it('rounds a percentage as groups do: 25 % of 10 add 2, of 2 one (aws.md 10.4)', () => {
    for (const [before, after] of [
      [10, 12],
      [2, 3],
    ] as const) {
      const world = new ServiceWorld(before);
      world.percent = 90;
      const policy = stepping({
        adjustment: 'percent',
        steps: [{ from: 0, to: Infinity, by: 25 }],
      });
      expect(world.run(scalingOf(world, [policy]), minute(0))).toEqual([[minute(0), after]]);
    }
  });

  it('waits for so many of so many datapoints', () => {
    const world = new ServiceWorld(4);
    const policy = stepping({ alarm: { datapointsToAlarm: 2, evaluationPeriods: 3 } });
    const scaling = scalingOf(world, [policy]);
    const decided: unknown[] = [];
    for (const [i, percent] of [90, 10, 90].entries()) {
      world.percent = percent;
      decided.push(...world.run(scaling, minute(i)));
    }
    expect(decided).toEqual([[minute(2), 5]]);
  });
});

describe('several policies of a service', () => {
  it('any scales out, and the largest count wins', () => {
    const world = new ServiceWorld(4);
    world.percent = 90;
    world.requests = 450;
    const policies = [trackingPolicy('cpu', 60), trackingPolicy('requests', 50)];
    // 6 by CPU, 9 by requests
    expect(world.run(scalingOf(world, policies), minute(2))).toEqual([[minute(2), 9]]);
  });

  it('all must agree to scale in, and the largest count wins', () => {
    const world = new ServiceWorld(10);
    world.percent = 30;
    world.requests = 500;
    const policies = [trackingPolicy('cpu', 60), trackingPolicy('requests', 50)];
    const scaling = scalingOf(world, policies);
    expect(world.run(scaling, minute(20))).toEqual([]);
    world.requests = 400;
    // 15 datapoints below 45/s a task from 21 on; 5 by CPU, 8 by requests
    expect(world.run(scaling, minute(35))).toEqual([[minute(35), 8]]);
  });

  it('one that never scales in holds nobody back', () => {
    const world = new ServiceWorld(10);
    world.percent = 30;
    world.requests = 500;
    const policies = [trackingPolicy('cpu', 60), trackingPolicy('requests', 50, true)];
    expect(world.run(scalingOf(world, policies), minute(14))).toEqual([[minute(14), 5]]);
  });
});

describe('a service that is sized', () => {
  it('is not scaled in while a deployment is under way, but is scaled out', () => {
    const world = new ServiceWorld(10);
    let isRolling = true;
    const scaling = scalingOf(world, [trackingPolicy('cpu', 60)], {
      isRollingOut: () => isRolling,
    });
    world.percent = 30;
    expect(world.run(scaling, minute(20))).toEqual([]);
    isRolling = false;
    expect(world.run(scaling, minute(21))).toEqual([[minute(21), 5]]);
    isRolling = true;
    world.percent = 120;
    expect(world.run(scaling, minute(24))).toEqual([[minute(24), 10]]);
  });

  it('follows scheduled bounds at their time, and again each day', () => {
    const world = new ServiceWorld(2);
    world.percent = 55;
    const schedule = [
      { atUs: 10 * US_PER_MINUTE, everyUs: 60 * US_PER_MINUTE, minimum: 8 },
      { atUs: 20 * US_PER_MINUTE, everyUs: 60 * US_PER_MINUTE, minimum: 1, maximum: 3 },
      { atUs: 30 * US_PER_MINUTE, everyUs: NEVER, maximum: 100 },
    ];
    const scaling = scalingOf(world, [trackingPolicy('cpu', 60)], { schedule });
    expect(world.run(scaling, 90 * 60)).toEqual([
      [10 * 60, 8],
      [20 * 60, 3],
      [70 * 60, 8],
      [80 * 60, 3],
    ]);
  });
});
