/**
 * Claims and volumes of manifests, and what the pods of each workload claim, in the columns before the run begins.
 *
 * Classes     one that no file defines: where volumes of these files name it, nothing makes others; else it is taken for the
 *             EBS class of EKS, gp3, which waits for the first pod. The class without a name is the default one, where a file
 *             marks one, and that EBS class where none does. The notes say so.
 * Claims      one that nobody defines holds its pods nowhere, and the notes say so.
 * Others      ECS and batch systems make and attach nothing: a claim that is bound to a volume of a zone keeps its tasks to it.
 */

import { EBS_DRIVER } from '../../orchestration/kubernetes/volumes/provisioners.ts';
import { ViewNodes } from '../../orchestration/kubernetes/view-nodes.ts';
import { ViewStorage } from '../../orchestration/kubernetes/volumes/view-storage.ts';
import { VolumeRules } from '../../orchestration/kubernetes/volumes/volume-rules.ts';
import { attachableVolumes } from '../../cloud/attach-limit.ts';
import { findInstanceType } from '../../cloud/catalogue.ts';
import { NO_ROW } from '../../cluster/hosts.ts';
import { StorageLedger } from '../../cluster/storage-ledger.ts';
import { ZONE_KEY } from '../../orchestration/kubernetes/topology-keys.ts';
import { keepToVolumes } from '../../workload/manifests/volume-places.ts';
import type { AssumedParameters } from '../../cloud/assumptions.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { ClaimTemplate, PodVolume } from '../../cluster/pod-template.ts';
import type { ServiceOwner } from '../../workload/manifests/manifest-workloads.ts';
import type {
  StorageClassSpec,
  StorageSpecs,
  WorkloadClaims,
} from '../../cluster/storage-specs.ts';
import type { TaskSpec } from '../../cluster/spec.ts';
import type { ServiceWorkload } from '../schema-workload.ts';
import type { World } from './world.ts';

/** What claims get that name no class, or one that nobody defines. */
const GP3: Omit<StorageClassSpec, 'name'> = {
  provisioner: EBS_DRIVER,
  isDefault: true,
  bindingMode: 'WaitForFirstConsumer',
  allowedTerms: [],
  reclaim: 'Delete',
  volumeType: 'gp3',
};
const DEFAULT_CLASS = 'gp3';
const NOBODY: Pick<StorageClassSpec, 'provisioner' | 'bindingMode'> = {
  provisioner: 'kubernetes.io/no-provisioner',
  bindingMode: 'Immediate',
};

/** Takes in what the files of one entry say; what another entry has said of the same names stands. */
export function addStorage(world: World, { claims, volumes, classes }: StorageSpecs): void {
  const { storage } = world.cluster;
  const ledger = new StorageLedger(world.cluster);
  addClasses(world, [...ownClasses(world), ...classes]);
  for (const volume of volumes) {
    if (storage.volumeSpecs.every(({ name }) => name !== volume.name)) {
      ledger.addVolume(volume, false, 0);
    }
  }
  for (const claim of claims) {
    if (storage.claimRow(claim.namespace, claim.name) !== NO_ROW) continue;
    const storageClass = classOf(world, claim.storageClass, `claim ${claim.name}`);
    ledger.addClaim({ ...claim, storageClass }, NO_ROW, 0);
  }
}

/** Instances are labelled with the region before the zone, own hosts without. */
function ownClasses({ variant }: World): StorageClassSpec[] {
  const { region, storageClasses } = variant.scenario;
  return storageClasses.map(({ zones, ...one }) => {
    const values = zones.flatMap((zone) => [zone, `${region}${zone}`]);
    const expressions = [{ key: ZONE_KEY, operator: 'In' as const, values }];
    return { ...one, allowedTerms: zones.length === 0 ? [] : [{ expressions, fields: [] }] };
  });
}

function addClasses({ cluster }: World, classes: readonly StorageClassSpec[]): void {
  const { classes: known } = cluster.storage;
  for (const one of classes) if (!known.has(one.name)) known.set(one.name, one);
}

/** Notes what the pods of a workload claim. */
function noteClaims(
  { cluster, notes }: World,
  row: number,
  volumes: readonly PodVolume[],
  owner: Pick<WorkloadClaims, 'namespace'> & Partial<WorkloadClaims>,
): void {
  const { storage, workloads } = cluster;
  const shared: string[] = [];
  for (const volume of volumes) {
    if (volume.kind !== 'claim') continue;
    const claim = storage.claimRow(owner.namespace, volume.claim);
    if (claim === NO_ROW) {
      notes.push(
        `${workloads.names[row]}: no file defines the claim ${volume.claim}: it keeps its pods nowhere`,
      );
      continue;
    }
    shared.push(volume.claim);
    if (storage.claims.workload[claim] === NO_ROW) storage.claims.workload[claim] = row;
  }
  const ephemeral = volumes.flatMap((one) => (one.kind === 'ephemeral' ? [one.claim] : []));
  const { kept = [] } = owner;
  const sharesDisk = volumes.some(({ kind }) => kind === 'disk');
  if (shared.length + ephemeral.length + kept.length === 0 && !sharesDisk) return;
  const plain = { kept, set: '', firstOrdinal: 0, goesWhenScaled: false };
  storage.wants[row] = { ...plain, ...owner, shared, ephemeral };
}

/** The same of a workload of manifests. */
export function noteManifestClaims(
  world: World,
  row: number,
  { pod }: TaskSpec,
  owner?: ServiceOwner,
): void {
  if (pod === undefined) return;
  const { namespace } = pod;
  const name = world.cluster.workloads.names[row]!;
  const known = (claim: ClaimTemplate): ClaimTemplate => {
    return { ...claim, storageClass: classOf(world, claim.storageClass, `${name}, ${claim.name}`) };
  };
  const volumes = pod.volumes.map((volume) =>
    volume.kind === 'ephemeral' ? { ...volume, claim: known(volume.claim) } : volume,
  );
  const set = owner?.kind === 'StatefulSet' ? owner : undefined;
  noteClaims(world, row, volumes, {
    namespace,
    ...(set === undefined
      ? {}
      : {
          kept: set.claimTemplates.map(known),
          set: set.name,
          firstOrdinal: set.firstOrdinal,
          goesWhenScaled: set.claimsWhenScaled === 'Delete',
        }),
  });
}

/** The same of a service in a scenario's own words. Only Kubernetes has claims; elsewhere the notes say so. */
export function noteServiceClaims(world: World, row: number, entry: ServiceWorkload): void {
  const { name, volumes, statefulSet } = entry;
  const { cluster, notes } = world;
  if (volumes.length === 0) return;
  if (cluster.orchestrators[cluster.workloads.cluster[row]!] !== 'kubernetes') {
    notes.push(`${name}: its volumes are those of Kubernetes: here it has none`);
    return;
  }
  addClasses(world, ownClasses(world));
  const known = volumes.map((volume) => {
    return {
      ...volume,
      storageClass: classOf(world, volume.storageClass, `${name}, ${volume.name}`),
    };
  });
  const namespace = 'default';
  if (statefulSet === undefined) {
    const own = known.map((claim) => ({ kind: 'ephemeral', claim }) as const);
    noteClaims(world, row, own, { namespace });
    return;
  }
  const { firstOrdinal, volumesWhenScaled } = statefulSet;
  noteClaims(world, row, [], {
    namespace,
    kept: known,
    set: name,
    firstOrdinal,
    goesWhenScaled: volumesWhenScaled === 'Delete',
  });
}

/** Outside Kubernetes a claim is as good as a requirement on the zone. */
export function keptToVolumes(spec: TaskSpec, storage: StorageSpecs): TaskSpec {
  return spec.pod === undefined ? spec : keepToVolumes(spec, spec.pod.namespace, storage);
}

/** For a kube-scheduler; nothing where no pod claims a volume. */
export function volumeRulesOf({ cluster, parameters }: World): { readonly volumes?: VolumeRules } {
  if (cluster.storage.isEmpty) return {};
  return {
    volumes: new VolumeRules(cluster, new ViewNodes(cluster), viewStorage(cluster, parameters)),
  };
}

function viewStorage(cluster: Cluster, parameters: AssumedParameters): ViewStorage {
  return new ViewStorage(cluster, (host) => {
    const type = findInstanceType(cluster.hostTypes[host]!);
    return type && attachableVolumes(type, parameters);
  });
}

/** Name of the class of a claim, defined from now on; '' for none. */
function classOf(world: World, asked: string | undefined, who: string): string {
  const { classes, volumeSpecs } = world.cluster.storage;
  if (asked === '') return '';
  const usual = [...classes.values()].find(({ isDefault }) => isDefault)?.name;
  const name = asked ?? usual ?? DEFAULT_CLASS;
  if (classes.has(name)) return name;
  const isByHand = volumeSpecs.some(({ storageClass }) => storageClass === name);
  if (isByHand) classes.set(name, { ...GP3, ...NOBODY, name, isDefault: false });
  else {
    classes.set(name, { ...GP3, name, isDefault: asked === undefined });
    world.notes.push(
      `${who}: no file defines the storage class ${name}: its volumes are EBS gp3, made where the first pod is`,
    );
  }
  return name;
}
