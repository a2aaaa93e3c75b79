/**
 * PodTopologySpread as a score (kubernetes.md 1.9): nodes in whose domains fewer pods match score higher.
 *
 *     raw(n) = round( sum over soft constraints with a key on n of count * ln(size + 2) + (maxSkew - 1) )
 *     score  = 100 * (max + min - raw) div max, 100 where max is 0, 0 for a node that is left out
 *
 * Size       distinct values on the feasible nodes; for the host name, the feasible nodes that are not left out.
 * Count      pods in the domain over all nodes; for the host name, pods on the node itself.
 * Left out   nodes that lack a key. Not with the system's defaults: there the lack is a value of its own.
 * Counts     by the SpreadCounter handed in, see pod-topology-spread-counts.ts.
 */

import { COUNT_ALL, hasKeys } from './pod-topology-spread-counts.ts';
import { HOST_KEY } from '../../topology-keys.ts';
import { requiresAllKeys, spreadConstraints } from './pod-topology-spread-constraints.ts';
import { MAX_SCORE } from './default-normalize.ts';
import { ln } from '../../../../random/portable-math.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodInfo } from '../pod-info.ts';
import type { ScorePlugin } from '../plugin.ts';
import type { SpreadArguments } from '../../../../cluster/plugin-arguments.ts';
import type { SpreadCounter } from './pod-topology-spread-counts.ts';
import type { TopologySpread } from '../../../../cluster/pod-template.ts';

interface Weighing {
  readonly key: string;
  readonly weight: number;
  readonly tolerance: number;
  readonly count: (node: NodeInfo) => number;
}

export interface SpreadScoreState {
  readonly weighings: readonly Weighing[];
  /** A node must have these to be scored. */
  readonly keys: readonly string[];
}

export function podTopologySpreadScore(
  settings: SpreadArguments,
  counter: SpreadCounter = COUNT_ALL,
): ScorePlugin<SpreadScoreState> {
  return {
    name: 'PodTopologySpread',

    preScore(pod, feasible, all) {
      const constraints = spreadConstraints(pod.spec, settings, 'ScheduleAnyway');
      if (constraints.length === 0) return undefined;
      const keys = requiresAllKeys(pod.spec, settings)
        ? constraints.map(({ topologyKey }) => topologyKey)
        : [];
      const scored = feasible.filter(({ node }) => hasKeys(node.labels, keys));
      const weighings = constraints.map((constraint) => ({
        key: constraint.topologyKey,
        weight: ln(sizeOf(constraint, scored) + 2),
        tolerance: constraint.maxSkew - 1,
        count: countOf(pod, constraint, keys, all, counter),
      }));
      return { weighings, keys };
    },

    score: (_, node, state) => rawScore(node, state),

    normalize,
  };
}

function sizeOf({ topologyKey }: TopologySpread, scored: readonly NodeInfo[]): number {
  if (topologyKey === HOST_KEY) return scored.length;
  const values = new Set<string>();
  for (const { node } of scored) values.add(node.labels[topologyKey] ?? '');
  return values.size;
}

function countOf(
  pod: PodInfo,
  constraint: TopologySpread,
  keys: readonly string[],
  all: readonly NodeInfo[],
  counter: SpreadCounter,
): (node: NodeInfo) => number {
  const { topologyKey } = constraint;
  if (topologyKey === HOST_KEY) return counter.onNode(pod, constraint);
  const counts = counter.domains(pod, constraint, keys, all);
  return ({ node }) => counts.get(node.labels[topologyKey]!) ?? 0;
}

function rawScore(node: NodeInfo, { weighings, keys }: SpreadScoreState): number {
  const { labels } = node.node;
  if (!hasKeys(labels, keys)) return 0;
  let sum = 0;
  for (const { key, weight, tolerance, count } of weighings) {
    if (labels[key] !== undefined) sum += count(node) * weight + tolerance;
  }
  return Math.round(sum);
}

function normalize(
  scores: number[],
  _: PodInfo,
  feasible: readonly NodeInfo[],
  { keys }: SpreadScoreState,
): void {
  let min = Infinity;
  let max = 0;
  for (const [i, score] of scores.entries()) {
    if (!hasKeys(feasible[i]!.node.labels, keys)) continue;
    min = Math.min(min, score);
    max = Math.max(max, score);
  }
  for (const [i, score] of scores.entries()) {
    if (!hasKeys(feasible[i]!.node.labels, keys)) scores[i] = 0;
    else if (max === 0) scores[i] = MAX_SCORE;
    else scores[i] = Math.trunc((MAX_SCORE * (max + min - score)) / max);
  }
}
