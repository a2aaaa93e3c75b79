import { describe, expect, it } from 'vitest';
import { GIB, TICKS_PER_CORE, US_PER_MINUTE, US_PER_SECOND } from '../../../../src/base/units.ts';
import { GroupScaling } from '../../../../src/autoscaling/asg/scaling/group-scaling.ts';
import { MARKET, World } from '../../../support/world.ts';
import { CpuAlarm } from '../../../../src/autoscaling/asg/scaling/cpu-alarm.ts';
import { TASK_STATE } from '../../../../src/cluster/tasks.ts';
import {
  adjusted,
  percentChange,
  stepFor,
} from '../../../../src/autoscaling/asg/scaling/step-adjustment.ts';
import type { ScaledGroup, ScalingPolicy } from '../../../../src/autoscaling/asg/scaling/policy.ts';
import type { UsageProbe } from '../../../../src/telemetry/usage-probe.ts';

describe('a step adjustment (aws.md 2.6)', () => {
  it('aws.md 10.4: percentages are rounded away from nothing and toward zero beyond one', () => {
    // +25 % of 10 = 2.5 -> 2; of 2 = 0.5 -> 1; -25 % of 2 = -0.5 -> -1; of 10 = -2.5 -> -2
    expect([
      percentChange(10, 25),
      percentChange(2, 25),
      percentChange(2, -25),
      percentChange(10, -25),
    ]).toEqual([2, 1, -1, -2]);
    expect(percentChange(10, 25, 4)).toBe(4);
    expect(percentChange(10, 0, 4)).toBe(0);
    expect([adjusted('change', 5, 3), adjusted('percent', 8, 50), adjusted('exact', 5, 3)]).toEqual(
      [8, 12, 3],
    );
  });

  it('belongs to the step whose lower bound it reaches above the threshold, whose upper bound below it', () => {
    const steps = [
      { from: -Infinity, to: -10, by: -2 },
      { from: -10, to: 0, by: -1 },
      { from: 0, to: 10, by: 1 },
      { from: 10, to: Infinity, by: 3 },
    ];
    const by = (value: number) => stepFor(steps, 60, value)?.by;
    expect([60, 69, 70, 59, 50, 49].map(by)).toEqual([1, 1, 3, -1, -2, -2]);
  });
});

describe('a CloudWatch alarm (aws.md 2.6)', () => {
  it('is on after so many points in a row, and missing data begin the row anew', () => {
    const alarm = new CpuAlarm({ comparison: 'above', threshold: 50, datapoints: 3 });
    const on = [60, 60, undefined, 60, 60, 60, 60, 50].map((value) => {
      alarm.see(value);
      return alarm.isOn;
    });
    expect(on).toEqual([false, false, false, false, false, true, true, false]);
  });
});

const DELAY_US = MARKET.parameters.us('cloudwatch.metric-delay-s');

/** A group of 2-core hosts, each with one task that uses `percent` of the machine. */
function scaledWorld(
  hosts: number,
  policies: readonly ScalingPolicy[],
  parts: Partial<ScaledGroup> = {},
) {
  const world = new World('ecs');
  const pool = world.addPool('base', ['m5.large'], { desired: hosts, maximum: 20 });
  const workload = world.addWorkload('web', 'service', TICKS_PER_CORE, GIB);
  const load = { percent: 0 };
  const probe = {
    taskTicks: () => (load.percent / 100) * 2 * TICKS_PER_CORE,
  } as unknown as UsageProbe;
  const addHost = (): number => {
    const host = world.addHost(pool);
    for (const task of world.addRunning(workload, host)) {
      world.cluster.tasks.state[task] = TASK_STATE.running;
    }
    return host;
  };
  for (let i = 0; i < hosts; i++) addHost();
  const group = { pool, policies, schedule: [], warmupUs: 0, periodUs: US_PER_MINUTE, ...parts };
  const scaling = new GroupScaling(world.cluster, probe, [group], MARKET.parameters, 0);
  const sizes = (minutes: number, percent: number): number[] => {
    load.percent = percent;
    const seen: number[] = [];
    const untilUs = world.nowUs + minutes * US_PER_MINUTE;
    while (scaling.wakeAtUs <= untilUs) {
      world.wake(scaling, scaling.wakeAtUs);
      const desired = world.cluster.pools.desired[pool]!;
      if (seen.at(-1) !== desired) seen.push(desired);
    }
    world.nowUs = untilUs;
    return seen;
  };
  return { world, pool, scaling, sizes, addHost };
}

const TARGET: ScalingPolicy = { kind: 'target', targetPercent: 50, disableScaleIn: false };

describe('target tracking of a group (aws.md 2.6)', () => {
  it('scales out in proportion after three points above the target, seen with their delay', () => {
    const { world, scaling, sizes } = scaledWorld(4, [TARGET]);
    // Points at 0, 1 and 2 min; the third is seen at 2 min + 45 s. 4 x 90 / 50 = 7.2 -> 8
    expect(sizes(2, 90)).toEqual([4]);
    expect(scaling.wakeAtUs).toBe(2 * US_PER_MINUTE + DELAY_US);
    world.nowUs = 2 * US_PER_MINUTE;
    expect(sizes(1, 90)).toEqual([8]);
  });

  it('scales in after fifteen points below 90 % of the target, and not between', () => {
    const { sizes } = scaledWorld(4, [TARGET]);
    expect(sizes(30, 46)).toEqual([4]);
    // 4 x 20 / 50 = 1.6 -> 2
    expect(sizes(13, 20)).toEqual([4]);
    expect(sizes(3, 20)).toEqual([4, 2]);
  });

  it('does nothing without data', () => {
    const { sizes } = scaledWorld(3, [TARGET], { warmupUs: 60 * US_PER_MINUTE });
    expect(sizes(20, 90)).toEqual([3]);
  });

  it('leaves hosts that warm up out of the metric, and does not scale in while one does', () => {
    const { world, pool, sizes, addHost } = scaledWorld(2, [TARGET], {
      warmupUs: 30 * US_PER_MINUTE,
    });
    world.nowUs = 40 * US_PER_MINUTE;
    world.ledger.setPoolDesired(pool, 3, world.nowUs);
    addHost();
    // The points before 30 min were missing. From then on two hosts are idle, the third is warm at 70 min.
    expect(sizes(25, 1)).toEqual([3]);
    expect(sizes(20, 1).at(-1)).toBe(1);
  });
});

describe('several policies (aws.md 2.6)', () => {
  const out = (threshold: number, by: number): ScalingPolicy => ({
    kind: 'step',
    alarm: { comparison: 'above', threshold, datapoints: 1 },
    adjustment: 'change',
    steps: [{ from: 0, to: Infinity, by }],
    least: 0,
  });
  const low: ScalingPolicy = {
    kind: 'step',
    alarm: { comparison: 'below', threshold: 30, datapoints: 1 },
    adjustment: 'change',
    steps: [{ from: -Infinity, to: 0, by: -1 }],
    least: 0,
  };

  it('take the largest size that any asks for', () => {
    expect(scaledWorld(4, [out(60, 1), out(60, 3)]).sizes(0.9, 80)).toEqual([4, 7]);
  });

  it('scale in only when all that can do so agree', () => {
    // Target tracking has seen too few points yet to agree.
    expect(scaledWorld(4, [low, TARGET]).sizes(5, 10)).toEqual([4]);
    expect(scaledWorld(4, [low, out(60, 1)]).sizes(0.9, 10)).toEqual([4, 3]);
  });

  it('a step policy adds only what it has not ordered yet while hosts warm up', () => {
    const { sizes } = scaledWorld(4, [out(60, 2)]);
    // 6 are desired, 4 are measured: the step is still 4 + 2.
    expect(sizes(5, 80)).toEqual([4, 6]);
  });
});

describe('simple scaling', () => {
  it('pitfall 14.10: alone rests for its cooldown after each adjustment', () => {
    const simple: ScalingPolicy = {
      kind: 'simple',
      alarm: { comparison: 'above', threshold: 60, datapoints: 1 },
      adjustment: 'change',
      by: 1,
      cooldownUs: 300 * US_PER_SECOND,
    };
    const { sizes } = scaledWorld(4, [simple]);
    // Seen at 45 s, 5 min 45 s, 10 min 45 s.
    expect(sizes(5.5, 80)).toEqual([4, 5]);
    expect(sizes(1, 80)).toEqual([6]);
    expect(sizes(4.4, 80)).toEqual([6, 7]);
  });
});

it('scheduled actions set bounds and size at their time, once', () => {
  const { world, pool, sizes } = scaledWorld(2, [], {
    schedule: [
      { atUs: 10 * US_PER_MINUTE, minimum: 5, maximum: 8 },
      { atUs: 20 * US_PER_MINUTE, desired: 7 },
    ],
  });
  expect(sizes(10, 0)).toEqual([5]);
  const { pools } = world.cluster;
  expect([pools.minimum[pool], pools.maximum[pool]]).toEqual([5, 8]);
  expect(sizes(10, 0)).toEqual([7]);
  expect(sizes(60, 0)).toEqual([]);
});

it('group scaling goes on after save and restore as it would have', () => {
  const first = scaledWorld(4, [TARGET]);
  first.sizes(2, 90);
  first.scaling.restore(structuredClone(first.scaling.save()));
  expect(first.sizes(1, 90).at(-1)).toBe(8);
});
