/** The namespaces that a term of (anti-)affinity is about: those it names, else the pod's own (aws.md 1.11). */

import type { PodTerm } from '../../cluster/pod-template.ts';

/** A selector of namespaces that selects by labels finds none: a simulation's namespaces have no objects here. */
export function namespacesOf(
  { namespaces, namespaceSelector }: PodTerm,
  namespace: string,
): ReadonlySet<string> {
  return new Set(
    namespaces.length === 0 && namespaceSelector === undefined ? [namespace] : namespaces,
  );
}
