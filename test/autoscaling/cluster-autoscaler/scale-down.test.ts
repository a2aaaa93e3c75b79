import { describe, expect, it } from 'vitest';
import { KubernetesWorld } from './kubernetes-world.ts';
import { US_PER_MINUTE, US_PER_SECOND } from '../../../src/base/units.ts';
import type { Action } from '../../../src/orchestration/actions.ts';
import type { ClusterAutoscaler } from '../../../src/autoscaling/cluster-autoscaler/cluster-autoscaler.ts';

function worldWithNodes(count: number, minimum = 0) {
  const world = new KubernetesWorld();
  const pool = world.addPool('base', ['m5.large'], { minimum, desired: count });
  for (let i = 0; i < count; i++) world.addHost(pool);
  return { world, pool, api: world.service('api', 500), autoscaler: world.autoscaler([pool]) };
}

/** Wakes until `untilUs`; the decisions but for soft taints, with the second in which they fell. */
function runTo(world: KubernetesWorld, autoscaler: ClusterAutoscaler, untilUs: number) {
  const decided: [number, Action][] = [];
  while (autoscaler.wakeAtUs <= untilUs) {
    const atUs = autoscaler.wakeAtUs;
    for (const action of world.wake(autoscaler, atUs)) {
      if (action.kind !== 'change-taints') decided.push([atUs / US_PER_SECOND, action]);
    }
  }
  return decided;
}

/** Hosts of which pods were evicted. */
function stopped(world: KubernetesWorld, decided: readonly [number, Action][]): number[] {
  const { host } = world.cluster.tasks;
  return decided.flatMap(([, action]) => (action.kind === 'stop-task' ? [host[action.task]!] : []));
}

function terminated(decided: readonly [number, Action][]): number[] {
  return decided.flatMap(([, action]) => (action.kind === 'terminate' ? [action.host] : []));
}

describe('scale-down (kubernetes.md 5.6)', () => {
  it('pitfall 8.15: ends an empty node that was unneeded for more than 10 min, strictly, and lowers the target with it', () => {
    const { world, pool, autoscaler } = worldWithNodes(1);
    // Unneeded since 0 s; strictly more than 600 s have passed at 610 s. 5 s between taint and deletion.
    expect(runTo(world, autoscaler, 614 * US_PER_SECOND)).toEqual([]);
    expect(runTo(world, autoscaler, 615 * US_PER_SECOND)).toEqual([
      [615, { kind: 'terminate', host: 0, reason: 'unneeded' }],
      [615, { kind: 'set-pool-desired', pool, desired: 0 }],
    ]);
  });

  it('pitfall 8.15: ends up to 10 empty nodes at once (5.6 Budget)', () => {
    const { world, pool, autoscaler } = worldWithNodes(13);
    const decided = runTo(world, autoscaler, 615 * US_PER_SECOND);
    expect(terminated(decided)).toHaveLength(10);
    expect(decided.at(-1)![1]).toEqual({ kind: 'set-pool-desired', pool, desired: 3 });
  });

  it('ends none where nodes are never removed, and marks none (--scale-down-enabled=false)', () => {
    const { world, pool } = worldWithNodes(2);
    const autoscaler = world.autoscaler([pool], { removesNodes: false });
    const actions: Action[] = [];
    while (autoscaler.wakeAtUs <= 30 * US_PER_MINUTE) {
      actions.push(...world.wake(autoscaler, autoscaler.wakeAtUs));
    }
    expect(actions).toEqual([]);
  });

  it('keeps a node of a service of too few replicas (--min-replica-count)', () => {
    const { world, pool, api } = worldWithNodes(2);
    const skips = { withSystemPods: true, withLocalStorage: true, replicasMin: 2 };
    const autoscaler = world.autoscaler([pool], { skips });
    world.cluster.workloads.desired[api] = 1;
    world.addRunning(api, 0);
    expect(terminated(runTo(world, autoscaler, 30 * US_PER_MINUTE))).toEqual([1]);
  });

  it('leaves daemons out of the utilisation where told: 900 m of 1730 m is above a half, 850 m is not', () => {
    const stays = (cpuMilli: number): boolean => {
      const { world, pool } = worldWithNodes(2);
      const autoscaler = world.autoscaler([pool], { ignoresDaemons: true });
      const agent = world.daemon(200);
      for (const host of [0, 1]) world.addRunning(agent, host);
      world.addRunning(world.service('own', cpuMilli), 0);
      // 870 m of 1730 m: it stays, and has 860 m left.
      world.addRunning(world.service('other', 870), 1);
      return stopped(world, runTo(world, autoscaler, 11 * US_PER_MINUTE)).length === 0;
    };
    expect(stays(900)).toBe(true);
    expect(stays(850)).toBe(false);
  });

  it('keeps the minimum of the group', () => {
    const { world, autoscaler } = worldWithNodes(3, 2);
    expect(terminated(runTo(world, autoscaler, 30 * US_PER_MINUTE))).toEqual([0]);
  });

  it('pitfall 8.15: ends one node with pods at a time, when they fit elsewhere (5.6 Budget)', () => {
    const { world, api, autoscaler } = worldWithNodes(4);
    for (let host = 0; host < 4; host++) world.addRunning(api, host);
    // 500 m of 1930 m on each: three fit on one node, so three nodes may go, one after the other.
    // Its pod is evicted at 615 s and seen to be gone at 620 s; the next one is tainted at 621 s.
    expect(stopped(world, runTo(world, autoscaler, 619 * US_PER_SECOND))).toEqual([0]);
    world.finishStopping();
    world.addRunning(api, 3);
    expect(terminated(runTo(world, autoscaler, 620 * US_PER_SECOND))).toEqual([0]);
    expect(stopped(world, runTo(world, autoscaler, 640 * US_PER_SECOND))).toHaveLength(1);
  });

  it('keeps a node whose pods fit nowhere else, and looks again after 5 min', () => {
    const { world, autoscaler } = worldWithNodes(2);
    const wide = world.service('wide', 900);
    const full = world.addRunning(world.service('full', 1900), 0);
    world.addRunning(wide, 1);
    expect(runTo(world, autoscaler, 20 * US_PER_SECOND)).toEqual([]);
    world.endTask(full[0]!);
    // Node 0 is empty from then on; node 1 stays, as node 0 is gone as a destination.
    expect(terminated(runTo(world, autoscaler, 20 * US_PER_MINUTE))).toEqual([0]);
  });

  it('pitfall 8.15: counts daemons into the utilisation: 900 m + 100 m of 1930 m is above a half', () => {
    const { world, autoscaler } = worldWithNodes(2);
    const daemon = world.daemon(100);
    const wide = world.service('wide', 900);
    for (const host of [0, 1]) {
      world.addRunning(daemon, host);
      world.addRunning(wide, host);
    }
    expect(terminated(runTo(world, autoscaler, 20 * US_PER_MINUTE))).toEqual([]);
  });

  it('takes a node with daemons alone for empty', () => {
    const { world, autoscaler } = worldWithNodes(2);
    const daemon = world.daemon(100);
    for (const host of [0, 1]) world.addRunning(daemon, host);
    expect(terminated(runTo(world, autoscaler, 615 * US_PER_SECOND))).toEqual([0, 1]);
  });

  it.each([
    [965, [0]],
    [966, []],
  ])('%i m of 1930 m requested, half being low enough, ends %j', (cpuMilli, ended) => {
    const { world, autoscaler } = worldWithNodes(1);
    // A node that is not the autoscaler's has room for either.
    world.addHost(world.addPool('fixed', ['m5.large']));
    world.addRunning(world.service('half', cpuMilli), 0);
    expect(stopped(world, runTo(world, autoscaler, 615 * US_PER_SECOND))).toEqual(ended);
  });

  it('waits 10 min after a scale-up, while the clocks of unneeded nodes run', () => {
    const { world, pool } = worldWithNodes(1);
    const other = world.addPool('other', ['m5.large'], {}, { labels: { tier: 'other' } });
    const autoscaler = world.autoscaler([pool, other]);
    runTo(world, autoscaler, 290 * US_PER_SECOND);
    world.addRefused(world.service('elsewhere', 900, { nodeSelector: { tier: 'other' } }));
    expect(runTo(world, autoscaler, 300 * US_PER_SECOND)).toEqual([
      [300, { kind: 'set-pool-desired', pool: other, desired: 1 }],
    ]);
    world.bind(0, world.addHost(other));
    const down = runTo(world, autoscaler, 30 * US_PER_MINUTE);
    // The loops fall at 301, 311, ..., 891, 901 s: the first that is 600 s after 300 s; and 5 s.
    expect(down[0]).toEqual([906, { kind: 'terminate', host: 0, reason: 'unneeded' }]);
  });

  it('the clock of a node starts anew when it was needed for one loop', () => {
    const { world, autoscaler } = worldWithNodes(1);
    const busy = world.service('busy', 1900);
    runTo(world, autoscaler, 300 * US_PER_SECOND);
    const [task] = world.addRunning(busy, 0);
    runTo(world, autoscaler, 310 * US_PER_SECOND);
    world.endTask(task!);
    // unneeded again from 320 s on: 320 + 610 + 5
    expect(runTo(world, autoscaler, 2000 * US_PER_SECOND)[0]![0]).toBe(935);
  });

  it('ends a node that is not ready after 20 min', () => {
    const { world, autoscaler } = worldWithNodes(5);
    const notReady = {
      key: 'node.kubernetes.io/not-ready',
      value: '',
      effect: 'NoSchedule' as const,
    };
    for (const host of [1, 2, 3, 4]) world.addRunning(world.service(`busy-${host}`, 1000), host);
    world.ledger.changeTaints(0, [], [notReady], 0);
    // In its first 15 min it has not started, and is no candidate; unneeded from 900 s on, for more than 1200 s.
    expect(runTo(world, autoscaler, 2100 * US_PER_SECOND)).toEqual([]);
    expect(terminated(runTo(world, autoscaler, 2115 * US_PER_SECOND))).toEqual([0]);
  });

  it('forgets what is unneeded while too many nodes are unready', () => {
    const { world, autoscaler } = worldWithNodes(8);
    const notReady = {
      key: 'node.kubernetes.io/not-ready',
      value: '',
      effect: 'NoSchedule' as const,
    };
    for (const host of [0, 1, 2, 3]) world.ledger.changeTaints(host, [], [notReady], 0);
    // Ready ones are unneeded and go at 615 s; four unready of four are too many from 900 s on.
    expect(terminated(runTo(world, autoscaler, 615 * US_PER_SECOND))).toEqual([4, 5, 6, 7]);
    expect(terminated(runTo(world, autoscaler, 60 * US_PER_MINUTE))).toEqual([]);
  });

  it('keeps a node on which a pending pod has its room', () => {
    const { world, api, autoscaler } = worldWithNodes(1);
    world.addRefused(api);
    expect(runTo(world, autoscaler, 20 * US_PER_MINUTE)).toEqual([]);
  });
});

it('marks up to 10 unneeded nodes a loop with a soft taint, and takes it back first from those that are needed (5.6)', () => {
  const { world, autoscaler } = worldWithNodes(12);
  const marked = (actions: readonly Action[]): [number, boolean][] =>
    actions.flatMap((action) =>
      action.kind === 'change-taints' ? [[action.host, action.add.length > 0]] : [],
    );
  expect(marked(world.wake(autoscaler, 0))).toEqual(
    Array.from({ length: 10 }, (_, host) => [host, true]),
  );
  world.addRunning(world.service('busy', 1900), 3);
  expect(marked(world.wake(autoscaler, 10 * US_PER_SECOND))).toEqual([
    [3, false],
    [10, true],
    [11, true],
  ]);
  expect(marked(world.wake(autoscaler, 20 * US_PER_SECOND))).toEqual([]);
});

it('scale-down decides the same after save and restore', () => {
  const { world, pool, api, autoscaler } = worldWithNodes(3);
  for (let host = 0; host < 2; host++) world.addRunning(api, host);
  runTo(world, autoscaler, 500 * US_PER_SECOND);
  const copy = world.autoscaler([pool]);
  copy.restore(structuredClone(autoscaler.save()));
  let decided: [number, Action][] = [];
  for (let atUs = 510 * US_PER_SECOND; decided.length < 3; atUs = autoscaler.wakeAtUs) {
    world.nowUs = atUs;
    const before = world.cluster.save();
    const now = runTo(world, autoscaler, atUs);
    world.cluster.restore(before);
    expect(runTo(world, copy, atUs)).toEqual(now);
    decided = [...decided, ...now];
  }
  // The empty node and its place in the group at once, the other one's pod is evicted.
  expect(decided.map(([, { kind }]) => kind)).toEqual([
    'terminate',
    'set-pool-desired',
    'stop-task',
  ]);
});
