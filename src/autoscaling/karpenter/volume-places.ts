/** Where the volumes of a pod may be, as Karpenter adds it to what the pod requires of its node: one of these must hold (aws.md 1.6). */

import { Requirement } from './requirement.ts';
import { Requirements } from './requirements.ts';
import { volumeTerms } from '../../orchestration/kubernetes/volumes/volume-terms.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

/** Empty for anywhere. */
export function volumePlaces(view: ClusterView): (task: number) => readonly Requirements[] {
  return (task) =>
    volumeTerms(view, task).map((term) => Requirements.of(term.map((one) => Requirement.of(one))));
}
