/**
 * A pod with the claims that are its own: those of its ordinal and of itself, which its template does not name. Claims that
 * nobody has defined are left out: they hold no pod back.
 */

import type { ClusterView } from '../../../cluster/cluster.ts';
import type { PodSpecInfo } from '../framework/pod-info.ts';
import type { PodVolume } from '../../../cluster/pod-template.ts';

export function withClaims(view: ClusterView, task: number, pod: PodSpecInfo): PodSpecInfo {
  const { storage, tasks } = view;
  if (storage.wants[tasks.workload[task]!] === undefined) return pod;
  return withVolumes(view, storage.claimsOf(tasks, task), pod);
}

/** `claims`: their rows. */
export function withVolumes(
  { storage }: ClusterView,
  claims: readonly number[],
  pod: PodSpecInfo,
): PodSpecInfo {
  const own = claims.map((claim): PodVolume => {
    return { kind: 'claim', claim: storage.claimSpecs[claim]!.name };
  });
  const others = pod.template.volumes.filter(({ kind }) => kind !== 'claim');
  return { ...pod, template: { ...pod.template, volumes: [...others, ...own] } };
}
