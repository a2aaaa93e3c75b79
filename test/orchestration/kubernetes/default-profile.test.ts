import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterBuilder } from '../cluster-builder.ts';
import { DefaultProfile } from '../../../src/orchestration/kubernetes/default-profile.ts';
import { GIB, TICKS_PER_CORE } from '../../../src/base/units.ts';
import { HOST_KEY, ZONE_KEY } from '../../../src/orchestration/kubernetes/topology-spread.ts';
import { NO_HOST } from '../../../src/placement/policy.ts';
import {
  balancedScore,
  leastAllocatedScore,
} from '../../../src/placement/policies/kubernetes-resources.ts';
import {
  feasibleNodesToFind,
  zoneInterleaved,
} from '../../../src/orchestration/kubernetes/node-order.ts';
import { heapRoot } from './container-heap.ts';
import { isFeasible } from '../../../src/placement/feasible.ts';
import {
  keepsHardSpread,
  softConstraints,
  spreadScores,
} from '../../../src/orchestration/kubernetes/topology-spread.ts';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import type { PlacementRequest } from '../../../src/placement/policy.ts';
import type { SpreadConstraint } from '../../../src/cluster/spec.ts';

const core = { cpuTicks: TICKS_PER_CORE, memoryBytes: GIB };

function rows(count: number): number[] {
  return Array.from({ length: count }, (_, row) => row);
}

/** One cycle, as the clauses of kubernetes.md 1.3 to 1.6 say it, from a given start: the node and the next start. */
function cycle(view: Cluster, request: PlacementRequest, nodes: readonly number[], start: number) {
  const order = zoneInterleaved(nodes, (node) => view.hosts.zone[node]!);
  const wanted = feasibleNodesToFind(order.length);
  const turned = order.map((_, i) => order[(start + i) % order.length]!);
  const passes = (node: number) =>
    isFeasible(view, view.hosts, request, node) && keepsHardSpread(view, request, node, order);
  const passing = turned.filter(passes);
  const feasible = passing.slice(0, wanted);
  // Visited: up to the (wanted + 1)-th feasible node, that one not counted.
  const visited = passing.length > wanted ? turned.indexOf(passing[wanted]!) : order.length;
  const nextStart = (start + visited) % order.length;
  if (feasible.length === 0) return { node: NO_HOST, nextStart };
  const spread = spreadScores(view, request, softConstraints(view, request), feasible);
  const scores = feasible.map((node, i) => {
    const resources = leastAllocatedScore(node, request, view) + balancedScore(node, request, view);
    return resources + 2 * spread[i]!;
  });
  return { node: feasible[heapRoot(scores)]!, nextStart };
}

const SPREADS: readonly (readonly SpreadConstraint[])[] = [
  [],
  [{ topologyKey: ZONE_KEY, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' }],
  [
    { topologyKey: HOST_KEY, maxSkew: 2, whenUnsatisfiable: 'DoNotSchedule' },
    { topologyKey: ZONE_KEY, maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway' },
  ],
];

describe('the default profile', () => {
  it.each([
    ['a few nodes', 6, 60, 60],
    ['more nodes than a cycle looks at', 150, 400, 4],
  ])(
    'agrees with the clauses on %s, decision by decision',
    (_title, nodeCount, podCount, numRuns) => {
      const pods = fc.array(fc.nat(8), {
        minLength: podCount / 2,
        maxLength: podCount,
        size: 'max',
      });
      const zones = fc.array(fc.nat(2), {
        minLength: nodeCount,
        maxLength: nodeCount,
        size: 'max',
      });
      fc.assert(
        fc.property(zones, pods, (zoneOf, kinds) => {
          const world = new ClusterBuilder();
          const workloads = [1, 2, 3].flatMap((size) =>
            SPREADS.map((spread) =>
              world.workload(size === 3 ? 'job' : 'service', {
                cpuTicks: (size * TICKS_PER_CORE) / 2,
                memoryBytes: (size * 3 * GIB) / 2,
                spread,
              }),
            ),
          );
          for (const zone of zoneOf) world.host({ zone, slots: 5 });
          const profile = new DefaultProfile(world.cluster);
          const nodes = rows(nodeCount);
          let start = 0;
          for (const kind of kinds) {
            const workload = workloads[kind]!;
            const request = { spec: world.cluster.workloads.spec[workload]!, workload };
            const { node, nextStart } = cycle(world.cluster, request, nodes, start);
            expect(profile.choose(request, nodes)).toBe(node);
            expect(profile.save()).toBe(nextStart);
            start = nextStart;
            if (node !== NO_HOST) world.running(workload, node);
          }
        }),
        { numRuns, seed: 42 },
      );
    },
  );

  it('looks at a window that moves on: of 200 nodes the first hundred, then the second', () => {
    const world = new ClusterBuilder();
    const workload = world.workload('job', core);
    const request = { spec: world.cluster.workloads.spec[workload]!, workload };
    for (let i = 0; i < 200; i++) world.host();
    const profile = new DefaultProfile(world.cluster);
    const nodes = rows(200);
    const chosen = [0, 1, 2, 3].map(() => {
      const node = profile.choose(request, nodes);
      world.running(workload, node);
      return [node, profile.save()];
    });
    // 200 x 49 div 100 = 98, at least 100. All equal: position 0 of the window. In the third cycle node 0 scores less,
    // and position 1 is the next in the walk.
    expect(chosen).toEqual([
      [0, 100],
      [100, 0],
      [1, 100],
      [101, 0],
    ]);
  });

  it('starts where it stopped although the list became shorter', () => {
    const world = new ClusterBuilder();
    const workload = world.workload('job', core);
    const request = { spec: world.cluster.workloads.spec[workload]!, workload };
    for (let i = 0; i < 200; i++) world.host();
    const profile = new DefaultProfile(world.cluster);
    profile.choose(request, rows(200));
    // Start 100 of a list of 3: 100 mod 3 = 1.
    expect(profile.choose(request, [10, 11, 12])).toBe(11);
    expect(profile.save()).toBe(100 % 3);
  });

  it('answers NO_HOST and starts again where it started when nothing is feasible', () => {
    const world = new ClusterBuilder();
    const workload = world.workload('job', { cpuTicks: 9 * TICKS_PER_CORE });
    const request = { spec: world.cluster.workloads.spec[workload]!, workload };
    for (let i = 0; i < 3; i++) world.host();
    const profile = new DefaultProfile(world.cluster);
    profile.restore(2);
    expect(profile.choose(request, rows(3))).toBe(NO_HOST);
    expect(profile.save()).toBe(2);
    expect(profile.choose(request, [])).toBe(NO_HOST);
  });

  it('goes on from a saved start as the one that was saved', () => {
    const world = new ClusterBuilder();
    const workload = world.workload('job', core);
    const request = { spec: world.cluster.workloads.spec[workload]!, workload };
    for (let i = 0; i < 250; i++) world.host({ zone: i % 3 });
    const profile = new DefaultProfile(world.cluster);
    for (let i = 0; i < 5; i++) profile.choose(request, rows(250));
    const restored = new DefaultProfile(world.cluster);
    restored.restore(profile.save());
    for (let i = 0; i < 5; i++) {
      expect(restored.choose(request, rows(250))).toBe(profile.choose(request, rows(250)));
    }
  });
});
