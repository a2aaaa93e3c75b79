/**
 * Volumes in outline: claims bound to a volume of one zone or one node, claims that wait for their first consumer, claims
 * that will not bind, disks that two pods may not share, claims for one pod alone, drivers with a limit per node, in-tree
 * disks that a driver has taken over, and what is attached to nodes without a pod.
 */

import type { Json } from './api-objects.ts';
import type { Draw } from '../draw.ts';
import { HOSTNAME, IMAGES, REGION, ZONE, ZONES } from './vocabulary.ts';

/** What the volumes of a case need to exist. */
export interface StorageObjects {
  readonly persistentVolumes: readonly Json[];
  readonly persistentVolumeClaims: readonly Json[];
  readonly storageClasses: readonly Json[];
  readonly csiNodes: readonly Json[];
  readonly volumeAttachments?: readonly Json[];
}

const DRIVER = 'disk.csi.example';
const EBS_DRIVER = 'ebs.csi.aws.com';
const EBS_PROVISIONER = 'kubernetes.io/aws-ebs';
const OLD_ZONE = 'failure-domain.beta.kubernetes.io/zone';
const OLD_REGION = 'failure-domain.beta.kubernetes.io/region';

const CLAIM_NAMES = [
  'zonal',
  'local',
  'waiting',
  'waiting-local',
  'waiting-labelled',
  'immediate',
  'alone',
  'alone',
  'attached',
  'attached-too',
  'in-tree',
  'in-tree-waiting',
  'selected',
] as const;

// Claims that keep their pods everywhere from running.
const BROKEN_NAMES = ['missing', 'lost', 'going', 'classless', 'of-no-class', 'volume-gone'];

export const NO_STORAGE: StorageObjects = {
  persistentVolumes: [],
  persistentVolumeClaims: [],
  storageClasses: [],
  csiNodes: [],
};

export function drawStorage(draw: Draw, nodeNames: readonly string[]): StorageObjects {
  return {
    persistentVolumes: drawVolumes(draw, nodeNames),
    persistentVolumeClaims: drawClaims(draw, nodeNames),
    storageClasses: [
      storageClass('fast', DRIVER, 'Immediate'),
      storageClass('late', DRIVER, 'WaitForFirstConsumer', draw.some(ZONES, draw.int(0, 2))),
      storageClass('local', 'kubernetes.io/no-provisioner', 'WaitForFirstConsumer'),
      storageClass('attachable', DRIVER, 'Immediate'),
      storageClass('in-tree', EBS_PROVISIONER, 'WaitForFirstConsumer'),
    ],
    csiNodes: nodeNames.filter(() => draw.chance(0.9)).map((name) => drawCsiNode(draw, name)),
    volumeAttachments: nodeNames
      .filter(() => draw.chance(0.4))
      .map((name) => drawAttachment(draw, name)),
  };
}

function drawVolumes(draw: Draw, nodeNames: readonly string[]): Json[] {
  const some = (): Json => onNodes(draw.some(nodeNames, draw.int(1, 2)));
  return [
    { ...volume('pv-zonal', 'zonal', 'fast'), metadata: drawPlace(draw, 'pv-zonal') },
    volume('pv-local', 'local', 'local', some()),
    volume('pv-alone', 'alone', 'fast'),
    attached('pv-attached', 'attached'),
    attached('pv-attached-too', 'attached-too'),
    attached('pv-nobodys', 'nobody'),
    inTree('pv-in-tree', 'in-tree'),
    volume('pv-free', undefined, 'local', some()),
    {
      ...volume('pv-labelled', undefined, 'local', some(), '7Gi'),
      metadata: { name: 'pv-labelled', labels: { speed: draw.pick(['high', 'low']) } },
    },
    volume('pv-small', undefined, 'local', some(), draw.pick(['4Gi', '5Gi'])),
  ];
}

// A zone or a region, under the old labels or the new ones; several zones now and then.
function drawPlace(draw: Draw, name: string): Json {
  const zone = draw.pick(ZONES);
  const zones = draw.chance(0.3) ? `${zone}__eu-1a` : zone;
  return {
    name,
    labels: draw.pick<Json>([
      { [ZONE]: zones },
      { [ZONE]: zones },
      { [OLD_ZONE]: zones },
      { [REGION]: zone.slice(0, 4) },
      { [OLD_REGION]: zone.slice(0, 4), [ZONE]: zones },
      { [ZONE]: `${zone}__` },
    ]),
  };
}

function drawClaims(draw: Draw, nodeNames: readonly string[]): Json[] {
  return [
    claim('zonal', 'fast', { volumeName: 'pv-zonal' }),
    claim('local', 'local', { volumeName: 'pv-local' }),
    claim('waiting', 'late'),
    claim('waiting-local', 'local'),
    claim('waiting-labelled', 'local', { selector: { matchLabels: { speed: 'high' } } }),
    claim('immediate', 'fast'),
    claim('alone', 'fast', { volumeName: 'pv-alone', accessMode: 'ReadWriteOncePod' }),
    claim('attached', 'attachable', { volumeName: 'pv-attached' }),
    claim('attached-too', 'attachable', { volumeName: 'pv-attached-too' }),
    claim('in-tree', 'in-tree', { volumeName: 'pv-in-tree' }),
    claim('in-tree-waiting', 'in-tree'),
    claim('selected', 'late', { selectedNode: draw.pick(nodeNames) }),
    claim('lost', 'fast', { volumeName: 'pv-lost', phase: 'Lost' }),
    claim('going', 'fast', { volumeName: 'pv-alone', isGoing: true }),
    claim('classless', undefined),
    claim('of-no-class', 'gone'),
    claim('volume-gone', 'fast', { volumeName: 'pv-gone' }),
  ];
}

function drawCsiNode(draw: Draw, name: string): Json {
  const driver = (driverName: string): Json => ({
    name: driverName,
    nodeID: name,
    topologyKeys: [ZONE],
    ...draw.maybe(0.9, () => ({ allocatable: { count: draw.int(0, 3) } })),
  });
  return { metadata: { name }, spec: { drivers: [driver(DRIVER), driver(EBS_DRIVER)] } };
}

function drawAttachment(draw: Draw, nodeName: string): Json {
  const persistentVolumeName = draw.pick([
    'pv-attached',
    'pv-attached-too',
    'pv-nobodys',
    'pv-nobodys',
    'pv-local',
    'pv-gone',
  ]);
  return {
    metadata: { name: `attachment-${nodeName}` },
    spec: {
      attacher: draw.chance(0.95) ? DRIVER : '',
      nodeName,
      source: draw.chance(0.95) ? { persistentVolumeName } : {},
    },
  };
}

/** Volumes of one pod. */
export function drawPodVolumes(draw: Draw): Json[] {
  if (draw.chance(0.3)) return [{ name: 'disk', ...drawDisk(draw) }];
  if (draw.chance(0.15)) {
    return [{ name: 'image', image: { reference: draw.pick(IMAGES), pullPolicy: 'IfNotPresent' } }];
  }
  const names = draw.chance(0.08)
    ? [draw.pick(BROKEN_NAMES)]
    : draw.some(CLAIM_NAMES, draw.pick([1, 1, 2, 3]));
  return [...new Set(names)].map((claimName) => ({
    name: claimName,
    persistentVolumeClaim: { claimName },
  }));
}

function drawDisk(draw: Draw): { [key: string]: Json } {
  const readOnly = draw.chance(0.4);
  const id = draw.pick(['disk-1', 'disk-2']);
  const monitors = draw.some(['10.0.0.7', '10.0.0.8', '10.0.0.9'], draw.int(1, 2));
  return draw.pick<{ [key: string]: Json }>([
    { awsElasticBlockStore: { volumeID: id } },
    { awsElasticBlockStore: { volumeID: draw.pick([EBS_ID, `aws://eu-1a/${EBS_ID}`]) } },
    { gcePersistentDisk: { pdName: id, readOnly } },
    { iscsi: { targetPortal: '10.0.0.9', iqn: `iqn.2026-01.example:${id}`, lun: 0, readOnly } },
    { rbd: { monitors, image: id, pool: 'rbd', readOnly } },
  ]);
}

const EBS_ID = 'vol-0123456789abcdef0';

function volume(
  name: string,
  claimName: string | undefined,
  className: string,
  nodeAffinity?: Json,
  storage = '10Gi',
): { [key: string]: Json } {
  return {
    metadata: { name },
    spec: {
      capacity: { storage },
      accessModes: ['ReadWriteOnce'],
      storageClassName: className,
      hostPath: { path: '/data' },
      ...(claimName === undefined ? {} : { claimRef: claimRef(claimName) }),
      ...(nodeAffinity === undefined ? {} : { nodeAffinity }),
    },
    status: { phase: claimName === undefined ? 'Available' : 'Bound' },
  };
}

function attached(name: string, claimName: string): Json {
  return {
    metadata: { name },
    spec: {
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'attachable',
      csi: { driver: DRIVER, volumeHandle: `handle-${claimName}` },
      claimRef: claimRef(claimName),
    },
    status: { phase: 'Bound' },
  };
}

function inTree(name: string, claimName: string): Json {
  return {
    metadata: { name },
    spec: {
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'in-tree',
      awsElasticBlockStore: { volumeID: `aws://eu-1a/${EBS_ID}` },
      claimRef: claimRef(claimName),
    },
    status: { phase: 'Bound' },
  };
}

function claimRef(name: string): Json {
  return { namespace: 'default', name, uid: `uid-${name}` };
}

function onNodes(values: readonly string[]): Json {
  return {
    required: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: HOSTNAME, operator: 'In', values }] }],
    },
  };
}

interface ClaimWish {
  readonly volumeName?: string;
  readonly accessMode?: string;
  readonly selector?: Json;
  readonly selectedNode?: string;
  readonly phase?: string;
  readonly isGoing?: boolean;
}

function claim(name: string, storageClassName: string | undefined, wish: ClaimWish = {}): Json {
  const { volumeName, accessMode = 'ReadWriteOnce', selector, selectedNode, isGoing } = wish;
  const annotations = {
    ...(volumeName === undefined ? {} : { 'pv.kubernetes.io/bind-completed': 'yes' }),
    ...(selectedNode === undefined ? {} : { 'volume.kubernetes.io/selected-node': selectedNode }),
  };
  return {
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-${name}`,
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ...(isGoing === true ? { deletionTimestamp: '2026-01-15T12:00:00Z' } : {}),
    },
    spec: {
      accessModes: [accessMode],
      ...(storageClassName === undefined ? {} : { storageClassName }),
      resources: { requests: { storage: '5Gi' } },
      ...(volumeName === undefined ? {} : { volumeName }),
      ...(selector === undefined ? {} : { selector }),
    },
    status: { phase: wish.phase ?? (volumeName === undefined ? 'Pending' : 'Bound') },
  };
}

function storageClass(
  name: string,
  provisioner: string,
  volumeBindingMode: string,
  zones: readonly string[] = [],
): Json {
  return {
    metadata: { name },
    provisioner,
    volumeBindingMode,
    ...(zones.length === 0
      ? {}
      : { allowedTopologies: [{ matchLabelExpressions: [{ key: ZONE, values: zones }] }] }),
  };
}
