/**
 * Volumes in outline: claims bound to a volume of one zone or one node, claims that wait for their first consumer, claims
 * that will not bind, disks that two pods may not share, claims for one pod alone, and drivers with a limit per node.
 */

import type { Json } from './api-objects.ts';
import type { Draw } from './draw.ts';
import { HOSTNAME, ZONE, ZONES } from './vocabulary.ts';

/** What the volumes of a case need to exist. */
export interface StorageObjects {
  readonly persistentVolumes: readonly Json[];
  readonly persistentVolumeClaims: readonly Json[];
  readonly storageClasses: readonly Json[];
  readonly csiNodes: readonly Json[];
}

const DRIVER = 'disk.csi.example';

export const CLAIM_NAMES = [
  'zonal',
  'local',
  'waiting',
  'waiting-local',
  'immediate',
  'alone',
  'attached',
] as const;

export const NO_STORAGE: StorageObjects = {
  persistentVolumes: [],
  persistentVolumeClaims: [],
  storageClasses: [],
  csiNodes: [],
};

export function drawStorage(draw: Draw, nodeNames: readonly string[]): StorageObjects {
  const zone = draw.pick(ZONES);
  return {
    persistentVolumes: [
      {
        ...volume('pv-zonal', 'zonal', 'fast'),
        metadata: {
          name: 'pv-zonal',
          labels: { [ZONE]: draw.chance(0.3) ? `${zone}__eu-1a` : zone },
        },
      },
      volume('pv-local', 'local', 'local', onNodes(draw.some(nodeNames, draw.int(1, 2)))),
      volume('pv-alone', 'alone', 'fast'),
      attached('pv-attached', 'attached'),
      volume('pv-free', undefined, 'local', onNodes(draw.some(nodeNames, draw.int(1, 2)))),
    ],
    persistentVolumeClaims: [
      claim('zonal', 'fast', 'pv-zonal'),
      claim('local', 'local', 'pv-local'),
      claim('waiting', 'late'),
      claim('waiting-local', 'local'),
      claim('immediate', 'fast'),
      claim('alone', 'fast', 'pv-alone', 'ReadWriteOncePod'),
      claim('attached', 'attachable', 'pv-attached'),
    ],
    storageClasses: [
      storageClass('fast', DRIVER, 'Immediate'),
      storageClass('late', DRIVER, 'WaitForFirstConsumer', draw.some(ZONES, draw.int(0, 2))),
      storageClass('local', 'kubernetes.io/no-provisioner', 'WaitForFirstConsumer'),
      storageClass('attachable', DRIVER, 'Immediate'),
    ],
    csiNodes: nodeNames.map((name) => ({
      metadata: { name },
      spec: {
        drivers: [
          {
            name: DRIVER,
            nodeID: name,
            topologyKeys: [ZONE],
            allocatable: { count: draw.int(0, 2) },
          },
        ],
      },
    })),
  };
}

/** Volumes of one pod. `missing` is a claim that nobody made. */
export function drawPodVolumes(draw: Draw): Json[] {
  if (draw.chance(0.3)) return [{ name: 'disk', ...drawDisk(draw) }];
  const claims = draw.some(
    [...CLAIM_NAMES, ...draw.pick([[], [], [], ['missing']])],
    draw.pick([1, 1, 2]),
  );
  return claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } }));
}

function drawDisk(draw: Draw): { [key: string]: Json } {
  const readOnly = draw.chance(0.4);
  const id = draw.pick(['disk-1', 'disk-2']);
  return draw.pick<{ [key: string]: Json }>([
    { awsElasticBlockStore: { volumeID: id } },
    { gcePersistentDisk: { pdName: id, readOnly } },
    { iscsi: { targetPortal: '10.0.0.9', iqn: `iqn.2026-01.example:${id}`, lun: 0, readOnly } },
    { rbd: { monitors: ['10.0.0.8'], image: id, pool: 'rbd', readOnly } },
  ]);
}

function volume(
  name: string,
  claimName: string | undefined,
  className: string,
  nodeAffinity?: Json,
): { [key: string]: Json } {
  return {
    metadata: { name },
    spec: {
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: className,
      hostPath: { path: '/data' },
      ...(claimName === undefined
        ? {}
        : { claimRef: { namespace: 'default', name: claimName, uid: `uid-${claimName}` } }),
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
      claimRef: { namespace: 'default', name: claimName, uid: `uid-${claimName}` },
    },
    status: { phase: 'Bound' },
  };
}

function onNodes(values: readonly string[]): Json {
  return {
    required: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: HOSTNAME, operator: 'In', values }] }],
    },
  };
}

function claim(
  name: string,
  storageClassName: string,
  volumeName?: string,
  accessMode = 'ReadWriteOnce',
): Json {
  return {
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-${name}`,
      ...(volumeName === undefined
        ? {}
        : { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } }),
    },
    spec: {
      accessModes: [accessMode],
      storageClassName,
      resources: { requests: { storage: '5Gi' } },
      ...(volumeName === undefined ? {} : { volumeName }),
    },
    status: { phase: volumeName === undefined ? 'Pending' : 'Bound' },
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
