/**
 * NodeResourcesBalancedAllocation (kubernetes.md 1.9): nodes whose resources are used in equal shares.
 *
 *     f_r  = min(1, used / cap)
 *     std  = |f_1 - f_2| / 2 for two resources, their standard deviation for more, 0 for one
 *     b    = int((1 - std) 100)
 *     1.36      50 + (50 + b(with) - b(without)) div 2: 50 to 100, 75 neutral
 *     <= 1.35   b(with)
 *
 * used       real requests, without any default for containers that state none
 * Skipped    for a pod that asks for none of the resources
 */

import { MAX_SCORE } from './default-normalize.ts';
import { resourceUse } from '../resource-use.ts';
import type { Amounts } from '../../../../cluster/pod-template.ts';
import type { ResourceUse } from '../resource-use.ts';
import type { ScorePlugin } from '../plugin.ts';

/** `with` up to 1.35, `improvement` from 1.36 on. */
export type BalanceFormula = 'with' | 'improvement';

/** State: what the pod requests. */
export function nodeResourcesBalancedAllocation(
  resources: readonly string[],
  formula: BalanceFormula,
): ScorePlugin<Amounts> {
  return {
    name: 'NodeResourcesBalancedAllocation',

    preScore({ spec: { requests } }) {
      return resources.some((resource) => (requests[resource] ?? 0) > 0) ? requests : undefined;
    },

    score(_pod, node, requests) {
      const uses: ResourceUse[] = [];
      for (const resource of resources) {
        const use = resourceUse(resource, requests, node, 'requested');
        if (use !== undefined) uses.push(use);
      }
      const after = balance(uses.map((use) => share(use.after, use.allocatable)));
      if (formula === 'with') return after;
      const before = balance(uses.map((use) => share(use.before, use.allocatable)));
      return MAX_SCORE / 2 + Math.trunc((MAX_SCORE / 2 + after - before) / 2);
    },
  };
}

function share(used: number, allocatable: number): number {
  return Math.min(1, used / allocatable);
}

function balance(shares: readonly number[]): number {
  return Math.trunc((1 - deviation(shares)) * MAX_SCORE);
}

function deviation(shares: readonly number[]): number {
  const count = shares.length;
  if (count < 2) return 0;
  if (count === 2) return Math.abs((shares[0]! - shares[1]!) / 2);
  let total = 0;
  for (const one of shares) total += one;
  const mean = total / count;
  let squares = 0;
  for (const one of shares) squares += (one - mean) * (one - mean);
  return Math.sqrt(squares / count);
}
