/** A PodDisruptionBudget (kubernetes.md 3.7). The selector of v1beta1 that is empty matches no pod, that of v1 every pod. */

import type { CountOrPercent, DisruptionBudgetSpec } from '../../cluster/controller-specs.ts';
import { countOrPercent } from './api-values.ts';
import { labelSelectorOf } from './label-selector.ts';
import type { ManifestObject } from './manifest-object.ts';
import type { YamlCursor } from './yaml-cursor.ts';

export function disruptionBudgetSpec(object: ManifestObject): DisruptionBudgetSpec {
  const { cursor, version, namespace, name } = object;
  const spec = cursor.get('spec');
  const written = labelSelectorOf(spec.get('selector'));
  const isEmpty =
    written !== undefined &&
    Object.keys(written.matchLabels).length + written.matchExpressions.length === 0;
  const selector = isEmpty && version === 'v1beta1' ? undefined : written;
  const minAvailable = amountOf(spec.get('minAvailable'));
  const maxUnavailable = amountOf(spec.get('maxUnavailable'));
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    spec.get('maxUnavailable').faultSaying('expected minAvailable or maxUnavailable, found both');
  }
  return {
    namespace,
    name,
    unhealthyPodEviction: spec
      .get('unhealthyPodEvictionPolicy')
      .oneOf(['IfHealthyBudget', 'AlwaysAllow'], 'IfHealthyBudget'),
    ...(selector === undefined ? {} : { selector }),
    ...(minAvailable === undefined ? {} : { minAvailable }),
    ...(maxUnavailable === undefined ? {} : { maxUnavailable }),
  };
}

function amountOf(cursor: YamlCursor): CountOrPercent | undefined {
  const amount = countOrPercent(cursor);
  if (amount !== undefined && 'percent' in amount && amount.percent > 100) {
    cursor.fault('at most 100%');
  }
  return amount;
}
