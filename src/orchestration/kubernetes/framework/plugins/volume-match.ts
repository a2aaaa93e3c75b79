/**
 * The volume that a claim would get on a node: one that is kept for it, if the node can reach it, else the smallest free one
 * of its class that is large enough, has its access modes and the labels that it asks for. Without a node: whoever reaches it,
 * as the controller of volumes binds claims that wait for no pod.
 */

import { anyTermMatches } from '../node-terms.ts';
import { selectorMatches } from '../label-selector.ts';
import type { Claim, Volume } from '../storage.ts';
import type { NodeDescription } from '../node-info.ts';

export function smallestMatch(
  claim: Claim,
  volumes: ReadonlyMap<string, Volume>,
  node: Pick<NodeDescription, 'labels'> | undefined,
  taken: ReadonlySet<string>,
): Volume | undefined {
  const reaches = ({ nodeTerms }: Volume): boolean =>
    nodeTerms === undefined || node === undefined || anyTermMatches(nodeTerms, node);
  let smallest: Volume | undefined;
  for (const volume of volumes.values()) {
    if (volume.storageClass !== claim.storageClass || taken.has(volume.name)) continue;
    if (volume.isDeleted || volume.mode !== claim.mode) continue;
    if (volume.storageBytes < claim.storageBytes) continue;
    if (volume.claim !== undefined) {
      if (!isKeptFor(volume.claim, claim)) continue;
      return reaches(volume) ? volume : undefined;
    }
    if (!volume.isAvailable || !meets(volume, claim) || !reaches(volume)) continue;
    if (smallest === undefined || volume.storageBytes < smallest.storageBytes) smallest = volume;
  }
  return smallest;
}

function isKeptFor(kept: NonNullable<Volume['claim']>, claim: Claim): boolean {
  return (
    kept.namespace === claim.namespace &&
    kept.name === claim.name &&
    (kept.uid === '' || kept.uid === claim.uid)
  );
}

function meets({ labels, accessModes }: Volume, claim: Claim): boolean {
  return (
    (claim.selector === undefined || selectorMatches(claim.selector, labels)) &&
    claim.accessModes.every((mode) => accessModes.includes(mode))
  );
}
