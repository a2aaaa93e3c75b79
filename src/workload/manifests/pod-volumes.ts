/**
 * Volumes of a pod as far as they bear on placement: claims, disks that pods may not share, storage that is lost with the
 * node, images. Others (secrets, configuration, network file systems, drivers' own) hold no pod back and are not kept.
 */

import type { PodVolume } from '../../cluster/pod-template.ts';
import { claimTemplate } from './storage-objects.ts';
import type { YamlCursor } from './yaml-cursor.ts';

export function podVolumes(podSpec: YamlCursor): PodVolume[] {
  return podSpec
    .get('volumes')
    .items()
    .flatMap((volume) => {
      const read =
        claimOf(volume) ??
        ephemeralOf(volume) ??
        diskOf(volume) ??
        localOf(volume) ??
        imageOf(volume);
      return read === undefined ? [] : [read];
    });
}

function claimOf(volume: YamlCursor): PodVolume | undefined {
  const claim = volume.get('persistentVolumeClaim');
  return claim.isAbsent ? undefined : { kind: 'claim', claim: claim.get('claimName').text() };
}

/** A claim that is made for the pod and goes with it. */
function ephemeralOf(volume: YamlCursor): PodVolume | undefined {
  const ephemeral = volume.get('ephemeral');
  if (ephemeral.isAbsent) return undefined;
  const name = volume.get('name').text();
  return { kind: 'ephemeral', claim: claimTemplate(ephemeral.get('volumeClaimTemplate'), name) };
}

/** Two pods collide by what Kubernetes compares: EBS volumes even as readers, iSCSI by its qualified name alone. */
function diskOf(volume: YamlCursor): PodVolume | undefined {
  const ebs = volume.get('awsElasticBlockStore');
  if (!ebs.isAbsent) {
    return { kind: 'disk', driver: 'ebs', id: ebs.get('volumeID').text(), isReadOnly: false };
  }
  const gce = volume.get('gcePersistentDisk');
  if (!gce.isAbsent) {
    return { kind: 'disk', driver: 'gce-pd', id: gce.get('pdName').text(), ...readOnly(gce) };
  }
  const iscsi = volume.get('iscsi');
  if (!iscsi.isAbsent) {
    return { kind: 'disk', driver: 'iscsi', id: iscsi.get('iqn').text(), ...readOnly(iscsi) };
  }
  const rbd = volume.get('rbd');
  if (rbd.isAbsent) return undefined;
  const monitors = rbd.get('monitors').items();
  return {
    kind: 'disk',
    driver: 'rbd',
    id: `${rbd.get('pool').text('rbd')}/${rbd.get('image').text()}`,
    ...readOnly(rbd),
    monitors: monitors.map((monitor) => monitor.text()),
  };
}

function readOnly(disk: YamlCursor): { isReadOnly: boolean } {
  return { isReadOnly: disk.get('readOnly').flag() };
}

function localOf(volume: YamlCursor): PodVolume | undefined {
  const empty = volume.get('emptyDir');
  const isOnDisk = !empty.isAbsent && empty.get('medium').text() !== 'Memory';
  return isOnDisk || !volume.get('hostPath').isAbsent ? { kind: 'local' } : undefined;
}

function imageOf(volume: YamlCursor): PodVolume | undefined {
  const image = volume.get('image');
  return image.isAbsent ? undefined : { kind: 'image', image: image.get('reference').text() };
}
