/**
 * Keeps the pods of a workload to the nodes that reach the volumes of their claims (kubernetes.md 1.8): a claim that is bound
 * to a disk of a zone is as good as a required node affinity for that zone.
 */

import { PLAIN_POD, type NodeTerm } from '../../cluster/pod-template.ts';
import type { TaskSpec } from '../../cluster/spec.ts';
import type { StorageSpecs } from '../../cluster/storage-specs.ts';
import { bothTerms, volumeOfClaim } from './storage-objects.ts';

export function keepToVolumes(spec: TaskSpec, namespace: string, storage: StorageSpecs): TaskSpec {
  const names = new Set<string>();
  for (const volume of spec.pod?.volumes ?? []) {
    if (volume.kind === 'claim') names.add(volume.claim);
  }
  let kept = spec;
  for (const claim of storage.claims) {
    if (claim.namespace !== namespace || !names.has(claim.name)) continue;
    const terms = volumeOfClaim(claim, storage.volumes)?.nodeTerms;
    if (terms !== undefined) kept = keepTo(kept, terms);
  }
  return kept;
}

/** A single term of labels alone is told twice: only Kubernetes understands others. */
function keepTo(spec: TaskSpec, terms: readonly NodeTerm[]): TaskSpec {
  const [only, ...others] = terms;
  const isPlain = only !== undefined && others.length === 0 && only.fields.length === 0;
  const pod = spec.pod ?? PLAIN_POD;
  return {
    ...spec,
    requirements: isPlain ? [...spec.requirements, ...only.expressions] : spec.requirements,
    pod: { ...pod, requiredNodeTerms: bothTerms(pod.requiredNodeTerms, terms) },
  };
}
