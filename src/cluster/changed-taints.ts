/** The taints of a host after some are taken away and others given; two with the same key and effect are one. */

import type { Taint } from './spec.ts';

export function changedTaints(
  taints: readonly Taint[],
  remove: readonly Taint[],
  add: readonly Taint[],
): Taint[] {
  const kept = taints.filter((taint) => !remove.some((one) => isSame(one, taint)));
  const added = add.filter((taint) => !kept.some((one) => isSame(one, taint)));
  return [...kept, ...added];
}

function isSame(a: Taint, b: Taint): boolean {
  return a.key === b.key && a.effect === b.effect;
}
