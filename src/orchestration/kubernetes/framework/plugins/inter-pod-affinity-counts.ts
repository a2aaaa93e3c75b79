/**
 * What affinity between pods adds up over the pods on all nodes, by topology key and value (kubernetes.md 1.8, 1.9). Pods
 * that are terminating still count.
 *
 * Replace    the plugins count through an AffinityCounter that they are handed. `COUNT_ALL_TERMS` visits every pod of every node
 *            in every cycle. A simulation with many pods hands in one that keeps its sums as pods come and go: what a sum depends
 *            on are the specs of the pods on nodes, the nodes' labels and the arguments of each function.
 */

import {
  labelsOfNamespace,
  matchesAllIncoming,
  matchesExisting,
  matchesIncoming,
} from './inter-pod-affinity-terms.ts';
import type { IncomingTerm } from './inter-pod-affinity-terms.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodInfo, PodSpecInfo } from '../pod-info.ts';
import type { PodTerm } from '../../../../cluster/pod-template.ts';
import type { Surroundings } from '../surroundings.ts';

/** A number by topology key and value; pairs that nothing was added to are absent. */
export type PairSums = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** A term of the incoming pod and what a pod that it matches adds; below 0 for anti-affinity. */
export interface Preference {
  readonly term: IncomingTerm;
  readonly weight: number;
}

export interface AffinityCounter {
  /** Required anti-affinity terms of pods on nodes which match the incoming pod. */
  antiOfExisting(pod: PodInfo, nodes: readonly NodeInfo[], around: Surroundings): PairSums;
  /** Pods which all of the terms match, under the key of each term. */
  matchingAll(pod: PodInfo, terms: readonly IncomingTerm[], nodes: readonly NodeInfo[]): PairSums;
  /** Pods which a term matches, under its key. */
  matchingEach(pod: PodInfo, terms: readonly IncomingTerm[], nodes: readonly NodeInfo[]): PairSums;
  /**
   * Weights of the incoming pod's preferences for pods on nodes, and of the terms of these pods that match the incoming one:
   * preferred ones as they state, required affinity `hardWeight` (nothing where it is 0).
   */
  preferences(
    pod: PodInfo,
    own: readonly Preference[],
    hardWeight: number,
    nodes: readonly NodeInfo[],
    around: Surroundings,
  ): PairSums;
}

export const COUNT_ALL_TERMS: AffinityCounter = {
  antiOfExisting(pod, nodes, around) {
    const namespaceLabels = labelsOfNamespace(pod.spec, around);
    return sumOver(nodes, podsWithTerms, ({ template }) =>
      template.antiAffinity.required
        .filter((term) => matchesExisting(term, template.namespace, pod.spec, namespaceLabels))
        .map(countOne),
    );
  },

  matchingAll: (_, terms, nodes) =>
    sumOver(nodes, allPods, (spec) => (matchesAllIncoming(terms, spec) ? terms.map(countOne) : [])),

  matchingEach: (_, terms, nodes) =>
    sumOver(nodes, allPods, (spec) =>
      terms.filter((term) => matchesIncoming(term, spec)).map(countOne),
    ),

  preferences(pod, own, hardWeight, nodes, around) {
    const namespaceLabels = labelsOfNamespace(pod.spec, around);
    return sumOver(nodes, own.length > 0 ? allPods : podsWithTerms, (spec) => [
      ...own
        .filter(({ term }) => matchesIncoming(term, spec))
        .map(({ term, weight }) => ({ key: term.topologyKey, amount: weight })),
      ...preferencesOf(spec, hardWeight)
        .filter(({ term }) =>
          matchesExisting(term, spec.template.namespace, pod.spec, namespaceLabels),
        )
        .map(({ term, weight }) => ({ key: term.topologyKey, amount: weight })),
    ]);
  },
};

/** What a pod of some spec adds under a key, on a node that has the key. */
interface Addition {
  readonly key: string;
  readonly amount: number;
}

function countOne({ topologyKey }: { readonly topologyKey: string }): Addition {
  return { key: topologyKey, amount: 1 };
}

function preferencesOf(
  { template }: PodSpecInfo,
  hardWeight: number,
): { readonly term: PodTerm; readonly weight: number }[] {
  const { affinity, antiAffinity } = template;
  return [
    ...(hardWeight > 0 ? affinity.required.map((term) => ({ term, weight: hardWeight })) : []),
    ...affinity.preferred,
    ...antiAffinity.preferred.map(({ term, weight }) => ({ term, weight: -weight })),
  ];
}

const allPods = ({ pods }: NodeInfo): readonly PodInfo[] => pods;
const podsWithTerms = (node: NodeInfo): readonly PodInfo[] => node.podsWithTerms;

// Asks once for pods of the same spec, which often stand side by side.
function sumOver(
  nodes: readonly NodeInfo[],
  podsOf: (node: NodeInfo) => readonly PodInfo[],
  additionsOf: (spec: PodSpecInfo) => readonly Addition[],
): PairSums {
  const sums = new Map<string, Map<string, number>>();
  const known = new Map<PodSpecInfo, readonly Addition[]>();
  let last: PodSpecInfo | undefined;
  let additions: readonly Addition[] = [];
  for (const info of nodes) {
    const { labels } = info.node;
    for (const { spec } of podsOf(info)) {
      if (spec !== last) {
        last = spec;
        additions = known.get(spec) ?? additionsOf(spec);
        known.set(spec, additions);
      }
      for (const { key, amount } of additions) {
        const value = labels[key];
        if (value !== undefined) addTo(sums, key, value, amount);
      }
    }
  }
  return sums;
}

function addTo(
  sums: Map<string, Map<string, number>>,
  key: string,
  value: string,
  amount: number,
): void {
  const values = sums.get(key);
  if (values === undefined) sums.set(key, new Map([[value, amount]]));
  else values.set(value, (values.get(value) ?? 0) + amount);
}
