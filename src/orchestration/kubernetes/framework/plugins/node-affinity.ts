/**
 * NodeAffinity (kubernetes.md 1.8, 1.9).
 *
 *   filter    node selector and required terms, and those that the profile adds. Where every term names nodes, no others
 *             are looked at; terms that name no node together fit nowhere
 *   score     sum of the weights of the preferred terms that match, the profile's included; normalised to the largest
 */

import { admitsNode, anyTermMatches, termMatches } from '../node-terms.ts';
import { normalizeByMax } from './default-normalize.ts';
import type { AddedAffinity } from '../../../../cluster/plugin-arguments.ts';
import type { FilterPlugin, ScorePlugin } from '../plugin.ts';
import type { NodeTerm, Weighted } from '../../../../cluster/pod-template.ts';
import type { Refusal } from '../status.ts';

function refusal(reason: string): Refusal {
  return { code: 'UnschedulableAndUnresolvable', plugin: 'NodeAffinity', reasons: [reason] };
}

const OF_POD = refusal("node(s) didn't match Pod's node affinity/selector");
const OF_PROFILE = refusal("node(s) didn't match scheduler-enforced node affinity");
const CONFLICT = refusal('pod affinity terms conflict');

export function nodeAffinityFilter({
  requiredNodeTerms: added,
}: AddedAffinity): FilterPlugin<true> {
  return {
    name: 'NodeAffinity',

    preFilter({ spec }) {
      const { requiredNodeTerms: terms } = spec.template;
      if (terms === undefined && added === undefined && isEmpty(spec.nodeSelector)) return {};
      const nodes = terms === undefined ? undefined : namedNodes(terms);
      if (nodes === undefined) return { state: true };
      return nodes.size === 0 ? { refusal: CONFLICT } : { state: true, nodes };
    },

    filter({ spec }, { node }) {
      if (added !== undefined && !anyTermMatches(added, node)) return OF_PROFILE;
      return admitsNode(spec, node) ? undefined : OF_POD;
    },
  };
}

function isEmpty(map: Readonly<Record<string, string>>): boolean {
  return Object.keys(map).length === 0;
}

/** Union over the terms of the names that each allows; undefined when some term leaves the name open. */
function namedNodes(terms: readonly NodeTerm[]): Set<string> | undefined {
  if (terms.length === 0) return undefined;
  const union = new Set<string>();
  for (const { fields } of terms) {
    let names: readonly string[] | undefined;
    for (const { key, operator, values } of fields) {
      if (key !== 'metadata.name' || operator !== 'In') continue;
      names = names === undefined ? values : names.filter((name) => values.includes(name));
    }
    if (names === undefined) return undefined;
    for (const name of names) union.add(name);
  }
  return union;
}

type Preferences = readonly Weighted<NodeTerm>[];

export function nodeAffinityScore({
  preferredNodeTerms: added,
}: AddedAffinity): ScorePlugin<Preferences> {
  return {
    name: 'NodeAffinity',

    preScore({ spec }) {
      const preferences = [...added, ...spec.template.preferredNodeTerms];
      return preferences.length === 0 ? undefined : preferences;
    },

    score(_pod, { node }, preferences) {
      let sum = 0;
      for (const { weight, term } of preferences) if (termMatches(term, node)) sum += weight;
      return sum;
    },

    normalize: normalizeByMax,
  };
}
