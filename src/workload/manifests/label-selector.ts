/** A label selector of the API: both parts may be missing. Absent when the object states none. */

import type { LabelSelector } from '../../cluster/pod-template.ts';
import type { YamlCursor } from './yaml-cursor.ts';

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

export function labelSelectorOf(selector: YamlCursor): LabelSelector | undefined {
  if (selector.isAbsent) return undefined;
  return {
    matchLabels: selector.get('matchLabels').textMap(),
    matchExpressions: selector.get('matchExpressions').items().map(expressionOf),
  };
}

function expressionOf(expression: YamlCursor): LabelSelector['matchExpressions'][number] {
  const key = expression.get('key');
  const operator = expression.get('operator');
  const values = expression.get('values');
  if (key.text() === '') key.fault('the key of a label');
  if (operator.isAbsent) operator.fault(`one of ${OPERATORS.join(', ')}`);
  const chosen = operator.oneOf(OPERATORS, 'Exists');
  const texts = values.items().map((value) => value.text());
  const needsValues = chosen === 'In' || chosen === 'NotIn';
  if (needsValues && texts.length === 0) values.fault(`at least one value for ${chosen}`);
  if (!needsValues && texts.length > 0) values.fault(`no values for ${chosen}`);
  return { key: key.text(), operator: chosen, values: texts };
}
