import { describe, expect, it } from 'vitest';
import { AutoScalingGroups } from '../../../src/autoscaling/asg/auto-scaling-group.ts';
import { GIB, NEVER, TICKS_PER_CORE, US_PER_SECOND } from '../../../src/base/units.ts';
import { HOST_STATE } from '../../../src/cluster/hosts.ts';
import { MARKET, World } from '../../support/world.ts';
import { terminationReasons } from '../../../src/base/reason-code.ts';

function worldWithGroup(size: { minimum?: number; maximum?: number; desired?: number }) {
  const world = new World('ecs');
  const pool = world.addPool('base', ['m5.large'], size);
  return { world, pool };
}

function groupsOf(world: World, pool: number, zones = [0, 1, 2], protectBusyHosts = false) {
  const group = { pool, zones, protectBusyHosts };
  return new AutoScalingGroups(world.cluster, [group], MARKET.parameters);
}

function zonesOf(world: World, pool: number): number[] {
  return world.hostsOf(pool).map((host) => world.cluster.hosts.zone[host]!);
}

describe('an Auto Scaling group (aws.md 2.4)', () => {
  it('launches what is missing, each host into the zone with fewest, ties to the lowest zone', () => {
    const { world, pool } = worldWithGroup({ desired: 5 });
    const groups = groupsOf(world, pool);
    world.addHost(pool, 1);
    const actions = world.wake(groups);
    // zones a b c hold 0 1 0 -> a, c, then 1 1 1 -> a, b
    expect(actions.map((action) => action.kind === 'launch' && action.zone)).toEqual([0, 2, 0, 1]);
    expect(actions[0]).toMatchObject({ instanceType: 'm5.large', spot: false });
  });

  it('counts launching hosts, so that a second wake orders nothing', () => {
    const { world, pool } = worldWithGroup({ desired: 3 });
    const groups = groupsOf(world, pool);
    expect(world.wake(groups)).toHaveLength(3);
    expect(world.wake(groups)).toEqual([]);
    expect(groups.wakeAtUs).toBe(NEVER);
  });

  it('keeps to its zones', () => {
    const { world, pool } = worldWithGroup({ desired: 3 });
    world.wake(groupsOf(world, pool, [1, 2]));
    expect(zonesOf(world, pool)).toEqual([1, 2, 1]);
  });

  it('replaces a host that went away', () => {
    const { world, pool } = worldWithGroup({ desired: 2 });
    const groups = groupsOf(world, pool);
    world.wake(groups);
    world.finishLaunches();
    world.setHostState(world.hostsOf(pool)[0]!, HOST_STATE.terminating);
    expect(world.wake(groups)).toMatchObject([{ kind: 'launch', zone: 0 }]);
  });

  it('keeps between minimum and maximum, whatever is desired', () => {
    const { world, pool } = worldWithGroup({ minimum: 1, maximum: 3, desired: 9 });
    const groups = groupsOf(world, pool);
    expect(world.wake(groups)).toHaveLength(3);
    world.ledger.setPoolDesired(pool, 0, 0);
    expect(world.wake(groups)).toHaveLength(2);
    expect(world.hostsOf(pool)).toHaveLength(1);
  });

  it('avoids a zone after a failed launch and tries the others at once', () => {
    const { world, pool } = worldWithGroup({ desired: 1 });
    const groups = groupsOf(world, pool);
    world.wake(groups);
    world.cluster.hosts.terminationReason[0] = terminationReasons.codeOf('launch-failed');
    world.setHostState(0, HOST_STATE.terminating);
    expect(world.wake(groups)).toMatchObject([{ kind: 'launch', zone: 1 }]);
  });

  it('waits for the retry when launches failed in every zone', () => {
    const { world, pool } = worldWithGroup({ desired: 1 });
    const groups = groupsOf(world, pool, [0]);
    world.wake(groups);
    world.cluster.hosts.terminationReason[0] = terminationReasons.codeOf('launch-failed');
    world.setHostState(0, HOST_STATE.terminating);
    expect(world.wake(groups)).toEqual([]);
    expect(groups.wakeAtUs).toBe(60 * US_PER_SECOND);
    expect(world.wake(groups, groups.wakeAtUs)).toMatchObject([{ kind: 'launch', zone: 0 }]);
  });
});

describe('the default termination policy (aws.md 2.5)', () => {
  it('takes from the zone with most hosts, there the oldest', () => {
    const { world, pool } = worldWithGroup({ desired: 3 });
    for (const zone of [0, 1, 1, 2, 1]) world.addHost(pool, zone);
    // hosts 1, 2 and 4 in zone b: 1 goes, then 2; 1 1 1 is left
    expect(world.wake(groupsOf(world, pool))).toEqual([
      { kind: 'terminate', host: 1, reason: 'scale-in' },
      { kind: 'terminate', host: 2, reason: 'scale-in' },
    ]);
  });

  it('takes busy hosts unless they are protected', () => {
    const { world, pool } = worldWithGroup({ desired: 0 });
    const workload = world.addWorkload('api', 'service', TICKS_PER_CORE, GIB);
    world.addRunning(workload, world.addHost(pool));
    expect(world.wake(groupsOf(world, pool))).toMatchObject([{ kind: 'terminate', host: 0 }]);
  });

  it('with managed termination protection takes only hosts without tasks (aws.md 3.12)', () => {
    const { world, pool } = worldWithGroup({ desired: 1 });
    const workload = world.addWorkload('api', 'service', TICKS_PER_CORE, GIB);
    const daemon = world.addWorkload('agent', 'daemon', 1, 1);
    const [busy, other, idle] = [0, 0, 1].map((zone) => world.addHost(pool, zone));
    const task = world.addRunning(workload, busy!)[0]!;
    world.addRunning(workload, other!);
    world.addRunning(daemon, idle!);
    const groups = groupsOf(world, pool, [0, 1, 2], true);
    // Zone a has most hosts, but none that may go.
    expect(world.wake(groups)).toEqual([{ kind: 'terminate', host: idle, reason: 'scale-in' }]);
    expect(world.wake(groups)).toEqual([]);
    world.endTask(task);
    expect(world.wake(groups, groups.wakeAtUs)).toMatchObject([{ kind: 'terminate', host: busy }]);
  });
});

it('an Auto Scaling group decides the same after save and restore', () => {
  const { world, pool } = worldWithGroup({ desired: 4 });
  const groups = groupsOf(world, pool, [0, 1]);
  world.wake(groups);
  world.cluster.hosts.terminationReason[0] = terminationReasons.codeOf('launch-failed');
  world.setHostState(0, HOST_STATE.terminating);
  world.wake(groups);
  const copy = groupsOf(world, pool, [0, 1]);
  copy.restore(structuredClone(groups.save()));
  expect(copy.wakeAtUs).toBe(groups.wakeAtUs);
  world.ledger.setPoolDesired(pool, 6, 0);
  const before = world.cluster.hosts.count;
  const decided = world.wake(groups);
  expect(decided).toMatchObject([{ zone: 1 }, { zone: 1 }]);
  for (let host = before; host < world.cluster.hosts.count; host++) {
    world.setHostState(host, HOST_STATE.terminating);
  }
  expect(world.wake(copy)).toEqual(decided);
});
