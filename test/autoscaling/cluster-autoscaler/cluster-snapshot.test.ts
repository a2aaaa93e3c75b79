import { describe, expect, it } from 'vitest';
import type { ClusterSnapshot } from '../../../src/autoscaling/cluster-autoscaler/cluster-snapshot.ts';
import { KubernetesWorld } from './kubernetes-world.ts';
import { TICKS_PER_MILLI } from '../../../src/base/units.ts';
import { filterOutSchedulable } from '../../../src/autoscaling/cluster-autoscaler/filter-out-schedulable.ts';
import { podKindOf } from '../../../src/autoscaling/cluster-autoscaler/unschedulable-pods.ts';

function worldWithNodes(count: number) {
  const world = new KubernetesWorld();
  const pool = world.addPool('base', ['m5.large']);
  const nodes = Array.from({ length: count }, () => world.addHost(pool));
  const snapshotOf = (daemons: readonly number[] = []): ClusterSnapshot => {
    const snapshot = world.snapshot(daemons);
    for (const node of nodes) snapshot.addHost(node);
    return snapshot;
  };
  return { world, pool, snapshotOf };
}

describe('the snapshot (kubernetes.md 5.3)', () => {
  it('pitfall 8.15: first fit probes node 1 first and goes round (5.3)', () => {
    const { world, snapshotOf } = worldWithNodes(3);
    const api = world.service('api', 900);
    const pods = world.addRefused(api, 7);
    const snapshot = snapshotOf();
    const found = pods.map((task) => {
      const node = snapshot.firstFit(podKindOf(world.cluster, task));
      if (node >= 0) snapshot.place(task, world.cluster.tasks.spec[task]!, node);
      return node;
    });
    // two of 900 m on each of three nodes of 1930 m
    expect(found).toEqual([1, 2, 0, 1, 2, 0, -1]);
  });

  it('keeps room for a daemon that has not started, and only for that', () => {
    const { world, snapshotOf } = worldWithNodes(2);
    const daemon = world.daemon(200);
    world.addRunning(daemon, 1);
    // 1930 - 200 on both: in thought on node 0, in truth on node 1
    const { cpuFree } = snapshotOf([daemon]);
    expect(cpuFree.map((ticks) => ticks / TICKS_PER_MILLI)).toEqual([1730, 1730]);
  });

  it('is as before after it was rolled back, but for the place of the last match', () => {
    const { world, pool, snapshotOf } = worldWithNodes(2);
    const daemon = world.daemon(100);
    const [task] = world.addRefused(world.service('api', 900));
    const snapshot = snapshotOf([daemon]);
    const columns = () => structuredClone([snapshot.cpuFree, snapshot.slotsFree, snapshot.gpuFree]);
    const before = columns();
    const mark = snapshot.mark();
    snapshot.addTemplate(world.template(pool));
    const node = snapshot.firstFit(podKindOf(world.cluster, task!), 2);
    snapshot.place(task!, world.cluster.tasks.spec[task!]!, node);
    expect(node).toBe(2);
    snapshot.rollBack(mark);
    expect(columns()).toEqual(before);
    expect(snapshot.count).toBe(2);
    expect(snapshot.placedOn(2)).toEqual([]);
    expect(snapshot.lastMatch).toBe(2);
  });
});

describe('filter out schedulable (kubernetes.md 5.3)', () => {
  it('gives room to high priority first and returns the pods that fit nowhere', () => {
    const { world, snapshotOf } = worldWithNodes(1);
    const low = world.addRefused(world.service('low', 900), 2);
    const high = world.addRefused(world.service('high', 900, { priority: 10 }), 1);
    const left = filterOutSchedulable(world.cluster, snapshotOf(), [...low, ...high]);
    expect(left).toEqual([low[1]]);
  });

  it('honours labels, taints and pools that are kept for others', () => {
    const world = new KubernetesWorld();
    const owner = world.service('owner', 100);
    const taints = [{ key: 'k', value: 'v', effect: 'NoSchedule' as const }];
    const tainted = world.addPool('tainted', ['m5.large'], {}, { taints });
    const kept = world.addPool('kept', ['m5.large'], {}, { workloads: [owner] });
    const snapshot = world.snapshot();
    for (const pool of [tainted, kept]) snapshot.addHost(world.addHost(pool));
    const [mine] = world.addRefused(owner);
    const [other] = world.addRefused(world.service('other', 100));
    expect(filterOutSchedulable(world.cluster, snapshot, [mine!, other!])).toEqual([other]);
  });
});

describe('pods that are not what they seem (kubernetes.md 5.2)', () => {
  it('expendable pods, of priority below -10, leave their room to others', () => {
    const world = new KubernetesWorld();
    const pool = world.addPool('base', ['m5.large'], { desired: 1 });
    world.addRunning(world.service('filler', 1900, { priority: -11 }), world.addHost(pool));
    world.addRefused(world.service('api', 900), 2);
    expect(world.wake(world.autoscaler([pool]), 3_000_000)).toEqual([]);
  });

  it('a pod with a nominated node needs no other, and takes the room there', () => {
    const world = new KubernetesWorld();
    const pool = world.addPool('base', ['m5.large'], { desired: 1 });
    const host = world.addHost(pool);
    const [first] = world.addRefused(world.service('api', 900), 3);
    world.ledger.nominate(first!, host);
    // 1930 m hold the first and one more of 900 m; the third needs a node.
    expect(world.wake(world.autoscaler([pool]), 3_000_000)).toEqual([
      { kind: 'set-pool-desired', pool, desired: 2 },
    ]);
  });
});
