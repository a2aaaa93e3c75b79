/**
 * InterPodAffinity as a filter (kubernetes.md 1.8). In this order:
 *
 *   affinity        the node has the key of every required term, and in each of these domains a pod that all terms match; or no
 *                   pod anywhere does and the pod matches all its own terms, so that it may be the first
 *   anti-affinity   no pod in the node's domain that one of the pod's own terms matches
 *   others'         no pod in one of the node's domains that has a term which matches this pod
 *
 * Skip       when no other pod's anti-affinity matches and the pod requires nothing.
 * Counts     by the AffinityCounter handed in, see inter-pod-affinity-counts.ts.
 */

import { COUNT_ALL_TERMS } from './inter-pod-affinity-counts.ts';
import {
  incomingTerm,
  labelsOfNamespace,
  matchesAllIncoming,
  matchesExisting,
  matchesIncoming,
} from './inter-pod-affinity-terms.ts';
import type { AffinityCounter, PairSums } from './inter-pod-affinity-counts.ts';
import type { FilterPlugin } from '../plugin.ts';
import type { IncomingTerm } from './inter-pod-affinity-terms.ts';
import type { Labels } from '../label-selector.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodInfo } from '../pod-info.ts';
import type { Refusal, StatusCode } from '../status.ts';

function refusal(code: StatusCode, reason: string): Refusal {
  return { code, plugin: 'InterPodAffinity', reasons: [reason] };
}

const LACKS_AFFINITY = refusal(
  'UnschedulableAndUnresolvable',
  "node(s) didn't match pod affinity rules",
);
const MEETS_OWN_ANTI = refusal('Unschedulable', "node(s) didn't match pod anti-affinity rules");
const MEETS_ANTI = refusal(
  'Unschedulable',
  "node(s) didn't satisfy existing pods anti-affinity rules",
);

/** Counted pairs, and in a what-if what has changed of them. */
class PairCounts {
  private readonly counted: PairSums;
  private readonly changed: Map<string, Map<string, number>>;
  private pairs: number;

  constructor(
    counted: PairSums,
    changed = new Map<string, Map<string, number>>(),
    pairs = pairsIn(counted),
  ) {
    this.counted = counted;
    this.changed = changed;
    this.pairs = pairs;
  }

  /** No pair has a count other than 0. */
  get isEmpty(): boolean {
    return this.pairs === 0;
  }

  count(key: string, value: string): number {
    return this.changed.get(key)?.get(value) ?? this.counted.get(key)?.get(value) ?? 0;
  }

  add(key: string, value: string, by: 1 | -1): void {
    const before = this.count(key, value);
    let values = this.changed.get(key);
    if (values === undefined) this.changed.set(key, (values = new Map()));
    values.set(value, before + by);
    if (before === 0) this.pairs++;
    else if (before + by === 0) this.pairs--;
  }

  /** Is there a pod in one of the domains that a node with these labels is in? */
  meets(labels: Labels): boolean {
    if (this.isEmpty) return false;
    return this.meetsIn(this.counted, labels) || this.meetsIn(this.changed, labels);
  }

  copy(): PairCounts {
    const changed = new Map([...this.changed].map(([key, values]) => [key, new Map(values)]));
    return new PairCounts(this.counted, changed, this.pairs);
  }

  private meetsIn(sums: PairSums, labels: Labels): boolean {
    for (const key of sums.keys()) {
      const value = labels[key];
      if (value !== undefined && this.count(key, value) > 0) return true;
    }
    return false;
  }
}

function pairsIn(sums: PairSums): number {
  let pairs = 0;
  for (const values of sums.values()) pairs += values.size;
  return pairs;
}

export interface AffinityState {
  readonly affinity: readonly IncomingTerm[];
  readonly antiAffinity: readonly IncomingTerm[];
  readonly namespaceLabels: Labels;
  /** Pods that all affinity terms match. */
  readonly liked: PairCounts;
  /** Pods that an anti-affinity term matches. */
  readonly disliked: PairCounts;
  /** Anti-affinity terms of others that match the pod. */
  readonly dislikedBy: PairCounts;
}

export function interPodAffinityFilter(
  counter: AffinityCounter = COUNT_ALL_TERMS,
): FilterPlugin<AffinityState> {
  return {
    name: 'InterPodAffinity',

    preFilter(pod, nodes, around) {
      const { affinity, antiAffinity, namespace } = pod.spec.template;
      const dislikedBy = new PairCounts(counter.antiOfExisting(pod, nodes, around));
      const hasTerms = affinity.required.length + antiAffinity.required.length > 0;
      if (dislikedBy.isEmpty && !hasTerms) return {};
      const liking = affinity.required.map((term) => incomingTerm(term, namespace, around));
      const disliking = antiAffinity.required.map((term) => incomingTerm(term, namespace, around));
      return {
        state: {
          affinity: liking,
          antiAffinity: disliking,
          namespaceLabels: labelsOfNamespace(pod.spec, around),
          liked: new PairCounts(
            liking.length > 0 ? counter.matchingAll(pod, liking, nodes) : new Map(),
          ),
          disliked: new PairCounts(
            disliking.length > 0 ? counter.matchingEach(pod, disliking, nodes) : new Map(),
          ),
          dislikedBy,
        },
      };
    },

    filter(pod, { node: { labels } }, state) {
      if (!keepsAffinity(pod, labels, state)) return LACKS_AFFINITY;
      if (!keepsAntiAffinity(labels, state)) return MEETS_OWN_ANTI;
      return state.dislikedBy.meets(labels) ? MEETS_ANTI : undefined;
    },

    copy: (state) => ({
      ...state,
      liked: state.liked.copy(),
      disliked: state.disliked.copy(),
      dislikedBy: state.dislikedBy.copy(),
    }),
    podAdded: (state, pod, added, node) => change(state, pod, added, node, 1),
    podRemoved: (state, pod, removed, node) => change(state, pod, removed, node, -1),
  };
}

function keepsAffinity(pod: PodInfo, labels: Labels, { affinity, liked }: AffinityState): boolean {
  let isLiked = true;
  for (const { topologyKey } of affinity) {
    const value = labels[topologyKey];
    if (value === undefined) return false;
    if (liked.count(topologyKey, value) <= 0) isLiked = false;
  }
  return isLiked || (liked.isEmpty && matchesAllIncoming(affinity, pod.spec));
}

function keepsAntiAffinity(labels: Labels, { antiAffinity, disliked }: AffinityState): boolean {
  for (const { topologyKey } of antiAffinity) {
    const value = labels[topologyKey];
    if (value !== undefined && disliked.count(topologyKey, value) > 0) return false;
  }
  return true;
}

function change(
  state: AffinityState,
  pod: PodInfo,
  { spec }: PodInfo,
  { node }: NodeInfo,
  by: 1 | -1,
): void {
  const { template } = spec;
  const add = (counts: PairCounts, key: string): void => {
    const value = node.labels[key];
    if (value !== undefined) counts.add(key, value, by);
  };
  for (const term of template.antiAffinity.required) {
    if (matchesExisting(term, template.namespace, pod.spec, state.namespaceLabels)) {
      add(state.dislikedBy, term.topologyKey);
    }
  }
  if (matchesAllIncoming(state.affinity, spec)) {
    for (const { topologyKey } of state.affinity) add(state.liked, topologyKey);
  }
  for (const term of state.antiAffinity) {
    if (matchesIncoming(term, spec)) add(state.disliked, term.topologyKey);
  }
}
