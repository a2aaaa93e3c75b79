/**
 * NodeVolumeLimits (kubernetes.md 1.8): the volumes of a driver that a node's pods use, and those that the pod brings, are no
 * more than the node can attach. One volume counts once however many pods use it; a claim that is not bound yet counts as a
 * volume of its class's provisioner.
 *
 * Departs     volumes that are attached without a pod (VolumeAttachment), in-tree volumes that a driver has taken over, and
 *             drivers that insist on being installed are not known here.
 */

import { claimNames, claimNotFound, claimOf, hopeless } from './pod-claims.ts';
import type { Claim, Storage } from '../storage.ts';
import type { FilterPlugin } from '../plugin.ts';
import type { PodTemplate } from '../../../../cluster/pod-template.ts';
import type { PluginName, Refusal } from '../status.ts';

const NAME: PluginName = 'NodeVolumeLimits';

const TOO_MANY: Refusal = {
  code: 'Unschedulable',
  plugin: NAME,
  reasons: ['node(s) exceed max volume count'],
};

/** In-tree disks that a CSI driver may have taken over: a pod that has one is looked at. */
const MOVABLE = ['ebs', 'gce-pd'];

export const nodeVolumeLimits: FilterPlugin<Storage> = {
  name: NAME,

  preFilter({ spec: { template } }, _nodes, { storage }) {
    const isConcerned = template.volumes.some(
      (volume) =>
        volume.kind === 'claim' || (volume.kind === 'disk' && MOVABLE.includes(volume.driver)),
    );
    return storage === undefined || !isConcerned ? {} : { state: storage };
  },

  filter({ spec: { template } }, { node, pods }, storage) {
    const missing = claimNames(template).find((name) => !claimOf(storage, template, name));
    if (missing !== undefined) {
      const claim = `${template.namespace}/${missing}`;
      return hopeless(NAME, `looking up PVC ${claim}: ${claimNotFound(missing)}`);
    }
    const limits = storage.attachLimits.get(node.name);
    const wanted = driversByVolume([template], storage);
    if (limits === undefined || wanted.size === 0) return undefined;
    const attached = driversByVolume(
      pods.map(({ spec }) => spec.template),
      storage,
    );
    const counts = new Map<string, number>();
    for (const driver of attached.values()) counts.set(driver, (counts.get(driver) ?? 0) + 1);
    const isNew = [...wanted].filter(([volume]) => !attached.has(volume));
    for (const [, driver] of isNew) counts.set(driver, (counts.get(driver) ?? 0) + 1);
    const isOver = isNew.some(
      ([, driver]) => (counts.get(driver) ?? 0) > (limits.get(driver) ?? Infinity),
    );
    return isOver ? TOO_MANY : undefined;
  },
};

/** Volumes that drivers attach for the pods, by an identity. */
function driversByVolume(pods: readonly PodTemplate[], storage: Storage): Map<string, string> {
  const drivers = new Map<string, string>();
  for (const pod of pods) {
    for (const name of claimNames(pod)) {
      const claim = claimOf(storage, pod, name);
      const volume = claim && attachedVolume(claim, storage);
      if (volume !== undefined) drivers.set(`${volume.driver}/${volume.handle}`, volume.driver);
    }
  }
  return drivers;
}

function attachedVolume(
  claim: Claim,
  { volumes, classes }: Storage,
): { driver: string; handle: string } | undefined {
  const volume = volumes.get(claim.volume);
  if (volume !== undefined) return volume.csi;
  const driver = classes.get(claim.storageClass)?.provisioner;
  const handle = `to be made for ${claim.namespace}/${claim.name}`;
  return driver === undefined || driver === '' ? undefined : { driver, handle };
}
