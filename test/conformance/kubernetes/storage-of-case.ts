/** Claims, volumes, classes and drivers of a case as the volume plugins see them. */

import { amountsOf } from '../../../src/workload/manifests/api-values.ts';
import { labelSelectorOf } from '../../../src/workload/manifests/label-selector.ts';
import { nodeTermsOf } from '../../../src/workload/manifests/pod-affinity.ts';
import { readPlain } from './read-plain.ts';
import type {
  AttachedDisk,
  Claim,
  Storage,
  StorageClass,
  Volume,
} from '../../../src/orchestration/kubernetes/framework/storage.ts';
import type { Json, OtherObjects } from './api-objects.ts';
import type { YamlCursor } from '../../../src/workload/manifests/yaml-cursor.ts';

export function storageOf(others: OtherObjects): Storage {
  const each = <T>(objects: readonly Json[], reader: (cursor: YamlCursor) => T): T[] =>
    objects.map((object) => readPlain(object, reader));
  const claims = each(others.persistentVolumeClaims, claimOf);
  const volumes = each(others.persistentVolumes, volumeOf);
  const classes = each(others.storageClasses, classOf);
  return {
    claims: new Map(claims.map((claim) => [`${claim.namespace}/${claim.name}`, claim])),
    volumes: new Map(volumes.map((volume) => [volume.name, volume])),
    classes: new Map(classes.map((one) => [one.name, one])),
    attachLimits: new Map(each(others.csiNodes, limitsOf)),
    attached: attachedOf(each(others.volumeAttachments ?? [], attachmentOf), volumes),
  };
}

function claimOf(claim: YamlCursor): Claim {
  const metadata = claim.get('metadata');
  const annotations = metadata.get('annotations').textMap();
  const spec = claim.get('spec');
  const selector = labelSelectorOf(spec.get('selector'));
  const volume = spec.get('volumeName').text();
  const selectedNode = annotations['volume.kubernetes.io/selected-node'];
  return {
    namespace: metadata.get('namespace').text('default'),
    name: metadata.get('name').text(),
    uid: metadata.get('uid').text(),
    storageClass: spec.get('storageClassName').text(),
    volume,
    isBound: volume !== '' && annotations['pv.kubernetes.io/bind-completed'] !== undefined,
    isLost: claim.get('status').get('phase').text() === 'Lost',
    isDeleted: !metadata.get('deletionTimestamp').isAbsent,
    ...(selectedNode === undefined ? {} : { selectedNode }),
    storageBytes: storageBytesOf(spec.get('resources').get('requests')),
    accessModes: textsOf(spec.get('accessModes')),
    mode: spec.get('volumeMode').oneOf(['Filesystem', 'Block'], 'Filesystem'),
    ...(selector === undefined ? {} : { selector }),
  };
}

function volumeOf(volume: YamlCursor): Volume {
  const metadata = volume.get('metadata');
  const spec = volume.get('spec');
  const claim = spec.get('claimRef');
  const csi = csiOf(spec);
  const required = spec.get('nodeAffinity').get('required');
  return {
    name: metadata.get('name').text(),
    labels: metadata.get('labels').textMap(),
    ...(claim.isAbsent
      ? {}
      : {
          claim: {
            namespace: claim.get('namespace').text(),
            name: claim.get('name').text(),
            uid: claim.get('uid').text(),
          },
        }),
    storageClass: spec.get('storageClassName').text(),
    storageBytes: storageBytesOf(spec.get('capacity')),
    accessModes: textsOf(spec.get('accessModes')),
    mode: spec.get('volumeMode').oneOf(['Filesystem', 'Block'], 'Filesystem'),
    isAvailable: volume.get('status').get('phase').text() === 'Available',
    isDeleted: !metadata.get('deletionTimestamp').isAbsent,
    ...(required.isAbsent ? {} : { nodeTerms: nodeTermsOf(required) }),
    ...(csi === undefined ? {} : { csi }),
  };
}

/** An in-tree EBS volume is one of the driver that has taken it over; `aws://ZONE/ID` is the volume `ID`. */
function csiOf(spec: YamlCursor): AttachedDisk | undefined {
  const csi = spec.get('csi');
  if (!csi.isAbsent) {
    return { driver: csi.get('driver').text(), handle: csi.get('volumeHandle').text() };
  }
  const ebs = spec.get('awsElasticBlockStore');
  if (ebs.isAbsent) return undefined;
  return {
    driver: 'ebs.csi.aws.com',
    handle: ebs
      .get('volumeID')
      .text()
      .replace(/^aws:.*\//, ''),
  };
}

function classOf(storageClass: YamlCursor): StorageClass {
  return {
    name: storageClass.get('metadata').get('name').text(),
    provisioner: storageClass.get('provisioner').text(),
    bindingMode: storageClass
      .get('volumeBindingMode')
      .oneOf(['Immediate', 'WaitForFirstConsumer'], 'Immediate'),
    allowedTopologies: storageClass
      .get('allowedTopologies')
      .items()
      .map((topology) =>
        topology
          .get('matchLabelExpressions')
          .items()
          .map((label) => ({
            key: label.get('key').text(),
            operator: 'In' as const,
            values: textsOf(label.get('values')),
          })),
      ),
  };
}

function limitsOf(csiNode: YamlCursor): [string, Map<string, number>] {
  const limits = new Map<string, number>();
  for (const driver of csiNode.get('spec').get('drivers').items()) {
    const count = driver.get('allocatable').get('count');
    if (!count.isAbsent) limits.set(driver.get('name').text(), count.whole(0));
  }
  return [csiNode.get('metadata').get('name').text(), limits];
}

interface Attachment {
  readonly node: string;
  readonly driver: string;
  readonly volume: string;
}

function attachmentOf(attachment: YamlCursor): Attachment {
  const spec = attachment.get('spec');
  return {
    node: spec.get('nodeName').text(),
    driver: spec.get('attacher').text(),
    volume: spec.get('source').get('persistentVolumeName').text(),
  };
}

/** An attachment without a driver, or of what no driver attaches, does not count. */
function attachedOf(
  attachments: readonly Attachment[],
  volumes: readonly Volume[],
): Map<string, AttachedDisk[]> {
  const attached = new Map<string, AttachedDisk[]>();
  for (const { node, driver, volume } of attachments) {
    const csi = volumes.find(({ name }) => name === volume)?.csi;
    if (driver === '' || csi === undefined) continue;
    attached.set(node, [...(attached.get(node) ?? []), { driver, handle: csi.handle }]);
  }
  return attached;
}

function storageBytesOf(amounts: YamlCursor): number {
  return amountsOf(amounts)['storage'] ?? 0;
}

function textsOf(list: YamlCursor): string[] {
  return list.items().map((item) => item.text());
}
