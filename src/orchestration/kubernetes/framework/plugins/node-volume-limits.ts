/**
 * NodeVolumeLimits (kubernetes.md 1.8): the volumes of a driver that a node's pods use, and those that the pod brings, are no
 * more than the node can attach. One volume counts once however many pods use it; a claim that is not bound yet counts as a
 * volume of its class's provisioner.
 *
 * Attached    what is attached without a pod of the node counts too. Quirk: it counts twice if the pod brings it
 * In tree     EBS and GCE disks are those of the drivers that have taken them over
 * Departs     drivers that insist on being installed are not known here.
 */

import { claimNames, claimNotFound, claimOf, hopeless } from './pod-claims.ts';
import type { AttachedDisk, Claim, Storage } from '../storage.ts';
import type { FilterPlugin } from '../plugin.ts';
import type { PodTemplate, PodVolume } from '../../../../cluster/pod-template.ts';
import type { PluginName, Refusal } from '../status.ts';

const NAME: PluginName = 'NodeVolumeLimits';

const TOO_MANY: Refusal = {
  code: 'Unschedulable',
  plugin: NAME,
  reasons: ['node(s) exceed max volume count'],
};

/** Drivers that have taken in-tree disks over, by kind of disk and by the provisioner of classes. */
const TAKEN_OVER = new Map([
  ['ebs', 'ebs.csi.aws.com'],
  ['gce-pd', 'pd.csi.storage.gke.io'],
  ['kubernetes.io/aws-ebs', 'ebs.csi.aws.com'],
  ['kubernetes.io/gce-pd', 'pd.csi.storage.gke.io'],
]);

export const nodeVolumeLimits: FilterPlugin<Storage> = {
  name: NAME,

  preFilter({ spec: { template } }, _nodes, { storage }) {
    const isConcerned = template.volumes.some(
      (volume) =>
        volume.kind === 'claim' || (volume.kind === 'disk' && TAKEN_OVER.has(volume.driver)),
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
    const wanted = disksOf([template], storage);
    if (limits === undefined || wanted.size === 0) return undefined;
    const used = disksOf(
      pods.map(({ spec }) => spec.template),
      storage,
    );
    const others = (storage.attached?.get(node.name) ?? []).filter(
      (disk) => !used.has(keyOf(disk)),
    );
    const added = [...wanted].filter(([key]) => !used.has(key)).map(([, disk]) => disk);
    const all = [...used.values(), ...others, ...added];
    const isOver = added.some(
      ({ driver }) => all.filter((disk) => disk.driver === driver).length > limitOf(limits, driver),
    );
    return isOver ? TOO_MANY : undefined;
  },
};

function limitOf(limits: ReadonlyMap<string, number>, driver: string): number {
  return limits.get(driver) ?? Infinity;
}

function keyOf({ driver, handle }: AttachedDisk): string {
  return `${driver}/${handle}`;
}

/** What drivers attach for the pods, each once. */
function disksOf(pods: readonly PodTemplate[], storage: Storage): Map<string, AttachedDisk> {
  const disks = new Map<string, AttachedDisk>();
  for (const pod of pods) {
    for (const volume of pod.volumes) {
      const disk = diskOf(volume, pod, storage);
      if (disk !== undefined) disks.set(keyOf(disk), disk);
    }
  }
  return disks;
}

function diskOf(volume: PodVolume, pod: PodTemplate, storage: Storage): AttachedDisk | undefined {
  if (volume.kind === 'disk') {
    const driver = TAKEN_OVER.get(volume.driver);
    return driver === undefined ? undefined : { driver, handle: withoutZone(volume.id) };
  }
  if (volume.kind !== 'claim') return undefined;
  const claim = claimOf(storage, pod, volume.claim);
  return claim && diskOfClaim(claim, storage);
}

/** `aws://ZONE/ID` is the disk `ID`. */
function withoutZone(id: string): string {
  return id.startsWith('aws://') ? id.slice(id.lastIndexOf('/') + 1) : id;
}

function diskOfClaim(claim: Claim, { volumes, classes }: Storage): AttachedDisk | undefined {
  const volume = volumes.get(claim.volume);
  if (volume !== undefined) return volume.csi;
  const provisioner = classes.get(claim.storageClass)?.provisioner;
  if (provisioner === undefined || provisioner === '') return undefined;
  const driver = TAKEN_OVER.get(provisioner) ?? provisioner;
  return { driver, handle: `to be made for ${claim.namespace}/${claim.name}` };
}
