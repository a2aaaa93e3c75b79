/**
 * VolumeZone (kubernetes.md 1.8): a node must have the zone and region that the labels of the pod's bound volumes name. A node
 * without any such label of its own passes. A label may list several zones with `__` between them.
 */

import { claimNames, claimNotFound, claimOf, hopeless } from './pod-claims.ts';
import type { Claim, Storage, Volume } from '../storage.ts';
import type { FilterPlugin } from '../plugin.ts';
import type { PluginName, Refusal } from '../status.ts';

const NAME: PluginName = 'VolumeZone';
const ZONE = 'topology.kubernetes.io/zone';
const REGION = 'topology.kubernetes.io/region';
const OLD_ZONE = 'failure-domain.beta.kubernetes.io/zone';
const OLD_REGION = 'failure-domain.beta.kubernetes.io/region';
const TOPOLOGY_LABELS = [OLD_ZONE, OLD_REGION, ZONE, REGION];
const RENAMED = new Map([
  [OLD_ZONE, ZONE],
  [OLD_REGION, REGION],
]);

const REFUSAL = hopeless(NAME, 'node(s) had no available volume zone');

interface Place {
  readonly key: string;
  readonly values: readonly string[];
}

/** State: where the volumes are. */
export const volumeZone: FilterPlugin<readonly Place[]> = {
  name: NAME,

  preFilter({ spec: { template } }, _nodes, { storage }) {
    if (storage === undefined) return {};
    const places: Place[] = [];
    for (const name of claimNames(template)) {
      const claim = claimOf(storage, template, name);
      if (claim === undefined) return { refusal: hopeless(NAME, claimNotFound(name)) };
      if (claim.volume === '') {
        const refusal = unboundRefusal(claim, storage);
        if (refusal !== undefined) return { refusal };
        continue;
      }
      const volume = storage.volumes.get(claim.volume);
      if (volume === undefined) {
        return { refusal: hopeless(NAME, `persistentvolume "${claim.volume}" not found`) };
      }
      places.push(...placesOf(volume));
    }
    return places.length === 0 ? {} : { state: places };
  },

  filter(_pod, { node: { labels } }, places) {
    if (TOPOLOGY_LABELS.every((key) => labels[key] === undefined)) return undefined;
    const isThere = places.every(({ key, values }) => {
      const value = labels[key] ?? labels[RENAMED.get(key) ?? key];
      return value !== undefined && values.includes(value);
    });
    return isThere ? undefined : REFUSAL;
  },
};

/** A claim without a volume is fine only if its volume is chosen after its pod's node. */
function unboundRefusal({ storageClass }: Claim, { classes }: Storage): Refusal | undefined {
  if (storageClass === '') {
    return hopeless(NAME, 'PersistentVolumeClaim had no pv name and storageClass name');
  }
  const found = classes.get(storageClass);
  if (found === undefined) {
    return hopeless(NAME, `storageclass.storage.k8s.io "${storageClass}" not found`);
  }
  return found.bindingMode === 'WaitForFirstConsumer'
    ? undefined
    : hopeless(NAME, 'PersistentVolume had no name');
}

/** A label with an empty name among its zones says nothing. */
function placesOf({ labels }: Volume): Place[] {
  return TOPOLOGY_LABELS.flatMap((key) => {
    const values = (labels[key] ?? '').split('__').map((value) => value.trim());
    return values.includes('') ? [] : [{ key, values }];
  });
}
