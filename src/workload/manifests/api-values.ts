/** Values that many objects of the API state in the same way. */

import { US_PER_SECOND } from '../../base/units.ts';
import type { CountOrPercent } from '../../cluster/controller-specs.ts';
import type { Amounts } from '../../cluster/pod-template.ts';
import { parseKubernetesQuantity } from './kubernetes-quantity.ts';
import type { YamlCursor } from './yaml-cursor.ts';

/** Whole seconds, in microseconds. */
export function secondsUs(cursor: YamlCursor, neutralUs: number): number {
  return cursor.isAbsent ? neutralUs : cursor.whole(0) * US_PER_SECOND;
}

/** `3` or `"25%"`; undefined when nothing is stated. */
export function countOrPercent(cursor: YamlCursor): CountOrPercent | undefined {
  if (cursor.isAbsent) return undefined;
  const [, digits, sign] = /^(\d+)(%?)$/.exec(String(cursor.textOrNumber())) ?? [];
  if (digits === undefined) {
    cursor.fault('a whole number of pods, or a whole percentage such as "25%"');
    return { count: 0 };
  }
  return sign === '%' ? { percent: Number(digits) } : { count: Number(digits) };
}

/** Rounded up to thousandths or whole units; undefined when nothing is stated. */
export function quantityOf(cursor: YamlCursor, grain: 'milli' | 'unit'): number | undefined {
  if (cursor.isAbsent) return undefined;
  const value = parseKubernetesQuantity(cursor.textOrNumber(), grain);
  if (value === null) cursor.fault('a Kubernetes quantity such as 500m, 2, 1.5Gi or 128Mi');
  return value ?? undefined;
}

/** CPU in milli-cores, everything else in whole units. */
export function amountsOf(cursor: YamlCursor): Amounts {
  const amounts: Record<string, number> = {};
  for (const [resource, quantity] of cursor.entries()) {
    const amount = quantityOf(quantity, resource === 'cpu' ? 'milli' : 'unit');
    if (amount !== undefined) amounts[resource] = amount;
  }
  return amounts;
}
