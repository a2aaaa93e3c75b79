/**
 * The namespaces that a term of (anti-)affinity is about: those that it names and those that its selector selects by their labels;
 * the pod's own where it says neither (aws.md 1.11; Karpenter 1.14, buildNamespaceList).
 */

import { selectorMatches } from '../../orchestration/kubernetes/framework/label-selector.ts';
import type { Labels } from '../../orchestration/kubernetes/framework/label-selector.ts';
import type { PodTerm } from '../../cluster/pod-template.ts';

/** Labels of every namespace by its name. */
export type NamespaceLabels = ReadonlyMap<string, Labels>;

export function namespacesOf(
  { namespaces, namespaceSelector }: PodTerm,
  own: string,
  known: NamespaceLabels,
): ReadonlySet<string> {
  if (namespaceSelector === undefined) return new Set(namespaces.length === 0 ? [own] : namespaces);
  const selected = [...known].filter(([, labels]) => selectorMatches(namespaceSelector, labels));
  return new Set([...selected.map(([name]) => name), ...namespaces]);
}
