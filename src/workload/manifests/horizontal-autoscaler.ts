/**
 * A HorizontalPodAutoscaler of v1, v2 and its betas, with the API's defaults (kubernetes.md 4.1): at least one replica, and
 * where no metric is stated CPU at 80 % of the request.
 */

import { US_PER_SECOND } from '../../base/units.ts';
import type {
  HorizontalAutoscalerSpec,
  MetricName,
  MetricSpec,
  MetricTarget,
  ScalingBehavior,
  ScalingPolicy,
  TargetRef,
} from '../../cluster/controller-specs.ts';
import { completeBehavior, type WrittenRules } from '../../cluster/scaling-behavior.ts';
import { quantityOf } from './api-values.ts';
import { parseKubernetesQuantity } from './kubernetes-quantity.ts';
import { labelSelectorOf } from './label-selector.ts';
import type { ManifestObject } from './manifest-object.ts';
import type { YamlCursor } from './yaml-cursor.ts';

const DEFAULT_CPU_PERCENT = 80;
const SELECT_POLICIES = ['Max', 'Min', 'Disabled'] as const;
const METRIC_TYPES = ['Resource', 'ContainerResource', 'Pods', 'Object', 'External'] as const;

export function horizontalAutoscalerSpec(object: ManifestObject): HorizontalAutoscalerSpec {
  const { cursor, namespace, name } = object;
  const spec = cursor.get('spec');
  const maxReplicas = spec.get('maxReplicas');
  if (maxReplicas.isAbsent) maxReplicas.fault('the most replicas, a whole number of at least 1');
  const minReplicas = spec.get('minReplicas').whole(1);
  if (minReplicas > maxReplicas.whole(Infinity, 1)) {
    maxReplicas.faultSaying(
      `expected at least the ${minReplicas} of minReplicas, found ${maxReplicas.whole(0)}`,
    );
  }
  const behavior = behaviorOf(spec.get('behavior'));
  return {
    namespace,
    name,
    target: targetRef(spec.get('scaleTargetRef'), namespace),
    minReplicas,
    maxReplicas: maxReplicas.whole(1, 1),
    metrics: metricsOf(spec, namespace),
    ...(behavior === undefined ? {} : { behavior }),
  };
}

export function targetRef(ref: YamlCursor, namespace: string, kind = ''): TargetRef {
  const name = ref.get('name');
  if (name.text() === '') name.fault('the name of what is scaled');
  ref.get('apiVersion').text();
  return { kind: ref.get('kind').text(kind), namespace, name: name.text() };
}

/** Undefined where nothing is stated. */
export function behaviorOf(behavior: YamlCursor): ScalingBehavior | undefined {
  if (behavior.isAbsent) return undefined;
  const rules = (key: 'scaleUp' | 'scaleDown') => {
    const direction = behavior.get(key);
    return direction.isAbsent ? undefined : writtenRules(direction);
  };
  return completeBehavior({ scaleUp: rules('scaleUp'), scaleDown: rules('scaleDown') });
}

function writtenRules(direction: YamlCursor): WrittenRules {
  const window = direction.get('stabilizationWindowSeconds');
  const select = direction.get('selectPolicy');
  const policies = direction.get('policies');
  const tolerance = direction.get('tolerance');
  return {
    stabilizationUs: window.isAbsent ? undefined : window.whole(0) * US_PER_SECOND,
    selectPolicy: select.isAbsent ? undefined : select.oneOf(SELECT_POLICIES, 'Max'),
    policies: policies.isAbsent ? undefined : policies.items().map(scalingPolicy),
    tolerance: tolerance.isAbsent ? undefined : fractionOf(tolerance),
  };
}

/** A quantity without unit, such as 0.05 or 50m. */
function fractionOf(cursor: YamlCursor): number {
  const billionths = parseKubernetesQuantity(cursor.textOrNumber(), 'nano');
  if (billionths === null) cursor.fault('a fraction such as 0.05 or 50m');
  return (billionths ?? 0) / 1e9;
}

function scalingPolicy(policy: YamlCursor): ScalingPolicy {
  return {
    kind: policy.get('type').oneOf(['Pods', 'Percent'], 'Pods'),
    value: policy.get('value').whole(1, 1),
    periodUs: policy.get('periodSeconds').whole(15, 1) * US_PER_SECOND,
  };
}

/** v1 knows the CPU alone. */
function metricsOf(spec: YamlCursor, namespace: string): MetricSpec[] {
  const oldPercent = spec.get('targetCPUUtilizationPercentage');
  if (!oldPercent.isAbsent) return [cpuAt(oldPercent.whole(DEFAULT_CPU_PERCENT, 1))];
  const items = spec.get('metrics').items();
  if (items.length === 0) return [cpuAt(DEFAULT_CPU_PERCENT)];
  return items.map((item) => metricSpec(item, namespace));
}

function cpuAt(percent: number): MetricSpec {
  return { kind: 'resource', resource: 'cpu', target: { kind: 'utilization', percent } };
}

function metricSpec(item: YamlCursor, namespace: string): MetricSpec {
  const type = item.get('type');
  if (type.isAbsent) type.fault(`one of ${METRIC_TYPES.join(', ')}`);
  switch (type.oneOf(METRIC_TYPES, 'Resource')) {
    case 'Resource': {
      const source = item.get('resource');
      return {
        kind: 'resource',
        resource: source.get('name').text(),
        target: metricTarget(source),
      };
    }
    case 'ContainerResource': {
      const source = item.get('containerResource');
      const container = source.get('container').text();
      const resource = source.get('name').text();
      return { kind: 'resource', resource, container, target: metricTarget(source) };
    }
    case 'Pods': {
      const source = item.get('pods');
      return { kind: 'pods', metric: metricName(source), target: metricTarget(source) };
    }
    case 'Object': {
      const source = item.get('object');
      const object = targetRef(source.get('describedObject'), namespace);
      return { kind: 'object', metric: metricName(source), object, target: metricTarget(source) };
    }
    case 'External': {
      const source = item.get('external');
      return { kind: 'external', metric: metricName(source), target: metricTarget(source) };
    }
  }
}

function metricName(source: YamlCursor): MetricName {
  const metric = source.get('metric');
  const selector = labelSelectorOf(metric.get('selector'));
  const name = metric.get('name').text(source.get('metricName').text());
  return { name, ...(selector === undefined ? {} : { selector }) };
}

/** v2beta1 states the amounts beside the metric: `targetAverageUtilization`, `targetAverageValue`, `targetValue`. */
function metricTarget(source: YamlCursor): MetricTarget {
  const target = source.get('target');
  target.get('type').text(); // Says which of the amounts is there.
  const percent = firstOf(target.get('averageUtilization'), source.get('targetAverageUtilization'));
  if (!percent.isAbsent) return { kind: 'utilization', percent: percent.whole(1, 1) };
  const average = firstOf(target.get('averageValue'), source.get('targetAverageValue'));
  if (!average.isAbsent) {
    return { kind: 'average-value', milliAverage: quantityOf(average, 'milli') ?? 0 };
  }
  const value = firstOf(target.get('value'), source.get('targetValue'));
  if (value.isAbsent) source.fault('a target: averageUtilization, averageValue or value');
  return { kind: 'value', milliValue: quantityOf(value, 'milli') ?? 0 };
}

function firstOf(one: YamlCursor, other: YamlCursor): YamlCursor {
  return one.isAbsent ? other : one;
}
