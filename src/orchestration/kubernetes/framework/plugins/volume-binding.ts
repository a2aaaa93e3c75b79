/**
 * VolumeBinding (kubernetes.md 1.8): the pod's bound volumes can be reached from the node, and its unbound claims can get one
 * there: a free volume of their class (the smallest that is large enough), or a new one where the class may make volumes.
 *
 *   before    claims that are missing, lost or being deleted, or unbound though their class binds at once: fits nowhere
 *   code      UnschedulableAndUnresolvable throughout
 *
 * Ties        of free volumes of one size: the first in the order of Storage.
 * Departs     filters only: nothing is reserved or bound. Storage capacity that drivers publish, and the score that reads it,
 *             are not known here.
 */

import { anyTermMatches } from '../node-terms.ts';
import { claimNames, claimNotFound, claimOf, hopeless } from './pod-claims.ts';
import { requirementHolds } from '../../../../cluster/specs.ts';
import { smallestMatch } from './volume-match.ts';
import type { Claim, Storage, StorageClass } from '../storage.ts';
import type { FilterPlugin } from '../plugin.ts';
import type { NodeDescription } from '../node-info.ts';
import type { PluginName } from '../status.ts';

const NAME: PluginName = 'VolumeBinding';
const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

const NODE_CONFLICT = "node(s) didn't match PersistentVolume's node affinity";
const BIND_CONFLICT = "node(s) didn't find available persistent volumes to bind";
const VOLUME_GONE = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';

export interface BindingState {
  readonly storage: Storage;
  readonly bound: readonly Claim[];
  /** Smallest first. */
  readonly unbound: readonly Claim[];
}

export const volumeBinding: FilterPlugin<BindingState> = {
  name: NAME,

  preFilter({ spec: { template } }, _nodes, { storage }) {
    if (storage === undefined) return {};
    const claims: Claim[] = [];
    for (const name of claimNames(template)) {
      const claim = claimOf(storage, template, name);
      const fault = claim === undefined ? claimNotFound(name) : faultOf(claim);
      if (fault !== undefined) return { refusal: hopeless(NAME, fault) };
      claims.push(claim!);
    }
    if (claims.length === 0) return {};
    const unbound = claims.filter(({ isBound }) => !isBound);
    if (unbound.some((claim) => !waitsForPod(claim, storage))) {
      return { refusal: hopeless(NAME, 'pod has unbound immediate PersistentVolumeClaims') };
    }
    return {
      state: {
        storage,
        bound: claims.filter(({ isBound }) => isBound),
        unbound: unbound.toSorted((a, b) => a.storageBytes - b.storageBytes),
      },
    };
  },

  filter(_pod, { node }, { storage, bound, unbound }) {
    const reasons = [
      ...boundReasons(bound, node, storage),
      ...(canGetVolumes(unbound, node, storage) ? [] : [BIND_CONFLICT]),
    ];
    if (reasons.length === 0) return undefined;
    return { code: 'UnschedulableAndUnresolvable', plugin: NAME, reasons };
  },
};

function faultOf({ name, volume, isLost, isDeleted }: Claim): string | undefined {
  if (isLost) {
    return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${volume}"`;
  }
  return isDeleted ? `persistentvolumeclaim "${name}" is being deleted` : undefined;
}

/** A claim that names a volume is its binder's matter, not the scheduler's. */
function waitsForPod({ storageClass, volume }: Claim, { classes }: Storage): boolean {
  return volume === '' && classes.get(storageClass)?.bindingMode === 'WaitForFirstConsumer';
}

/** The first claim that is in the way tells why. */
function boundReasons(
  claims: readonly Claim[],
  { labels }: NodeDescription,
  { volumes }: Storage,
): string[] {
  for (const claim of claims) {
    const volume = volumes.get(claim.volume);
    if (volume === undefined) return [VOLUME_GONE];
    const { nodeTerms } = volume;
    if (nodeTerms !== undefined && !anyTermMatches(nodeTerms, { labels })) return [NODE_CONFLICT];
  }
  return [];
}

function canGetVolumes(claims: readonly Claim[], node: NodeDescription, storage: Storage): boolean {
  if (claims.some(({ selectedNode }) => (selectedNode ?? node.name) !== node.name)) return false;
  const taken = new Set<string>();
  return claims.every((claim) => {
    if (claim.selectedNode === undefined) {
      const volume = smallestMatch(claim, storage.volumes, node, taken);
      if (volume !== undefined) {
        taken.add(volume.name);
        return true;
      }
    }
    return canMakeVolume(storage.classes.get(claim.storageClass)!, node);
  });
}

function canMakeVolume(
  { provisioner, allowedTopologies }: StorageClass,
  { labels }: NodeDescription,
): boolean {
  if (provisioner === '' || provisioner === NO_PROVISIONER) return false;
  if (allowedTopologies.length === 0) return true;
  return allowedTopologies.some(
    (terms) => terms.length > 0 && terms.every((term) => requirementHolds(term, labels)),
  );
}
