/** A VerticalPodAutoscaler, with its defaults (kubernetes.md 4.2): it recreates pods, for all containers, CPU and memory. */

import type {
  ContainerScalingPolicy,
  EvictionRequirement,
  VerticalAutoscalerSpec,
} from '../../cluster/controller-specs.ts';
import { amountsOf } from './api-values.ts';
import { targetRef } from './horizontal-autoscaler.ts';
import type { ManifestObject } from './manifest-object.ts';
import type { YamlCursor } from './yaml-cursor.ts';

const MODES = ['Off', 'Initial', 'Recreate', 'InPlaceOrRecreate', 'Auto'] as const;
const CHANGES = ['TargetHigherThanRequests', 'TargetLowerThanRequests'] as const;

export function verticalAutoscalerSpec(object: ManifestObject): VerticalAutoscalerSpec {
  const { cursor, namespace, name } = object;
  const spec = cursor.get('spec');
  const update = spec.get('updatePolicy');
  const mode = update.get('updateMode').oneOf(MODES, 'Recreate');
  const minReplicas = update.get('minReplicas');
  return {
    namespace,
    name,
    target: targetRef(spec.get('targetRef'), namespace),
    updateMode: mode === 'Auto' ? 'Recreate' : mode,
    containerPolicies: spec
      .get('resourcePolicy')
      .get('containerPolicies')
      .items()
      .map(containerPolicy),
    evictionRequirements: update.get('evictionRequirements').items().map(evictionRequirement),
    ...(minReplicas.isAbsent ? {} : { minReplicas: minReplicas.whole(1, 1) }),
  };
}

function containerPolicy(policy: YamlCursor): ContainerScalingPolicy {
  const resources = policy.get('controlledResources');
  return {
    container: policy.get('containerName').text('*'),
    mode: policy.get('mode').oneOf(['Auto', 'Off'], 'Auto'),
    minAllowed: amountsOf(policy.get('minAllowed')),
    maxAllowed: amountsOf(policy.get('maxAllowed')),
    controlledResources: resources.isAbsent
      ? ['cpu', 'memory']
      : resources.items().map((resource) => resource.text()),
    controlledValues: policy
      .get('controlledValues')
      .oneOf(['RequestsAndLimits', 'RequestsOnly'], 'RequestsAndLimits'),
  };
}

function evictionRequirement(requirement: YamlCursor): EvictionRequirement {
  return {
    resources: requirement
      .get('resources')
      .items()
      .map((resource) => resource.text()),
    change: requirement.get('changeRequirement').oneOf(CHANGES, 'TargetHigherThanRequests'),
  };
}
