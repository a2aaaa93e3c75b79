/**
 * InterPodAffinity's hint.
 *
 *   pod added      it matches all required affinity terms
 *   pod deleted    it matches all required anti-affinity terms, or its own match the refused pod
 *   node added     it has the key of an affinity term; any node for a pod with anti-affinity
 *   node changed   it has a key of affinity that it had not, or lost one of anti-affinity, or either has another value
 *
 * As the real code (1.36): a pod with several anti-affinity terms comes back only for a deleted pod that matches them all, and a
 * namespace selector is asked of no labels, so that one with conditions sees no namespace beyond those that are named.
 */

import { HOST_KEY } from '../../topology-keys.ts';
import { BARE } from '../../framework/surroundings.ts';
import { NO_LABELS } from '../../framework/label-selector.ts';
import {
  incomingTerm,
  matchesAllIncoming,
  matchesExisting,
} from '../../framework/plugins/inter-pod-affinity-terms.ts';
import type { HintWorld, PluginHint, RefusedPods } from './plugin-hint.ts';
import type { PodTerm } from '../../../../cluster/pod-template.ts';

export const interPodAffinityHint: PluginHint = {
  'pod-added': (refused, { task }, world) => {
    return matchesAll(refused, refused.info().template.affinity.required, task, world);
  },
  'pod-deleted': (refused, { task }, world) => {
    const info = refused.info();
    if (matchesAll(refused, info.template.antiAffinity.required, task, world)) return true;
    const { namespace, antiAffinity } = world.infoOf(task).template;
    const { required } = antiAffinity;
    return (
      required.length > 0 &&
      required.every((term) => matchesExisting(term, namespace, info, NO_LABELS))
    );
  },
  'node-added': (refused, { host }, { view }) => {
    const { affinity, antiAffinity } = refused.info().template;
    const { labels } = view.specs.kindAt(view.hosts.kind[host]!);
    return (
      antiAffinity.required.length > 0 ||
      affinity.required.some(({ topologyKey }) => {
        return topologyKey === HOST_KEY || labels[topologyKey] !== undefined;
      })
    );
  },
  'node-changed': (refused, { before, after }, { view: { specs } }) => {
    const { affinity, antiAffinity } = refused.info().template;
    const was = specs.kindAt(before).labels;
    const is = specs.kindAt(after).labels;
    const moved = ({ topologyKey }: PodTerm): boolean => was[topologyKey] !== is[topologyKey];
    return (
      affinity.required.some((term) => moved(term) && is[term.topologyKey] !== undefined) ||
      antiAffinity.required.some((term) => moved(term) && was[term.topologyKey] !== undefined)
    );
  },
};

function matchesAll(
  refused: RefusedPods,
  terms: readonly PodTerm[],
  task: number,
  { infoOf }: HintWorld,
): boolean {
  const { namespace } = refused.info().template;
  const incoming = terms.map((term) => incomingTerm(term, namespace, BARE));
  return matchesAllIncoming(incoming, infoOf(task));
}
