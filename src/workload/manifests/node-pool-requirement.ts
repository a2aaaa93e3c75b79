/**
 * One requirement on node labels, and the taints, of a NodePool or NodeOverlay.
 *
 * Operators  Gte N is read as Gt N - 1, Lte N as Lt N + 1: labels that are compared are whole numbers.
 * Auto Mode  names instance labels eks.amazonaws.com/instance-*: the same facts as karpenter.k8s.aws/instance-*.
 * Source     aws.md 1.7, 7.5.
 */

import type { LabelRequirement, Taint } from '../../cluster/spec.ts';
import type { NodePoolRequirement } from './node-pool-spec.ts';
import type { YamlCursor } from './yaml-cursor.ts';

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt', 'Gte', 'Lte'] as const;
const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

const AUTO_MODE_LABEL = /^eks\.amazonaws\.com\/(?=instance-)/;

export function requirementOf(item: YamlCursor): NodePoolRequirement {
  const key = item.get('key');
  if (key.text() === '') key.fault('the key of a node label');
  const values = item.get('values').items();
  const operator = item.get('operator');
  if (operator.isAbsent) operator.fault(`one of ${OPERATORS.join(', ')}`);
  const texts = values.map((value) => value.text());
  const named = operator.oneOf(OPERATORS, 'Exists');
  checkValues(item, named, texts);
  const label = key.text().replace(AUTO_MODE_LABEL, 'karpenter.k8s.aws/');
  const requirement = { key: label, ...withStrictBound(named, texts) };
  const minValues = item.get('minValues');
  return minValues.isAbsent ? requirement : { ...requirement, minValues: minValues.whole(1, 1) };
}

export function taintOf(item: YamlCursor): Taint {
  const key = item.get('key');
  if (key.text() === '') key.fault('the key of a taint');
  const effect = item.get('effect');
  if (effect.isAbsent) effect.fault(`one of ${EFFECTS.join(', ')}`);
  return {
    key: key.text(),
    value: item.get('value').text(),
    effect: effect.oneOf(EFFECTS, 'NoSchedule'),
  };
}

function checkValues(
  item: YamlCursor,
  operator: (typeof OPERATORS)[number],
  values: readonly string[],
): void {
  const at = item.get('values');
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) at.fault(`at least one value for ${operator}`);
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) at.fault(`no values for ${operator}`);
      break;
    case 'Gt':
    case 'Lt':
    case 'Gte':
    case 'Lte':
      if (values.length !== 1 || !/^\d+$/.test(values[0]!)) {
        at.fault(`one whole number, in quotes, for ${operator}`);
      }
  }
}

function withStrictBound(
  operator: (typeof OPERATORS)[number],
  values: readonly string[],
): Pick<LabelRequirement, 'operator' | 'values'> {
  if (operator === 'Gte') return { operator: 'Gt', values: [String(Number(values[0]) - 1)] };
  if (operator === 'Lte') return { operator: 'Lt', values: [String(Number(values[0]) + 1)] };
  return { operator, values };
}
