import { describe, expect, it } from 'vitest';
import { AutoScalingGroups } from '../../../src/autoscaling/asg/auto-scaling-group.ts';
import { HOST_STATE } from '../../../src/cluster/hosts.ts';
import { KubernetesWorld } from './kubernetes-world.ts';
import { MARKET } from '../../support/world.ts';
import { US_PER_MINUTE, US_PER_SECOND } from '../../../src/base/units.ts';
import { mostPods } from '../../../src/autoscaling/cluster-autoscaler/expanders/most-pods.ts';

const LATER_US = 3 * US_PER_SECOND;

function smallWorld(maximum = 100) {
  const world = new KubernetesWorld();
  const pool = world.addPool('base', ['m5.large'], { maximum });
  return { world, pool, api: world.service('api', 900) };
}

describe('scale-up (kubernetes.md 5.2, 5.4)', () => {
  it('sets the size that refused pods need', () => {
    const { world, pool, api } = smallWorld();
    world.addRefused(api, 5);
    const autoscaler = world.autoscaler([pool]);
    // ceil(5 / 2)
    expect(world.wake(autoscaler, LATER_US)).toEqual([
      { kind: 'set-pool-desired', pool, desired: 3 },
    ]);
    expect(autoscaler.background).toBe(false);
  });

  it('does not see pods that no scheduler has tried, or that are only queued', () => {
    const { world, pool, api } = smallWorld();
    world.addPending(api, 2);
    world.addRefused(api, 2, 'queued');
    world.addRefused(world.service('cheap', 900, { priority: -11 }), 2);
    expect(world.wake(world.autoscaler([pool]), LATER_US)).toEqual([]);
  });

  it('sees pods that most hosts refused for being kept for others', () => {
    const { world, pool, api } = smallWorld();
    world.addRefused(api, 1, 'wrong-pool');
    expect(world.wake(world.autoscaler([pool]), LATER_US)).toHaveLength(1);
  });

  it('pitfall 8.15: waits a loop while all pods are younger than 2 s (5.2 step 14)', () => {
    const { world, pool, api } = smallWorld();
    const autoscaler = world.autoscaler([pool]);
    world.addRefused(api);
    expect(world.wake(autoscaler, US_PER_SECOND)).toEqual([]);
    expect(autoscaler.background).toBe(false);
    expect(autoscaler.wakeAtUs).toBe(11 * US_PER_SECOND);
    expect(world.wake(autoscaler, autoscaler.wakeAtUs)).toHaveLength(1);
  });

  it('pitfall 8.15: a refused pod starts the next loop early, a second after the last at the soonest (5.1)', () => {
    const { world, pool, api } = smallWorld();
    const autoscaler = world.autoscaler([pool]);
    world.addRefused(api);
    world.wake(autoscaler, 3 * US_PER_SECOND);
    world.nowUs = 3.5 * US_PER_SECOND;
    world.addRefused(api);
    expect(world.wake(autoscaler)).toEqual([]);
    expect(autoscaler.wakeAtUs).toBe(4 * US_PER_SECOND);
  });

  it('does not order twice: nodes to come count as ready', () => {
    const { world, pool, api } = smallWorld();
    world.addRefused(api, 5);
    const autoscaler = world.autoscaler([pool]);
    world.wake(autoscaler, LATER_US);
    // Desired, not launched yet.
    expect(world.wake(autoscaler, autoscaler.wakeAtUs)).toEqual([]);
    world.wake(
      new AutoScalingGroups(
        world.cluster,
        [{ pool, zones: [0, 1], protectBusyHosts: false }],
        MARKET.parameters,
      ),
    );
    // Launching.
    expect(world.hostsOf(pool)).toHaveLength(3);
    expect(world.wake(autoscaler, autoscaler.wakeAtUs)).toEqual([]);
    world.addRefused(api, 2);
    // 7 pods of 2 a node: 4 nodes
    expect(world.wake(autoscaler, autoscaler.wakeAtUs + LATER_US)).toMatchObject([{ desired: 4 }]);
  });

  it('stays within the maximum of a group', () => {
    const { world, pool, api } = smallWorld(2);
    world.addRefused(api, 9);
    const autoscaler = world.autoscaler([pool]);
    expect(world.wake(autoscaler, LATER_US)).toMatchObject([{ desired: 2 }]);
    expect(world.wake(autoscaler, autoscaler.wakeAtUs)).toEqual([]);
    expect(autoscaler.background).toBe(true);
  });

  it('grows one group a loop; the others follow at once for what is left', () => {
    const world = new KubernetesWorld();
    const labels = (tier: string) => ({ labels: { tier } });
    const base = world.addPool('base', ['m5.large'], {}, labels('base'));
    const other = world.addPool('other', ['m5.large'], {}, labels('other'));
    world.addRefused(world.service('a', 900, { nodeSelector: { tier: 'base' } }), 1);
    world.addRefused(world.service('b', 900, { nodeSelector: { tier: 'other' } }), 3);
    const autoscaler = world.autoscaler([base, other], { expanders: [mostPods] });
    expect(world.wake(autoscaler, LATER_US)).toMatchObject([{ pool: other, desired: 2 }]);
    expect(autoscaler.wakeAtUs).toBe(LATER_US + US_PER_SECOND);
    expect(world.wake(autoscaler, autoscaler.wakeAtUs)).toMatchObject([{ pool: base, desired: 1 }]);
  });

  it('after 15 min without the nodes lowers the target and leaves the group alone for 5 min (5.7)', () => {
    const world = new KubernetesWorld();
    const first = world.addPool('first', ['m5.large']);
    const second = world.addPool('second', ['m5.large']);
    world.addRefused(world.service('api', 900), 2);
    const autoscaler = world.autoscaler([first, second]);
    const decided: unknown[] = [];
    while (world.nowUs < 16 * US_PER_MINUTE) {
      decided.push(...world.wake(autoscaler, Math.max(LATER_US, autoscaler.wakeAtUs)));
    }
    expect(decided).toEqual([
      { kind: 'set-pool-desired', pool: first, desired: 1 },
      { kind: 'set-pool-desired', pool: first, desired: 0 },
      { kind: 'set-pool-desired', pool: second, desired: 1 },
    ]);
  });
});

it('waits for pods to be older than the delay that is asked for (5.2 step 13)', () => {
  const { world, pool, api } = smallWorld();
  world.addRefused(api, 3);
  const autoscaler = world.autoscaler([pool], { newPodDelayUs: 30 * US_PER_SECOND });
  expect(world.wake(autoscaler, 30 * US_PER_SECOND)).toEqual([]);
  expect(world.wake(autoscaler, 40 * US_PER_SECOND)).toHaveLength(1);
});

it('the autoscaler decides the same after save and restore', () => {
  const { world, pool, api } = smallWorld();
  world.addHost(pool, 0, HOST_STATE.ready);
  world.ledger.setPoolDesired(pool, 1, 0);
  world.addRefused(api, 3);
  const autoscaler = world.autoscaler([pool]);
  world.wake(autoscaler, LATER_US);
  const copy = world.autoscaler([pool]);
  copy.restore(structuredClone(autoscaler.save()));
  expect(copy.save()).toEqual(autoscaler.save());
  world.addRefused(api, 4);
  const desired = world.cluster.pools.desired[pool]!;
  const atUs = autoscaler.wakeAtUs + LATER_US;
  const decided = world.wake(autoscaler, atUs);
  expect(decided).toHaveLength(1);
  world.ledger.setPoolDesired(pool, desired, atUs);
  expect(world.wake(copy, atUs)).toEqual(decided);
  // The copy has read what was decided in its place.
  const unread = (state: unknown): unknown =>
    JSON.parse(JSON.stringify(state, (key, value: unknown) => (/version$/i.test(key) ? 0 : value)));
  expect(unread(copy.save())).toEqual(unread(autoscaler.save()));
});
