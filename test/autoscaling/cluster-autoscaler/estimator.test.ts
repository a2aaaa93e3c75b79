import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KubernetesWorld } from './kubernetes-world.ts';
import { PodSpecs } from '../../../src/autoscaling/cluster-autoscaler/pod-specs.ts';
import { TICKS_PER_MILLI } from '../../../src/base/units.ts';
import { daemonsOf } from '../../../src/autoscaling/cluster-autoscaler/node-template.ts';
import { equivalenceGroups } from '../../../src/autoscaling/cluster-autoscaler/equivalence-groups.ts';
import { estimateNodes, nodeLimit } from '../../../src/autoscaling/cluster-autoscaler/estimator.ts';
import { fastPathTraits } from '../../../src/autoscaling/cluster-autoscaler/fast-path.ts';
import { snapshotGround } from '../../../src/autoscaling/cluster-autoscaler/snapshot-ground.ts';
import type { NodeCapacity } from '../../../src/autoscaling/cluster-autoscaler/fast-path.ts';

function estimate(
  world: KubernetesWorld,
  pods: readonly number[],
  nodesMax = 1000,
  fastPath?: NodeCapacity,
) {
  const { specs } = world.cluster;
  const podSpecs = new PodSpecs(world.cluster);
  const template = world.template(0);
  const snapshot = world.snapshot(daemonsOf(world.cluster, 0));
  const groups = equivalenceGroups(world.cluster, pods).map(({ spec, tasks }) => ({
    pods: tasks,
    cpu: specs.cpuTicks[spec]!,
    memory: specs.memoryBytes[spec]!,
    spreadsOverHosts: false,
    traits: fastPathTraits(podSpecs.at(spec)),
  }));
  const { cpuAllocatableTicks: cpu, memoryAllocatableBytes: memory } = template.description;
  const mark = snapshot.mark();
  const ground = snapshotGround(world.cluster, snapshot, template);
  const { nodeCount, pods: tasks } = estimateNodes(
    groups,
    { cpu, memory },
    ground,
    nodesMax,
    fastPath,
  );
  snapshot.rollBack(mark);
  expect(snapshot.count).toBe(0);
  return { nodeCount, tasks };
}

function worldWithGroup(): KubernetesWorld {
  const world = new KubernetesWorld();
  world.addPool('base', ['m5.large']);
  return world;
}

describe('the binpacking estimator (kubernetes.md 5.4)', () => {
  it('fills node after node: 5 pods of 900 m on nodes of 1930 m need 3', () => {
    const world = worldWithGroup();
    const pods = world.addRefused(world.service('api', 900), 5);
    expect(estimate(world, pods)).toEqual({ nodeCount: 3, tasks: pods });
  });

  it('subtracts the daemons of the cluster: with 200 m of them one pod of 900 m is left a node', () => {
    const world = worldWithGroup();
    world.daemon(200);
    const pods = world.addRefused(world.service('api', 900), 3);
    expect(estimate(world, pods).nodeCount).toBe(3);
  });

  it('takes large pods first and fills the rest of their nodes with small ones', () => {
    const world = worldWithGroup();
    const small = world.addRefused(world.service('small', 400), 4);
    const large = world.addRefused(world.service('large', 1100), 2);
    // 1100 + 400 + 400 = 1900 of 1930, twice
    const answer = estimate(world, [...small, ...large]);
    expect(answer.nodeCount).toBe(2);
    expect(answer.tasks.slice(0, 2)).toEqual(large);
  });

  it('gives up a group that does not fit a fresh node, and counts no empty node', () => {
    const world = worldWithGroup();
    const giant = world.addRefused(world.service('giant', 4000), 2);
    const small = world.addRefused(world.service('small', 400), 4);
    expect(estimate(world, [...giant, ...small])).toEqual({ nodeCount: 1, tasks: small });
  });

  it('adds no more nodes than the limit, and fills those', () => {
    const world = worldWithGroup();
    const large = world.addRefused(world.service('large', 1100), 5);
    const small = world.addRefused(world.service('small', 700), 5);
    const answer = estimate(world, [...large, ...small], 2);
    // two nodes of one large and one small pod each
    expect(answer.nodeCount).toBe(2);
    expect(answer.tasks).toHaveLength(4);
  });

  it('spreads pods that must spread over host names: one a node while nodes are empty (1.8)', () => {
    const world = worldWithGroup();
    const spread = [
      {
        topologyKey: 'kubernetes.io/hostname',
        maxSkew: 1,
        whenUnsatisfiable: 'DoNotSchedule' as const,
      },
    ];
    const one = world.addHost(0);
    const api = world.service('api', 100, { spread });
    world.addRunning(api, one);
    const snapshot = world.snapshot();
    const template = world.template(0);
    snapshot.addHost(one);
    snapshot.addTemplate(template);
    const pod = { spec: world.cluster.workloads.spec[api]!, workload: api, pool: -1 };
    // 1 + 1 - 0 > 1 on the host, 0 + 1 - 0 on the template
    expect([0, 1].map((node) => snapshot.admits(pod, node))).toEqual(['kept-off', 'fits']);
    snapshot.place(world.addPending(api)[0]!, pod.spec, 1);
    expect([0, 1].map((node) => snapshot.admits(pod, node))).toEqual(['fits', 'fits']);
    // A closed node takes nothing, but still counts as a domain, now an empty one: 1 + 1 - 0 > 1 (5.6).
    snapshot.close(1);
    expect(snapshot.firstFit(pod)).toBe(-1);
    snapshot.reopen(1);
    expect(snapshot.firstFit(pod)).toBe(1);
  });

  it('packs one node by the fast path and takes the others to be like it: 7 pods of 900 m in pairs are 4 nodes', () => {
    const world = worldWithGroup();
    const pods = world.addRefused(world.service('api', 900), 7);
    // 2 of 1930 m; ceil(7 / 2) = 4
    const capacity = { cpuCores: 2, memoryBytes: 8e9 };
    expect(estimate(world, pods, 1000, capacity)).toEqual({ nodeCount: 4, tasks: pods });
    expect(estimate(world, pods, 3, capacity)).toEqual({ nodeCount: 3, tasks: pods.slice(0, 6) });
  });

  it('keeps the fast path for the group that saves the most tries, which then comes last', () => {
    const world = worldWithGroup();
    const capacity = { cpuCores: 2, memoryBytes: 8e9 };
    // large: 2 pods, ceil(2 x 1.1 / 2) = 2 nodes, saves 2 - 1; small: 9 pods, ceil(9 x 0.4 / 2) = 2 nodes, saves 9 - 4
    const large = world.addRefused(world.service('large', 1100), 2);
    const small = world.addRefused(world.service('small', 400), 9);
    const { nodeCount, tasks } = estimate(world, [...large, ...small], 1000, capacity);
    // 2 + 2 small ones beside the large ones, then 4 on a fresh node and 1 on a node that is taken to be like it
    expect(nodeCount).toBe(4);
    expect(tasks).toEqual([...large, ...small]);
  });

  it('never overfills a node, never beats the volume bound, and leaves only what fits no fresh node', () => {
    const demands = fc.array(
      fc.tuple(fc.integer({ min: 50, max: 2200 }), fc.integer({ min: 1, max: 6 })),
      {
        minLength: 1,
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(demands, (rows) => {
        const world = worldWithGroup();
        const pods = rows.flatMap(([cpuMilli, count], index) =>
          world.addRefused(world.service(`s${index}`, cpuMilli), count),
        );
        const { specs, tasks } = world.cluster;
        const cpuMilliOf = (task: number) => specs.cpuTicks[tasks.spec[task]!]! / TICKS_PER_MILLI;
        const { nodeCount, tasks: taken } = estimate(world, pods);
        const fitting = pods.filter((task) => cpuMilliOf(task) <= 1930);
        expect([...taken].sort((a, b) => a - b)).toEqual(fitting);
        const volume = fitting.reduce((sum, task) => sum + cpuMilliOf(task), 0);
        expect(nodeCount).toBeGreaterThanOrEqual(Math.ceil(volume / 1930));
        expect(nodeCount).toBeLessThanOrEqual(fitting.length);
      }),
      { seed: 7, numRuns: 60 },
    );
  });
});

describe('the limit of an estimate', () => {
  it('is the least of the positive ones; a negative one allows nothing, none at all everything', () => {
    expect(nodeLimit([1000, 7, 0])).toBe(7);
    expect(nodeLimit([0, 0])).toBe(0);
    expect(nodeLimit([1000, -1, 5])).toBe(-1);
  });
});
