import { describe, expect, it } from 'vitest';
import {
  GIB,
  NEVER,
  TICKS_PER_CORE,
  US_PER_MINUTE,
  US_PER_SECOND,
} from '../../../src/base/units.ts';
import {
  ManagedScaling,
  reservationPercent,
} from '../../../src/autoscaling/capacity-provider/managed-scaling.ts';
import { MARKET, World } from '../../support/world.ts';
import type { Action } from '../../../src/orchestration/actions.ts';
import type { ManagedPool } from '../../../src/autoscaling/capacity-provider/managed-scaling.ts';
import type { ProvisioningRule } from '../../../src/autoscaling/capacity-provider/provisioning.ts';

/** A group of m5.large (2 vCPU) and a service whose tasks fill one instance each. */
function wholeInstanceWorld(desired: number, maximum = 100) {
  const world = new World('ecs');
  const pool = world.addPool('base', ['m5.large'], { desired, maximum });
  const whole = world.addWorkload('whole', 'service', 2 * TICKS_PER_CORE, GIB);
  return { world, pool, whole };
}

const NO_TIMEOUT: ProvisioningRule = { limit: 500, timeoutUs: NEVER };

function scalingOf(
  world: World,
  pool: number,
  parts: Partial<ManagedPool> = {},
  rule = NO_TIMEOUT,
): ManagedScaling {
  const managed: ManagedPool = {
    pool,
    zone: 0,
    targetCapacity: 100,
    minimumScalingStepSize: 1,
    maximumScalingStepSize: 10_000,
    warmupUs: 300 * US_PER_SECOND,
    ...parts,
  };
  return new ManagedScaling(world.cluster, [managed], rule, 0, MARKET);
}

/** Wakes until `untilUs`; the decisions with the minute in which they fell. */
function runTo(world: World, scaling: ManagedScaling, untilUs: number): [number, Action][] {
  const decided: [number, Action][] = [];
  while (scaling.wakeAtUs <= untilUs) {
    const atUs = scaling.wakeAtUs;
    for (const action of world.wake(scaling, atUs)) {
      decided.push([Math.floor(atUs / US_PER_MINUTE), action]);
    }
  }
  return decided;
}

describe('CapacityProviderReservation (aws.md 3.12, 10.2)', () => {
  it.each([
    [5, 4, 125],
    [8, 10, 80],
    [3, 0, 200],
    [0, 0, 100],
    [0, 7, 0],
  ])('M = %i and N = %i give %i', (needed, running, percent) => {
    expect(reservationPercent(needed, running)).toBe(percent);
  });
});

describe('ECS managed scaling, out', () => {
  it('worked value 10.2.3: adds the instance that a waiting task needs, M = 5 and N = 4', () => {
    const { world, pool, whole } = wholeInstanceWorld(4);
    for (let i = 0; i < 4; i++) world.addRunning(whole, world.addHost(pool));
    world.addPending(whole, 1, pool);
    const scaling = scalingOf(world, pool);
    expect(world.wake(scaling, 0)).toEqual([]);
    expect(scaling.background).toBe(false);
    // The alarm sees the data point 45 s later (cloudwatch.metric-delay-s).
    expect(scaling.wakeAtUs).toBe(45 * US_PER_SECOND);
    expect(world.wake(scaling, scaling.wakeAtUs)).toEqual([
      { kind: 'set-pool-desired', pool, desired: 5 },
    ]);
  });

  it('worked value 10.2.3, pitfall 14.13: starts 2 instances from none for M = 3, and answers the rest of the need after the warm-up', () => {
    const { world, pool, whole } = wholeInstanceWorld(0);
    world.addPending(whole, 3, pool);
    const scaling = scalingOf(world, pool);
    expect(runTo(world, scaling, US_PER_MINUTE)).toMatchObject([[0, { desired: 2 }]]);
    world.addHost(pool);
    world.addHost(pool);
    // M = 3, N = 2: CPR 150, but the same need; warm at 45 s + 300 s, so the point of minute 5 counts
    expect(runTo(world, scaling, 10 * US_PER_MINUTE)).toMatchObject([[5, { desired: 3 }]]);
  });

  it('answers a larger need during the warm-up', () => {
    const { world, pool, whole } = wholeInstanceWorld(0);
    world.addPending(whole, 3, pool);
    const scaling = scalingOf(world, pool);
    runTo(world, scaling, US_PER_MINUTE - 1);
    world.addHost(pool);
    world.addHost(pool);
    world.addPending(whole, 1, pool);
    expect(runTo(world, scaling, 2 * US_PER_MINUTE)).toMatchObject([[1, { desired: 4 }]]);
  });

  it('takes the largest group of equal tasks, not the sum, and leaves out what fits no instance', () => {
    const { world, pool, whole } = wholeInstanceWorld(1);
    const half = world.addWorkload('half', 'service', TICKS_PER_CORE, GIB);
    const giant = world.addWorkload('giant', 'service', 4 * TICKS_PER_CORE, GIB);
    world.addHost(pool);
    world.addPending(whole, 3, pool);
    // 8 tasks of 1 vCPU at 2 an instance: 4 instances, more than 3
    world.addPending(half, 8, pool);
    world.addPending(giant, 50, pool);
    expect(runTo(world, scalingOf(world, pool), US_PER_MINUTE - 1)).toMatchObject([
      [0, { desired: 4 }],
    ]);
  });

  it('of several types asks the largest how many instances are needed, and the smallest whether a task fits', () => {
    const world = new World('ecs');
    // 2 vCPU and 16 vCPU
    const pool = world.addPool('base', ['m5.large', 'm5.4xlarge'], { desired: 1 });
    const one = world.addWorkload('one', 'service', TICKS_PER_CORE, GIB);
    const four = world.addWorkload('four', 'service', 4 * TICKS_PER_CORE, GIB);
    world.addHost(pool);
    world.addPending(one, 64, pool);
    world.addPending(four, 400, pool);
    // ceil(64 / 16) = 4; tasks of 4 vCPU fit no m5.large and are left out
    const decided = runTo(world, scalingOf(world, pool), US_PER_MINUTE - 1);
    expect(decided).toMatchObject([[0, { desired: 4 }]]);
  });

  it('neither grows nor shrinks while no task that waits fits the smallest type', () => {
    const { world, pool } = wholeInstanceWorld(4);
    const giant = world.addWorkload('giant', 'service', 4 * TICKS_PER_CORE, GIB);
    for (let i = 0; i < 4; i++) world.addHost(pool);
    world.addPending(giant, 1, pool);
    expect(runTo(world, scalingOf(world, pool), 60 * US_PER_MINUTE)).toEqual([]);
  });

  it('keeps a step between its smallest and largest size', () => {
    for (const [low, high, desired] of [
      [1, 5, 5],
      [8, 10, 8],
    ] as const) {
      const { world, pool, whole } = wholeInstanceWorld(1);
      world.addHost(pool);
      world.addPending(whole, high === 5 ? 20 : 2, pool);
      const sizes = { minimumScalingStepSize: low, maximumScalingStepSize: high };
      const decided = runTo(world, scalingOf(world, pool, sizes), US_PER_MINUTE - 1);
      expect(decided).toMatchObject([[0, { desired }]]);
    }
  });

  it('stops at the maximum, and then nobody waits for the loop', () => {
    const { world, pool, whole } = wholeInstanceWorld(1, 3);
    world.addHost(pool);
    world.addPending(whole, 9, pool);
    const scaling = scalingOf(world, pool);
    expect(runTo(world, scaling, 3 * US_PER_MINUTE)).toMatchObject([[0, { desired: 3 }]]);
    expect(scaling.background).toBe(true);
  });

  it('pitfall 14.13: answers 500 tasks of a cluster; the others are refused until some of these have left', () => {
    const { world, pool, whole } = wholeInstanceWorld(1, 1_000);
    world.addHost(pool);
    const tasks = world.addPending(whole, 620, pool);
    const scaling = scalingOf(world, pool);
    const refused = world.wake(scaling, 0);
    expect(refused).toHaveLength(120);
    expect(refused[0]).toEqual({ kind: 'refuse', task: tasks[500], reason: 'provisioning-full' });
    expect(world.wake(scaling, scaling.wakeAtUs)).toMatchObject([{ desired: 500 }]);
    // 100 leave: the call for 100 of the 120 is granted, and nobody is told of the 20 again.
    for (const task of tasks.slice(0, 100)) world.bind(task, world.addHost(pool));
    const granted = world.wake(scaling, US_PER_MINUTE);
    expect(granted).toHaveLength(100);
    expect(granted[0]).toEqual({ kind: 'refuse', task: tasks[500], reason: 'host-launching' });
  });

  it('stops a task that waited in PROVISIONING for the timeout, which begins when its call is granted', () => {
    const { world, pool, whole } = wholeInstanceWorld(0, 0);
    const [first, second] = world.addPending(whole, 2, pool);
    const rule = { limit: 1, timeoutUs: 5 * US_PER_MINUTE };
    const stops = runTo(world, scalingOf(world, pool, {}, rule), 20 * US_PER_MINUTE).filter(
      ([, { kind }]) => kind === 'stop-task',
    );
    // The first leaves at minute 5. The second is granted at minute 6, when the first is no longer there.
    expect(stops).toEqual([
      [5, { kind: 'stop-task', task: first, reason: 'unplaced' }],
      [5 + 5, { kind: 'stop-task', task: second, reason: 'unplaced' }],
    ]);
  });

  it('counts tasks that were sent to no pool for the first managed pool of the cluster', () => {
    const { world, pool, whole } = wholeInstanceWorld(1);
    world.addHost(pool);
    world.addPending(whole, 2);
    const decided = runTo(world, scalingOf(world, pool), US_PER_MINUTE - 1);
    expect(decided).toMatchObject([[0, { desired: 2 }]]);
  });
});

describe('ECS managed scaling, in', () => {
  it('worked value 10.2.3, pitfall 14.13: with M = 8, N = 10, T = 100 removes 2 after 15 data points', () => {
    const { world, pool, whole } = wholeInstanceWorld(10);
    for (let i = 0; i < 10; i++) {
      const host = world.addHost(pool);
      if (i < 8) world.addRunning(whole, host);
    }
    const scaling = scalingOf(world, pool);
    // The first point falls at minute 0, the 15th at minute 14.
    expect(runTo(world, scaling, 14 * US_PER_MINUTE)).toEqual([]);
    expect(runTo(world, scaling, 15 * US_PER_MINUTE)).toMatchObject([[14, { desired: 8 }]]);
  });

  it('pitfall 14.13: removes at most half of the group a step', () => {
    const { world, pool, whole } = wholeInstanceWorld(9);
    for (let i = 0; i < 9; i++) world.addHost(pool);
    world.addRunning(whole, 0);
    const scaling = scalingOf(world, pool);
    // 9 - floor(9 / 2) = 5
    expect(runTo(world, scaling, 15 * US_PER_MINUTE)).toMatchObject([[14, { desired: 5 }]]);
    for (const host of [1, 2, 3, 4]) world.apply({ kind: 'terminate', host, reason: 'scale-in' });
    // 5 - floor(5 / 2) = 3, a minute later
    expect(runTo(world, scaling, 16 * US_PER_MINUTE)).toMatchObject([[15, { desired: 3 }]]);
  });

  it('worked value 10.2.4: with T = 80 and M = 8 rests at N = 10', () => {
    const { world, pool, whole } = wholeInstanceWorld(10);
    for (let i = 0; i < 10; i++) {
      const host = world.addHost(pool);
      if (i < 8) world.addRunning(whole, host);
    }
    const scaling = scalingOf(world, pool, { targetCapacity: 80 });
    expect(runTo(world, scaling, 40 * US_PER_MINUTE)).toEqual([]);
  });

  it('with T = 80 grows from 8 to 10 although no task waits', () => {
    const { world, pool, whole } = wholeInstanceWorld(8);
    for (let i = 0; i < 8; i++) world.addRunning(whole, world.addHost(pool));
    const scaling = scalingOf(world, pool, { targetCapacity: 80 });
    // ceil(8 * 100 / 80) = 10
    expect(runTo(world, scaling, US_PER_MINUTE - 1)).toMatchObject([[0, { desired: 10 }]]);
  });

  it('starts counting anew after a point that is not below the target', () => {
    const { world, pool, whole } = wholeInstanceWorld(2);
    const host = world.addHost(pool);
    world.addHost(pool);
    const scaling = scalingOf(world, pool);
    world.addRunning(whole, host);
    runTo(world, scaling, 10 * US_PER_MINUTE);
    const task = world.addRunning(whole, 1)[0]!;
    runTo(world, scaling, 11 * US_PER_MINUTE);
    world.endTask(task);
    // below again from minute 12 on: the 15th point in a row is that of minute 26
    expect(runTo(world, scaling, 40 * US_PER_MINUTE)[0]).toMatchObject([26, { desired: 1 }]);
  });

  it('keeps the minimum', () => {
    const world = new World('ecs');
    const pool = world.addPool('base', ['m5.large'], { minimum: 3, desired: 4 });
    for (let i = 0; i < 4; i++) world.addHost(pool);
    const decided = runTo(world, scalingOf(world, pool), 60 * US_PER_MINUTE);
    expect(decided).toMatchObject([[14, { desired: 3 }]]);
  });
});

it('managed scaling decides the same after save and restore', () => {
  const { world, pool, whole } = wholeInstanceWorld(10);
  for (let i = 0; i < 10; i++) {
    const host = world.addHost(pool);
    if (i < 8) world.addRunning(whole, host);
  }
  const scaling = scalingOf(world, pool);
  runTo(world, scaling, 9 * US_PER_MINUTE);
  const copy = scalingOf(world, pool);
  copy.restore(structuredClone(scaling.save()));
  const decided = runTo(world, scaling, 15 * US_PER_MINUTE);
  expect(decided).toMatchObject([[14, { desired: 8 }]]);
  world.ledger.setPoolDesired(pool, 10, world.nowUs);
  expect(runTo(world, copy, 15 * US_PER_MINUTE)).toEqual(decided);
});
