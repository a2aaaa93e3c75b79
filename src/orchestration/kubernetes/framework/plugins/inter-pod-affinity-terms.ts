/**
 * Terms of affinity between pods, with the namespaces they are about (kubernetes.md 1.8). Named namespaces and those that the
 * namespace selector matches; where a term states neither, the namespace of the pod that has it.
 *
 * Incoming   the namespace selector of the pod in the cycle is expanded to names. It is then asked once more, of no labels at all:
 *            a selector that matches those, like `team notin (b)` or the empty one, makes the term about every namespace. For all
 *            but the empty one this is a quirk of the real code (1.36).
 * Existing   the namespace selector of a pod on a node is asked of the labels of the incoming pod's namespace.
 */

import { NO_LABELS, isEmptySelector, selectorMatches } from '../label-selector.ts';
import type { LabelSelector, PodTerm } from '../../../../cluster/pod-template.ts';
import type { Labels } from '../label-selector.ts';
import type { PodSpecInfo } from '../pod-info.ts';
import type { Surroundings } from '../surroundings.ts';

/** A term of the pod in the cycle. */
export interface IncomingTerm {
  readonly topologyKey: string;
  readonly selector: LabelSelector | undefined;
  readonly namespaces: readonly string[];
  readonly isAboutAllNamespaces: boolean;
}

export function incomingTerm(
  { topologyKey, selector, namespaces, namespaceSelector }: PodTerm,
  ownNamespace: string,
  around: Surroundings,
): IncomingTerm {
  return {
    topologyKey,
    selector,
    namespaces:
      namespaceSelector === undefined
        ? ownOrNamed(namespaces, ownNamespace)
        : [...namespaces, ...matchingNamespaces(namespaceSelector, around)],
    isAboutAllNamespaces: selectorMatches(namespaceSelector, NO_LABELS),
  };
}

function ownOrNamed(namespaces: readonly string[], ownNamespace: string): readonly string[] {
  return namespaces.length === 0 ? [ownNamespace] : namespaces;
}

// The empty selector is not expanded: it makes the term about every namespace anyway.
function matchingNamespaces(selector: LabelSelector, { namespaces }: Surroundings): string[] {
  if (isEmptySelector(selector)) return [];
  const names: string[] = [];
  for (const [name, labels] of namespaces) {
    if (selectorMatches(selector, labels)) names.push(name);
  }
  return names;
}

export function matchesIncoming(term: IncomingTerm, other: PodSpecInfo): boolean {
  if (!term.isAboutAllNamespaces && !term.namespaces.includes(other.template.namespace)) {
    return false;
  }
  return selectorMatches(term.selector, other.labels);
}

/** All of the terms match the pod; false without terms. */
export function matchesAllIncoming(terms: readonly IncomingTerm[], other: PodSpecInfo): boolean {
  return terms.length > 0 && terms.every((term) => matchesIncoming(term, other));
}

/** Does a term of a pod on a node match the incoming pod, whose namespace has these labels? */
export function matchesExisting(
  { selector, namespaces, namespaceSelector }: PodTerm,
  ownNamespace: string,
  incoming: PodSpecInfo,
  namespaceLabels: Labels,
): boolean {
  const { namespace } = incoming.template;
  const isAbout =
    namespaceSelector === undefined
      ? ownOrNamed(namespaces, ownNamespace).includes(namespace)
      : namespaces.includes(namespace) || selectorMatches(namespaceSelector, namespaceLabels);
  return isAbout && selectorMatches(selector, incoming.labels);
}

export function labelsOfNamespace(spec: PodSpecInfo, { namespaces }: Surroundings): Labels {
  return namespaces.get(spec.template.namespace) ?? NO_LABELS;
}
