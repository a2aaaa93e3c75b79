/**
 * What pods that are there mean for a pod that is to come, as tallies: affinity in both directions, and host ports
 * (kubernetes.md 1.8, 1.9).
 */

import {
  incomingTerm,
  labelsOfNamespace,
  matchesAllIncoming,
  matchesExisting,
  matchesIncoming,
} from '../framework/plugins/inter-pod-affinity-terms.ts';
import { HOST_KEY } from '../topology-keys.ts';
import { hostPortsOf, portsCollide } from '../framework/host-ports.ts';
import type { PodSpecInfo } from '../framework/pod-info.ts';
import type { PodTerm, Weighted } from '../../../cluster/pod-template.ts';
import type { Tally } from './tally.ts';
import type { TallyBook } from './tally-book.ts';

/** Points that a required affinity term of a pod on a node gives to the pods it matches. */
const HARD_AFFINITY_WEIGHT = 1;

export interface AffinityRules {
  /** Pods that all required terms match, under the key of each term: there must be some under each, */
  readonly liked: readonly Tally[];
  /** unless there are none at all and the pod matches its own terms. */
  readonly likesItself: boolean;
  /** Pods that a term of the pod wants far, and terms of pods that want this one far: there must be none. */
  readonly disliked: readonly Tally[];
  /** Pods that hold one of its host ports. */
  readonly ports: readonly Tally[];
  /** What preferences of both sides add up to. */
  readonly preferences: readonly Tally[];
}

type Terms = (pod: PodSpecInfo) => readonly Weighted<PodTerm>[];

export function affinityRules(pod: PodSpecInfo, book: TallyBook): AffinityRules {
  const { affinity, antiAffinity } = pod.template;
  const { namespace } = pod.template;
  const incoming = (term: PodTerm) => incomingTerm(term, namespace, book.around);
  const liking = affinity.required.map(incoming);
  const open = (key: string, weightOf: (other: PodSpecInfo) => number): Tally =>
    book.open({
      domains: book.domainsOf(key),
      weightOf: (template) => weightOf(book.templates.at(template)),
    });
  const far = antiAffinity.required.map(incoming);
  const ports = hostPortsOf(pod.template);
  return {
    liked: liking.map(({ topologyKey }) =>
      open(topologyKey, (other) => Number(matchesAllIncoming(liking, other))),
    ),
    likesItself: matchesAllIncoming(liking, pod),
    disliked: [
      ...far.map((term) => open(term.topologyKey, (other) => Number(matchesIncoming(term, other)))),
      ...keysOf(pod, book, requiredAnti).map((key) =>
        open(key, (other) => weightTowards(pod, other, key, requiredAnti, book)),
      ),
    ],
    ports:
      ports.length === 0
        ? []
        : [open(HOST_KEY, (other) => Number(portsCollide(ports, hostPortsOf(other.template))))],
    preferences: preferences(pod, book, open),
  };
}

function preferences(
  pod: PodSpecInfo,
  book: TallyBook,
  open: (key: string, weightOf: (other: PodSpecInfo) => number) => Tally,
): Tally[] {
  const { namespace, affinity, antiAffinity } = pod.template;
  const own = [...affinity.preferred, ...antiAffinity.preferred.map(negative)].map(
    ({ term, weight }) => ({ term: incomingTerm(term, namespace, book.around), weight }),
  );
  const keys = new Set([
    ...own.map(({ term }) => term.topologyKey),
    ...keysOf(pod, book, preferredBy),
  ]);
  return [...keys].map((key) =>
    open(key, (other) => {
      let sum = weightTowards(pod, other, key, preferredBy, book);
      for (const { term, weight } of own) {
        if (term.topologyKey === key && matchesIncoming(term, other)) sum += weight;
      }
      return sum;
    }),
  );
}

const requiredAnti: Terms = ({ template }) =>
  template.antiAffinity.required.map((term) => ({ term, weight: 1 }));

const preferredBy: Terms = ({ template: { affinity, antiAffinity } }) => [
  ...affinity.required.map((term) => ({ term, weight: HARD_AFFINITY_WEIGHT })),
  ...affinity.preferred,
  ...antiAffinity.preferred.map(negative),
];

function negative({ term, weight }: Weighted<PodTerm>): Weighted<PodTerm> {
  return { term, weight: -weight };
}

/** Keys of terms, among those of all templates, that match the pod. */
function keysOf(pod: PodSpecInfo, book: TallyBook, terms: Terms): string[] {
  const { templates } = book;
  const keys = new Set<string>();
  for (const template of templates.opinionated) {
    const other = templates.at(template);
    for (const { term } of terms(other))
      if (isAbout(pod, other, term, book)) keys.add(term.topologyKey);
  }
  return [...keys];
}

/** What terms with the key, of a pod that is there, add up to for the pod. */
function weightTowards(
  pod: PodSpecInfo,
  other: PodSpecInfo,
  key: string,
  terms: Terms,
  book: TallyBook,
): number {
  let sum = 0;
  for (const { term, weight } of terms(other)) {
    if (term.topologyKey === key && isAbout(pod, other, term, book)) sum += weight;
  }
  return sum;
}

function isAbout(
  pod: PodSpecInfo,
  other: PodSpecInfo,
  term: PodTerm,
  { around }: TallyBook,
): boolean {
  return matchesExisting(term, other.template.namespace, pod, labelsOfNamespace(pod, around));
}
