/** Resolves a number or a percentage of pods; percentages are rounded up or down as the field's owner says. */

import type { CountOrPercent } from '../../../cluster/controller-specs.ts';

export function countOf(amount: CountOrPercent, total: number, rounding: 'up' | 'down'): number {
  if ('count' in amount) return amount.count;
  const exact = (amount.percent * total) / 100;
  return rounding === 'up' ? Math.ceil(exact) : Math.floor(exact);
}
