/** A ScaledObject of KEDA, with its defaults (kubernetes.md 4.3). It scales a Deployment unless it says otherwise. */

import { US_PER_SECOND } from '../../base/units.ts';
import type { ScaledObjectSpec, ScaledObjectTrigger } from '../../cluster/controller-specs.ts';
import { secondsUs } from './api-values.ts';
import { behaviorOf, targetRef } from './horizontal-autoscaler.ts';
import type { ManifestObject } from './manifest-object.ts';
import type { YamlCursor } from './yaml-cursor.ts';

const METRIC_TYPES = ['AverageValue', 'Value', 'Utilization'] as const;
const PAUSED = 'autoscaling.keda.sh/paused';
const PAUSED_REPLICAS = 'autoscaling.keda.sh/paused-replicas';

export function scaledObjectSpec(object: ManifestObject): ScaledObjectSpec {
  const { cursor, namespace, name } = object;
  const spec = cursor.get('spec');
  const idle = spec.get('idleReplicaCount');
  const fallback = spec.get('fallback');
  const triggers = spec.get('triggers');
  if (triggers.isAbsent) triggers.fault('at least one trigger');
  const behavior = behaviorOf(
    spec.get('advanced').get('horizontalPodAutoscalerConfig').get('behavior'),
  );
  return {
    namespace,
    name,
    target: targetRef(spec.get('scaleTargetRef'), namespace, 'Deployment'),
    pollingUs: secondsUs(spec.get('pollingInterval'), 30 * US_PER_SECOND),
    cooldownUs: secondsUs(spec.get('cooldownPeriod'), 300 * US_PER_SECOND),
    initialCooldownUs: secondsUs(spec.get('initialCooldownPeriod'), 0),
    minReplicas: spec.get('minReplicaCount').whole(0),
    maxReplicas: spec.get('maxReplicaCount').whole(100),
    ...pauseOf(cursor.get('metadata').get('annotations')),
    triggers: triggers.items().map(triggerOf),
    ...(idle.isAbsent ? {} : { idleReplicas: idle.whole(0) }),
    ...(fallback.isAbsent ? {} : { fallback: fallbackOf(fallback) }),
    ...(behavior === undefined ? {} : { behavior }),
  };
}

/** Any value of the annotation but a false one pauses. */
function pauseOf(
  annotations: YamlCursor,
): Pick<ScaledObjectSpec, 'isPaused'> & Partial<Pick<ScaledObjectSpec, 'pausedReplicas'>> {
  const replicas = annotations.get(PAUSED_REPLICAS);
  if (!replicas.isAbsent) {
    const count = Number(replicas.text());
    if (Number.isSafeInteger(count) && count >= 0) return { isPaused: true, pausedReplicas: count };
    replicas.fault('a whole number in quotes');
  }
  const paused = annotations.get(PAUSED).text();
  return { isPaused: !['', '0', 'f', 'F', 'false', 'FALSE', 'False'].includes(paused) };
}

function fallbackOf(fallback: YamlCursor): { failureThreshold: number; replicas: number } {
  return {
    failureThreshold: fallback.get('failureThreshold').whole(0),
    replicas: fallback.get('replicas').whole(0),
  };
}

function triggerOf(trigger: YamlCursor): ScaledObjectTrigger {
  const type = trigger.get('type');
  if (type.text() === '') type.fault('the type of the trigger, such as cpu or cron');
  return {
    type: type.text(),
    name: trigger.get('name').text(),
    metricType: trigger.get('metricType').oneOf(METRIC_TYPES, 'AverageValue'),
    useCachedMetrics: trigger.get('useCachedMetrics').flag(),
    metadata: trigger.get('metadata').textMap(),
  };
}
