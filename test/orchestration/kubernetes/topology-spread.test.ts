import { describe, expect, it } from 'vitest';
import { ClusterBuilder } from '../cluster-builder.ts';
import {
  HOST_KEY,
  ZONE_KEY,
  hardConstraints,
  softConstraints,
} from '../../../src/orchestration/kubernetes/topology-spread.ts';
import { keepsSpread } from '../../../src/orchestration/kubernetes/plugins/spread-filter.ts';
import {
  rawSpread,
  spreadScore,
  spreadWeights,
} from '../../../src/orchestration/kubernetes/plugins/spread-score.ts';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import type { PlacementRequest } from '../../../src/placement/policy.ts';
import type { SpreadConstraint } from '../../../src/cluster/spec.ts';

const hard = (topologyKey: string, maxSkew: number): SpreadConstraint => ({
  topologyKey,
  maxSkew,
  whenUnsatisfiable: 'DoNotSchedule',
});
const soft = (topologyKey: string, maxSkew: number): SpreadConstraint => ({
  ...hard(topologyKey, maxSkew),
  whenUnsatisfiable: 'ScheduleAnyway',
});

/** Nodes with so many pods of one workload each: [zone, pods]. */
function nodesWith(
  layout: readonly (readonly [number, number])[],
  spread: readonly SpreadConstraint[] = [],
) {
  const world = new ClusterBuilder();
  const workload = world.workload('service', { spread });
  const nodes = layout.map(([zone, pods]) => {
    const node = world.host({ zone });
    for (let i = 0; i < pods; i++) world.running(workload, node);
    return node;
  });
  const request = { spec: world.cluster.workloads.spec[workload]!, workload };
  return { world, view: world.cluster, nodes, request };
}

function spreadScores(
  { counts, hosts }: Cluster,
  { workload }: PlacementRequest,
  constraints: readonly SpreadConstraint[],
  nodes: readonly number[],
): number[] {
  const zones = new Set(nodes.map((node) => hosts.zone[node]!));
  const weights = spreadWeights(constraints, nodes.length, zones.size);
  const raw = nodes.map((node) => {
    const inZone = counts.inZone(workload, hosts.zone[node]!);
    return rawSpread(constraints, weights, counts.onHost(workload, node), inZone);
  });
  return raw.map((value) => spreadScore(value, Math.min(...raw), Math.max(...raw)));
}

describe('soft spreading', () => {
  it('gives the worked value of kubernetes.md 6: raw 13, 11, 8, 13, scores 61, 76, 100, 61', () => {
    const { view, nodes, request } = nodesWith([
      [0, 1],
      [0, 0],
      [1, 0],
      [2, 2],
      // Two more make six scored nodes and do not widen the range of raw scores.
      [0, 1],
      [1, 1],
      // Not scored, but its pod counts in zone a: 1 + 0 + 1 + 1 = 3.
      [0, 1],
    ]);
    const constraints = softConstraints(view, request);
    const scores = spreadScores(view, request, constraints, nodes.slice(0, 6));
    // Weights: host ln(6 + 2) = 2.079, zone ln(3 + 2) = 1.609; maxSkew - 1 adds 2 and 4.
    // (1, 3): 2.079 + 2 + 4.828 + 4 = 12.9 -> 13     100 x (13 + 8 - 13) div 13 = 61
    // (0, 3): 0     + 2 + 4.828 + 4 = 10.8 -> 11     100 x (21 - 11) div 13 = 76
    // (0, 1): 0     + 2 + 1.609 + 4 =  7.6 ->  8     100 x (21 - 8) div 13 = 100
    // (2, 2): 4.159 + 2 + 3.219 + 4 = 13.4 -> 13     61
    expect(scores.slice(0, 4)).toEqual([61, 76, 100, 61]);
    // (1, 3) again; (1, 1): 2.079 + 2 + 1.609 + 4 = 9.7 -> 10, 100 x (21 - 10) div 13 = 84
    expect(scores.slice(4)).toEqual([61, 84]);
  });

  it('gives 100 to every node when no raw score is above 0', () => {
    const one = [soft(HOST_KEY, 1)];
    const { view, nodes, request } = nodesWith([
      [0, 0],
      [1, 0],
    ]);
    expect(spreadScores(view, request, one, nodes)).toEqual([100, 100]);
  });

  it("is the system's for pods of a Deployment, its own for a pod that states some, none for jobs", () => {
    const own = [soft(ZONE_KEY, 1), hard(HOST_KEY, 1)];
    const world = new ClusterBuilder();
    const requestOf = (workload: number) => ({
      spec: world.cluster.workloads.spec[workload]!,
      workload,
    });
    const plain = requestOf(world.workload('service'));
    expect(softConstraints(world.cluster, plain)).toEqual([soft(HOST_KEY, 3), soft(ZONE_KEY, 5)]);
    const stated = requestOf(world.workload('service', { spread: own }));
    expect(softConstraints(world.cluster, stated)).toEqual([own[0]]);
    const hardOnly = requestOf(world.workload('service', { spread: [hard(ZONE_KEY, 1)] }));
    expect(softConstraints(world.cluster, hardOnly)).toEqual([]);
    const job = requestOf(world.workload('job'));
    expect(softConstraints(world.cluster, job)).toEqual([]);
  });
});

describe('hard spreading', () => {
  /** Nodes that a further pod may go to. */
  function allowed(
    layout: readonly (readonly [number, number])[],
    spread: readonly SpreadConstraint[],
  ): number[] {
    const { view, nodes, request } = nodesWith(layout, spread);
    const onHost = (node: number) => view.counts.onHost(request.workload, node);
    const inZone = (node: number) => view.counts.inZone(request.workload, view.hosts.zone[node]!);
    const leastOnHost = Math.min(...nodes.map(onHost));
    const leastInZone = Math.min(...nodes.map(inZone));
    const constraints = hardConstraints(view, request);
    return nodes.filter((node) =>
      keepsSpread(constraints, onHost(node), inZone(node), leastOnHost, leastInZone),
    );
  }

  it('keeps zones within maxSkew of the emptiest', () => {
    // Zone a 2 pods, zone b 1: a 2 + 1 - 1 = 2 > 1, b 1 + 1 - 1 = 1.
    const two = [
      [0, 1],
      [0, 1],
      [1, 1],
    ] as const;
    expect(allowed(two, [hard(ZONE_KEY, 1)])).toEqual([2]);
    expect(allowed(two, [hard(ZONE_KEY, 2)])).toEqual([0, 1, 2]);
    // With an empty zone c the least is 0: b 1 + 1 - 0 = 2 > 1, c 0 + 1 - 0 = 1.
    expect(allowed([...two, [2, 0]], [hard(ZONE_KEY, 1)])).toEqual([3]);
  });

  it('keeps hosts within maxSkew of the emptiest, and every constraint must hold', () => {
    const layout = [
      [0, 2],
      [0, 1],
      [1, 1],
    ] as const;
    // Hosts: 2 + 1 - 1 = 2 > 1; 1 + 1 - 1 = 1. Zones: a 3 + 1 - 1 = 3, b 1 + 1 - 1 = 1.
    expect(allowed(layout, [hard(HOST_KEY, 1)])).toEqual([1, 2]);
    expect(allowed(layout, [hard(HOST_KEY, 1), hard(ZONE_KEY, 2)])).toEqual([2]);
  });

  it('does not ask soft constraints nor other topology keys', () => {
    const layout = [
      [0, 3],
      [1, 0],
    ] as const;
    expect(allowed(layout, [soft(ZONE_KEY, 1)])).toEqual([0, 1]);
    expect(allowed(layout, [hard('example.com/rack', 1)])).toEqual([0, 1]);
  });
});
