/**
 * Where the volumes of a pod may be, as alternatives of which one must hold: bound ones where they are, others where their
 * class may make them. Whoever orders a node for the pod adds them to what the pod asks (aws.md 1.6).
 */

import { NO_ROW } from '../../../cluster/hosts.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { LabelRequirement } from '../../../cluster/spec.ts';
import type { NodeTerm } from '../../../cluster/pod-template.ts';

/** Empty for anywhere. */
export function volumeTerms(
  { storage, tasks }: ClusterView,
  task: number,
): readonly (readonly LabelRequirement[])[] {
  let alternatives: readonly (readonly LabelRequirement[])[] = [];
  if (storage.wants[tasks.workload[task]!] === undefined) return alternatives;
  for (const claim of storage.claimsOf(tasks, task)) {
    const terms = termsOf(storage, claim);
    if (terms.length === 0) continue;
    const own = terms.map(({ expressions }) => expressions);
    alternatives =
      alternatives.length === 0 ? own : alternatives.flatMap((a) => own.map((b) => [...a, ...b]));
  }
  return alternatives;
}

function termsOf(
  { claims, claimSpecs, volumeSpecs, classes }: ClusterView['storage'],
  claim: number,
): readonly NodeTerm[] {
  const volume = claims.volume[claim]!;
  if (volume !== NO_ROW) return volumeSpecs[volume]!.nodeTerms ?? [];
  return classes.get(claimSpecs[claim]!.storageClass ?? '')?.allowedTerms ?? [];
}
