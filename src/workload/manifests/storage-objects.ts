/**
 * PersistentVolumeClaim, PersistentVolume and StorageClass, and which nodes a claim keeps its pods to (kubernetes.md 1.8).
 *
 * A claim is bound to the volume that it names, to the volume that names it, or to the smallest volume of its class that is
 * large enough and has its access modes, in the order of the files: so it is outside Kubernetes, where nobody binds anything.
 * Zone and region labels of a volume count as node affinity. The driver's own label for zones is read as that of Kubernetes.
 */

import type { ObjectName } from '../../cluster/controller-specs.ts';
import type { ClaimTemplate, NodeTerm } from '../../cluster/pod-template.ts';
import type { LabelRequirement } from '../../cluster/spec.ts';
import type { ClaimSpec, StorageClassSpec, VolumeSpec } from '../../cluster/storage-specs.ts';
import { labelSelectorOf } from './label-selector.ts';
import { quantityOf } from './api-values.ts';
import type { ManifestObject } from './manifest-object.ts';
import type { YamlCursor } from './yaml-cursor.ts';

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
const ZONE = 'topology.kubernetes.io/zone';
const TOPOLOGY_LABELS = [
  ZONE,
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
];
/** What the EBS driver calls the zone of a node. */
const EBS_ZONE = 'topology.ebs.csi.aws.com/zone';
/** Drivers of file systems that every node mounts. */
const SHARED_DRIVERS: readonly string[] = ['efs.csi.aws.com', 'fsx.csi.aws.com', 'nfs.csi.k8s.io'];
const RECLAIM = ['Retain', 'Delete', 'Recycle'] as const;
const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'] as const;

export function claimSpec({ cursor, namespace, name }: ManifestObject): ClaimSpec {
  const spec = cursor.get('spec');
  const storageClass = spec.get('storageClassName');
  const selector = labelSelectorOf(spec.get('selector'));
  return {
    namespace,
    name,
    volume: spec.get('volumeName').text(),
    storageBytes: quantityOf(spec.get('resources').get('requests').get('storage'), 'unit') ?? 0,
    accessModes: textsOf(spec.get('accessModes')),
    ...(storageClass.isAbsent ? {} : { storageClass: storageClass.text() }),
    ...modeOf(spec),
    ...(selector === undefined ? {} : { selector }),
  };
}

/** Of a StatefulSet, or of an ephemeral volume. */
export function claimTemplate(claim: YamlCursor, name: string): ClaimTemplate {
  const spec = claim.get('spec');
  const storageClass = spec.get('storageClassName');
  return {
    name,
    storageBytes: quantityOf(spec.get('resources').get('requests').get('storage'), 'unit') ?? 0,
    accessModes: textsOf(spec.get('accessModes')),
    ...(storageClass.isAbsent ? {} : { storageClass: storageClass.text() }),
  };
}

export function volumeSpec({ cursor, name }: ManifestObject): VolumeSpec {
  const spec = cursor.get('spec');
  const claim = spec.get('claimRef');
  const terms = spec.get('nodeAffinity').get('required').get('nodeSelectorTerms');
  const zones = zoneRequirements(cursor.get('metadata').get('labels'));
  const written = terms.isAbsent ? undefined : terms.items().map(termOf);
  const nodeTerms = zones.length === 0 ? written : withRequirements(written, zones);
  return {
    name,
    storageClass: spec.get('storageClassName').text(),
    storageBytes: quantityOf(spec.get('capacity').get('storage'), 'unit') ?? 0,
    accessModes: textsOf(spec.get('accessModes')),
    labels: cursor.get('metadata').get('labels').textMap(),
    reclaim: spec.get('persistentVolumeReclaimPolicy').oneOf(RECLAIM, 'Retain'),
    ...modeOf(spec),
    ...driverOf(spec),
    ...(claim.isAbsent ? {} : { claim: claimName(claim) }),
    ...(nodeTerms === undefined ? {} : { nodeTerms }),
  };
}

export function storageClassSpec({ cursor, name }: ManifestObject): StorageClassSpec {
  const annotations = cursor.get('metadata').get('annotations');
  return {
    name,
    provisioner: cursor.get('provisioner').text(),
    isDefault: annotations.get(DEFAULT_CLASS).text() === 'true',
    bindingMode: cursor
      .get('volumeBindingMode')
      .oneOf(['Immediate', 'WaitForFirstConsumer'], 'Immediate'),
    reclaim: cursor.get('reclaimPolicy').oneOf(['Delete', 'Retain'], 'Delete'),
    volumeType: cursor.get('parameters').get('type').text(),
    allowedTerms: cursor
      .get('allowedTopologies')
      .items()
      .map((topology) => ({
        expressions: topology
          .get('matchLabelExpressions')
          .items()
          .map((label) => ({
            key: keyOf(label),
            operator: 'In' as const,
            values: textsOf(label.get('values')),
          })),
        fields: [],
      })),
  };
}

/** The volume that a claim is bound to, if it is one of these. */
export function volumeOfClaim(
  claim: ClaimSpec,
  volumes: readonly VolumeSpec[],
): VolumeSpec | undefined {
  if (claim.volume !== '') return volumes.find(({ name }) => name === claim.volume);
  const kept = volumes.find((volume) => volume.claim && isSame(volume.claim, claim));
  if (kept !== undefined) return kept;
  const fitting = volumes.filter(
    (volume) =>
      volume.claim === undefined &&
      volume.storageClass === (claim.storageClass ?? '') &&
      volume.storageBytes >= claim.storageBytes &&
      claim.accessModes.every((mode) => volume.accessModes.includes(mode)),
  );
  const [first] = fitting;
  return (
    first && fitting.reduce((best, one) => (one.storageBytes < best.storageBytes ? one : best))
  );
}

/** Terms of which one must match, so that one of each of the two lists does. */
export function bothTerms(
  one: readonly NodeTerm[] | undefined,
  other: readonly NodeTerm[],
): readonly NodeTerm[] {
  if (one === undefined) return other;
  return one.flatMap((a) =>
    other.map((b) => ({
      expressions: [...a.expressions, ...b.expressions],
      fields: [...a.fields, ...b.fields],
    })),
  );
}

function withRequirements(
  terms: readonly NodeTerm[] | undefined,
  expressions: readonly LabelRequirement[],
): readonly NodeTerm[] {
  return bothTerms(terms, [{ expressions, fields: [] }]);
}

function isSame(a: ObjectName, b: ObjectName): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}

function claimName(claim: YamlCursor): ObjectName {
  return { namespace: claim.get('namespace').text('default'), name: claim.get('name').text() };
}

/** A volume that lies in several zones lists them with `__` between them. */
function zoneRequirements(labels: YamlCursor): LabelRequirement[] {
  return TOPOLOGY_LABELS.flatMap((key) => {
    const value = labels.get(key).text();
    if (value === '') return [];
    return [{ key, operator: 'In' as const, values: value.split('__') }];
  });
}

function termOf(term: YamlCursor): NodeTerm {
  return {
    expressions: term.get('matchExpressions').items().map(requirementOf),
    fields: term.get('matchFields').items().map(requirementOf),
  };
}

function requirementOf(expression: YamlCursor): LabelRequirement {
  return {
    key: keyOf(expression),
    operator: expression.get('operator').oneOf(OPERATORS, 'Exists'),
    values: textsOf(expression.get('values')),
  };
}

function keyOf(expression: YamlCursor): string {
  const key = expression.get('key').text();
  return key === EBS_ZONE ? ZONE : key;
}

/** What attaches the volume to a node; in-tree disks are those of the drivers that have taken them over. */
function driverOf(spec: YamlCursor): Pick<VolumeSpec, 'driver'> {
  if (!spec.get('awsElasticBlockStore').isAbsent) return { driver: 'ebs.csi.aws.com' };
  if (!spec.get('gcePersistentDisk').isAbsent) return { driver: 'pd.csi.storage.gke.io' };
  const driver = spec.get('csi').get('driver').text();
  return driver === '' || SHARED_DRIVERS.includes(driver) ? {} : { driver };
}

function modeOf(spec: YamlCursor): { readonly mode?: 'Block' } {
  const mode = spec.get('volumeMode').oneOf(['Filesystem', 'Block'], 'Filesystem');
  return mode === 'Block' ? { mode } : {};
}

function textsOf(list: YamlCursor): string[] {
  return list.items().map((item) => item.text());
}
