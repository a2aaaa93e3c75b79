/**
 * InterPodAffinity as a score (kubernetes.md 1.9): what the preferences of the pod, and the terms of the pods on nodes that
 * match it, add up to in the node's domains.
 *
 *     raw(n) = sum over keys of sums[key][value on n]
 *     score  = int( 100 * ((raw - min) / (max - min)) )     0 where max = min
 *
 * Skip       when nothing was added anywhere; or when the pod prefers nothing and the profile ignores preferences of others.
 * Counts     by the AffinityCounter handed in, see inter-pod-affinity-counts.ts.
 */

import { COUNT_ALL_TERMS } from './inter-pod-affinity-counts.ts';
import { MAX_SCORE } from './default-normalize.ts';
import { incomingTerm } from './inter-pod-affinity-terms.ts';
import type { AffinityCounter, PairSums, Preference } from './inter-pod-affinity-counts.ts';
import type { PodAffinityArguments } from '../../../../cluster/plugin-arguments.ts';
import type { PodSpecInfo } from '../pod-info.ts';
import type { ScorePlugin } from '../plugin.ts';
import type { Surroundings } from '../surroundings.ts';

export function interPodAffinityScore(
  { hardPodAffinityWeight, ignoresPreferencesOfOthers }: PodAffinityArguments,
  counter: AffinityCounter = COUNT_ALL_TERMS,
): ScorePlugin<PairSums> {
  return {
    name: 'InterPodAffinity',

    preScore(pod, _, all, around) {
      const own = preferencesOf(pod.spec, around);
      if (own.length === 0 && ignoresPreferencesOfOthers) return undefined;
      const sums = counter.preferences(pod, own, hardPodAffinityWeight, all, around);
      return sums.size === 0 ? undefined : sums;
    },

    score(_, { node }, sums) {
      let sum = 0;
      for (const [key, values] of sums) {
        const value = node.labels[key];
        if (value !== undefined) sum += values.get(value) ?? 0;
      }
      return sum;
    },

    normalize,
  };
}

function preferencesOf({ template }: PodSpecInfo, around: Surroundings): Preference[] {
  const { affinity, antiAffinity, namespace } = template;
  return [
    ...affinity.preferred.map(({ term, weight }) => ({
      term: incomingTerm(term, namespace, around),
      weight,
    })),
    ...antiAffinity.preferred.map(({ term, weight }) => ({
      term: incomingTerm(term, namespace, around),
      weight: -weight,
    })),
  ];
}

function normalize(scores: number[]): void {
  let min = Infinity;
  let max = -Infinity;
  for (const score of scores) {
    min = Math.min(min, score);
    max = Math.max(max, score);
  }
  for (const [i, score] of scores.entries()) {
    // Divided first, as the real code does in floating point.
    scores[i] = max === min ? 0 : Math.trunc(MAX_SCORE * ((score - min) / (max - min)));
  }
}
