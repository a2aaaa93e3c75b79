import { describe, expect, it } from 'vitest';
import { HOST_STATE } from '../../../src/cluster/hosts.ts';
import { KubernetesWorld } from './kubernetes-world.ts';
import { US_PER_MINUTE, US_PER_SECOND } from '../../../src/base/units.ts';
import {
  isClusterHealthy,
  isGroupHealthy,
  upcomingOf,
} from '../../../src/autoscaling/cluster-autoscaler/cluster-state.ts';
import { terminationReasons } from '../../../src/base/reason-code.ts';

const LATER_US = 3 * US_PER_SECOND;

/** Two groups that take the same pods; ties go to the first. */
function twoGroups() {
  const world = new KubernetesWorld();
  const first = world.addPool('first', ['m5.large']);
  const second = world.addPool('second', ['m5.large']);
  const api = world.service('api', 900);
  world.addRefused(api, 3);
  return { world, first, second, api, autoscaler: world.autoscaler([first, second]) };
}

/** A launch of the pool that the provider refuses. */
function refuseLaunch(world: KubernetesWorld, pool: number): void {
  const host = world.addHost(pool, 0, HOST_STATE.launching);
  world.cluster.hosts.runningUs[host] = -1;
  world.cluster.hosts.terminationReason[host] = terminationReasons.codeOf('launch-failed');
  world.setHostState(host, HOST_STATE.terminated);
}

const none = { ready: 0, notStarted: 0, unready: 0, unregistered: 0, longUnregistered: [] };

describe('what groups deliver (kubernetes.md 5.7)', () => {
  it('pitfall 8.15: nodes are upcoming only while a request for them is open (5.7)', () => {
    const { world, first, second, autoscaler } = twoGroups();
    expect(world.wake(autoscaler, LATER_US)).toEqual([
      { kind: 'set-pool-desired', pool: first, desired: 2 },
    ]);
    expect(world.wake(autoscaler, autoscaler.wakeAtUs)).toEqual([]);
    // 15 min later nothing has come: the target goes down again, and the other group is asked in the same loop.
    const actions = world.wake(autoscaler, LATER_US + 15 * US_PER_MINUTE + US_PER_SECOND);
    expect(actions).toEqual([
      { kind: 'set-pool-desired', pool: first, desired: 0 },
      { kind: 'set-pool-desired', pool: second, desired: 2 },
    ]);
  });

  it('a refused launch takes back what has no instance, backs the group off and lets another grow at once', () => {
    const { world, first, second, autoscaler } = twoGroups();
    world.wake(autoscaler, LATER_US);
    world.addHost(first, 0, HOST_STATE.launching);
    refuseLaunch(world, first);
    // One of two instances is on its way and takes two pods once it is there; nothing counts on it while backed off.
    expect(world.wake(autoscaler, autoscaler.wakeAtUs)).toEqual([
      { kind: 'set-pool-desired', pool: first, desired: 1 },
      { kind: 'set-pool-desired', pool: second, desired: 2 },
    ]);
  });

  it('hears after a restore of a launch that was refused before it and not read yet', () => {
    const { world, first, second, autoscaler } = twoGroups();
    world.wake(autoscaler, LATER_US);
    refuseLaunch(world, first);
    const restored = world.autoscaler([first, second]);
    restored.restore(autoscaler.save());
    const atUs = restored.wakeAtUs;
    const [decision] = world.wake(restored, atUs);
    expect(decision).toEqual({ kind: 'set-pool-desired', pool: first, desired: 0 });
  });

  it('a back-off ends after 5 min', () => {
    const { world, first, second, api, autoscaler } = twoGroups();
    world.wake(autoscaler, LATER_US);
    refuseLaunch(world, first);
    world.wake(autoscaler, autoscaler.wakeAtUs);
    world.cluster.pools.maximum[second] = 2;
    world.addRefused(api, 6);
    expect(world.wake(autoscaler, 5 * US_PER_MINUTE)).toEqual([]);
    const [growth] = world.wake(autoscaler, 6 * US_PER_MINUTE);
    expect(growth).toMatchObject({ kind: 'set-pool-desired', pool: first });
  });

  it('terminates instances that have not joined after 15 min, down to the minimum', () => {
    const world = new KubernetesWorld();
    const pool = world.addPool('base', ['m5.large'], { minimum: 1, desired: 3 });
    for (let i = 0; i < 3; i++) world.addHost(pool, 0, HOST_STATE.running);
    const autoscaler = world.autoscaler([pool]);
    expect(world.wake(autoscaler, 15 * US_PER_MINUTE)).toEqual([]);
    expect(world.wake(autoscaler, 15 * US_PER_MINUTE + 10 * US_PER_SECOND)).toEqual([
      { kind: 'terminate', host: 0, reason: 'launch-failed' },
      { kind: 'terminate', host: 1, reason: 'launch-failed' },
      { kind: 'set-pool-desired', pool, desired: 1 },
    ]);
  });

  it('upcoming are the target less what is ready, unready or long unregistered', () => {
    const readiness = { ...none, ready: 2, notStarted: 1, unready: 1, longUnregistered: [7] };
    expect(upcomingOf(8, readiness)).toBe(4);
  });

  it('a group is unhealthy when more than 3 and more than 45 % of its nodes are missing', () => {
    const nodes = (ready: number, unready: number) => ({ ...none, ready, unready });
    expect(isGroupHealthy(8, 0, nodes(5, 3))).toBe(true); // 3 missing
    expect(isGroupHealthy(8, 0, nodes(4, 4))).toBe(false); // 4 of 8 = 50 %
    expect(isGroupHealthy(10, 0, nodes(6, 4))).toBe(true); // 40 %
    expect(isGroupHealthy(8, 4, nodes(4, 0))).toBe(true); // the open request explains them
    expect(isGroupHealthy(4, 4, none)).toBe(true);
    expect(isGroupHealthy(4, 0, none)).toBe(false);
  });

  it('a cluster is unhealthy when more than 3 and more than 45 % of its nodes are unready', () => {
    expect(isClusterHealthy(3, 4)).toBe(true);
    expect(isClusterHealthy(5, 10)).toBe(false);
    expect(isClusterHealthy(4, 10)).toBe(true);
  });
});
