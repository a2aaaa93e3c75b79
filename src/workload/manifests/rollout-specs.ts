/**
 * What Deployment, ReplicaSet, ReplicationController, StatefulSet and DaemonSet ask of their controllers, with the API's
 * defaults (kubernetes.md 3.1 to 3.4). `extensions/v1beta1` and the `v1beta` versions of `apps` are read as `apps/v1`.
 */

import { US_PER_SECOND } from '../../base/units.ts';
import type {
  DaemonSetSpec,
  DeploymentSpec,
  ReplicaSetSpec,
  StatefulSetSpec,
} from '../../cluster/controller-specs.ts';
import type { LabelSelector } from '../../cluster/pod-template.ts';
import type { TaskSpec } from '../../cluster/spec.ts';
import { claimTemplate } from './storage-objects.ts';
import { countOrPercent, secondsUs } from './api-values.ts';
import { labelSelectorOf } from './label-selector.ts';
import type { ManifestObject } from './manifest-object.ts';
import type { YamlCursor } from './yaml-cursor.ts';

const ROLLING = ['RollingUpdate', 'OnDelete'] as const;
const RETENTION = ['Retain', 'Delete'] as const;

export function deploymentSpec(object: ManifestObject, template: TaskSpec): DeploymentSpec {
  const spec = object.cursor.get('spec');
  const strategy = spec.get('strategy');
  const rolling = strategy.get('rollingUpdate');
  return {
    ...common(object, template),
    replicas: spec.get('replicas').whole(1),
    selector: selectorOf(spec, template),
    strategy: strategy.get('type').oneOf(['RollingUpdate', 'Recreate'], 'RollingUpdate'),
    maxSurge: countOrPercent(rolling.get('maxSurge')) ?? { percent: 25 },
    maxUnavailable: countOrPercent(rolling.get('maxUnavailable')) ?? { percent: 25 },
    isPaused: spec.get('paused').flag(),
    revisionHistoryLimit: spec.get('revisionHistoryLimit').whole(10),
    progressDeadlineUs: secondsUs(spec.get('progressDeadlineSeconds'), 600 * US_PER_SECOND),
  };
}

/** A ReplicationController's selector is a plain map; it is the labels of the template when it states none. */
export function replicaSetSpec(object: ManifestObject, template: TaskSpec): ReplicaSetSpec {
  const spec = object.cursor.get('spec');
  const isPlain = object.kind === 'ReplicationController';
  return {
    ...common(object, template),
    replicas: spec.get('replicas').whole(1),
    selector: isPlain ? plainSelector(spec, template) : selectorOf(spec, template),
  };
}

export function statefulSetSpec(object: ManifestObject, template: TaskSpec): StatefulSetSpec {
  const spec = object.cursor.get('spec');
  const strategy = spec.get('updateStrategy');
  const rolling = strategy.get('rollingUpdate');
  const retention = spec.get('persistentVolumeClaimRetentionPolicy');
  return {
    ...common(object, template),
    replicas: spec.get('replicas').whole(1),
    selector: selectorOf(spec, template),
    podManagement: spec
      .get('podManagementPolicy')
      .oneOf(['OrderedReady', 'Parallel'], 'OrderedReady'),
    update: strategy.get('type').oneOf(ROLLING, 'RollingUpdate'),
    partition: rolling.get('partition').whole(0),
    maxUnavailable: countOrPercent(rolling.get('maxUnavailable')) ?? { count: 1 },
    firstOrdinal: spec.get('ordinals').get('start').whole(0),
    claimTemplates: spec
      .get('volumeClaimTemplates')
      .items()
      .map((claim) => claimTemplate(claim, claim.get('metadata').get('name').text())),
    claimsWhenDeleted: retention.get('whenDeleted').oneOf(RETENTION, 'Retain'),
    claimsWhenScaled: retention.get('whenScaled').oneOf(RETENTION, 'Retain'),
  };
}

export function daemonSetSpec(object: ManifestObject, template: TaskSpec): DaemonSetSpec {
  const spec = object.cursor.get('spec');
  const strategy = spec.get('updateStrategy');
  const rolling = strategy.get('rollingUpdate');
  return {
    ...common(object, template),
    selector: selectorOf(spec, template),
    update: strategy.get('type').oneOf(ROLLING, 'RollingUpdate'),
    maxUnavailable: countOrPercent(rolling.get('maxUnavailable')) ?? { count: 1 },
    maxSurge: countOrPercent(rolling.get('maxSurge')) ?? { count: 0 },
  };
}

function common({ cursor, namespace, name }: ManifestObject, template: TaskSpec) {
  return {
    namespace,
    name,
    template,
    minReadyUs: secondsUs(cursor.get('spec').get('minReadySeconds'), 0),
  };
}

/** Old API versions took the labels of the template where no selector was stated. */
function selectorOf(spec: YamlCursor, { labels }: TaskSpec): LabelSelector {
  return labelSelectorOf(spec.get('selector')) ?? { matchLabels: labels, matchExpressions: [] };
}

function plainSelector(spec: YamlCursor, { labels }: TaskSpec): LabelSelector {
  const selector = spec.get('selector');
  return { matchLabels: selector.isAbsent ? labels : selector.textMap(), matchExpressions: [] };
}
