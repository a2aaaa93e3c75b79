/**
 * One scheduling cycle as the clauses of kubernetes.md 1.3 to 1.9 tell it, node by node, from a given start: the dull twin of
 * the profile. Its formulas are written from the clauses; feasibility and the scores of one host alone have twins elsewhere.
 */

import { HOST_KEY, ZONE_KEY } from '../../../../src/orchestration/kubernetes/topology-keys.ts';
import { NO_HOST } from '../../../../src/placement/policy.ts';
import { WORKLOAD_KINDS } from '../../../../src/cluster/workloads.ts';
import { heapRoot } from './container-heap.ts';
import { isFeasible } from '../../../../src/placement/feasible.ts';
import { ln } from '../../../../src/random/portable-math.ts';
import { zoneInterleaved } from '../../../../src/orchestration/kubernetes/cycle/node-order.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import type { PlacementRequest, ScorePolicy } from '../../../../src/placement/policy.ts';
import type { SpreadConstraint } from '../../../../src/cluster/spec.ts';

export interface ToldProfile {
  readonly local: Pick<ScorePolicy, 'score'>;
  /** 0 is adaptive. */
  readonly percentage: number;
  /** Of versions up to 1.34. */
  readonly draw?: (() => number) | undefined;
}

/** The node and the next start. */
export function toldCycle(
  view: Cluster,
  { local, percentage, draw }: ToldProfile,
  request: PlacementRequest,
  nodes: readonly number[],
  start: number,
): { node: number; nextStart: number } {
  const order = zoneInterleaved(nodes, (node) => view.hosts.zone[node]!);
  const count = order.length;
  if (count === 0) return { node: NO_HOST, nextStart: start };
  const adaptive = Math.max(5, 50 - Math.floor(count / 125));
  const share = Math.floor((count * (percentage || adaptive)) / 100);
  const wanted = count < 100 ? count : Math.max(100, share);
  const turned = order.map((_, i) => order[(start + i) % count]!);
  const keepsHardSpread = hardSpread(view, request, order);
  const passing = turned.filter(
    (node) => isFeasible(view, view.hosts, request, node) && keepsHardSpread(node),
  );
  const feasible = passing.slice(0, wanted);
  // Visited: up to the (wanted + 1)-th feasible node, that one not counted.
  const visited = passing.length > wanted ? turned.indexOf(passing[wanted]!) : count;
  const nextStart = (start + visited) % count;
  if (feasible.length === 0) return { node: NO_HOST, nextStart };
  if (feasible.length === 1) return { node: feasible[0]!, nextStart };
  const spread = softSpread(view, request, feasible);
  const taints = taintScores(view, request, feasible);
  const scores = feasible.map(
    (node, i) => local.score(node, request, view) + 2 * spread[i]! + 3 * taints[i]!,
  );
  const place = draw === undefined ? heapRoot(scores) : reservoir(scores, draw);
  return { node: feasible[place]!, nextStart };
}

function podsIn(view: Cluster, workload: number, node: number, key: string): number {
  if (key === ZONE_KEY) return view.counts.inZone(workload, view.hosts.zone[node]!);
  return key === HOST_KEY ? view.counts.onHost(workload, node) : 0;
}

function hardSpread(
  view: Cluster,
  { spec, workload }: PlacementRequest,
  nodes: readonly number[],
): (node: number) => boolean {
  const own = view.specs.at(spec).spread;
  const hard = own
    .filter((one) => one.whenUnsatisfiable !== 'ScheduleAnyway')
    .map(({ topologyKey, maxSkew }) => {
      const counts = nodes.map((node) => podsIn(view, workload, node, topologyKey));
      return { topologyKey, countMax: Math.min(...counts) + maxSkew };
    });
  return (node) =>
    hard.every((one) => podsIn(view, workload, node, one.topologyKey) + 1 <= one.countMax);
}

const SYSTEM: readonly Pick<SpreadConstraint, 'topologyKey' | 'maxSkew'>[] = [
  { topologyKey: HOST_KEY, maxSkew: 3 },
  { topologyKey: ZONE_KEY, maxSkew: 5 },
];

function softSpread(
  view: Cluster,
  { spec, workload }: PlacementRequest,
  nodes: readonly number[],
): number[] {
  const own = view.specs.at(spec).spread;
  const isService = WORKLOAD_KINDS[view.workloads.kind[workload]!] === 'service';
  const soft = own.filter((one) => one.whenUnsatisfiable === 'ScheduleAnyway');
  const constraints = own.length > 0 ? soft : isService ? SYSTEM : [];
  if (constraints.length === 0) return nodes.map(() => 0);
  const zones = new Set(nodes.map((node) => view.hosts.zone[node]!));
  const raw = nodes.map((node) => {
    const terms = constraints.map(({ topologyKey, maxSkew }) => {
      const size = topologyKey === HOST_KEY ? nodes.length : zones.size;
      return podsIn(view, workload, node, topologyKey) * ln(size + 2) + (maxSkew - 1);
    });
    return Math.round(terms.reduce((a, b) => a + b, 0));
  });
  const max = Math.max(...raw);
  const min = Math.min(...raw);
  return raw.map((value) => (max === 0 ? 100 : Math.floor((100 * (max + min - value)) / max)));
}

function taintScores(
  view: Cluster,
  { spec }: PlacementRequest,
  nodes: readonly number[],
): number[] {
  const { tolerations } = view.specs.at(spec);
  const raw = nodes.map((node) => {
    const { taints } = view.specs.kindAt(view.hosts.kind[node]!);
    // Tolerations of these tests name a key and no effect.
    const disliked = taints.filter(
      ({ effect, key }) =>
        effect === 'PreferNoSchedule' && !tolerations.some((one) => one.key === key),
    );
    return disliked.length;
  });
  const max = Math.max(...raw);
  return raw.map((value) => (max === 0 ? 100 : 100 - Math.floor((100 * value) / max)));
}

function reservoir(scores: readonly number[], draw: () => number): number {
  const max = Math.max(...scores);
  const equals = [...scores.keys()].filter((place) => scores[place] === max);
  return equals.reduce((kept, place, i) => (i > 0 && draw() * (i + 1) < 1 ? place : kept));
}
