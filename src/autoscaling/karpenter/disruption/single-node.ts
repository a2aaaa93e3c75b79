/**
 * Single-node consolidation: the first node that can go, or give way to a cheaper one.
 *
 * Order     candidates in their order, dealt round-robin over NodePools by name.
 * Left out  the three-minute limit and the memory of pools that it did not reach.
 * Source    aws.md 1.19.
 */

import { RemainingBudgets } from './budgets.ts';
import { commandOf, isConsolidatable, validateConsolidation } from './underutilized.ts';
import { consolidate } from './consolidation.ts';
import type { Candidate } from './candidate.ts';
import type { DisruptionMethod } from './method.ts';

export const singleNodeConsolidation: DisruptionMethod = {
  find(pass) {
    const candidates = dealt(pass.candidates.filter(isConsolidatable));
    for (const candidate of candidates) {
      // Each is tried alone, so each sees the whole budget.
      const budgets = new RemainingBudgets(pass.provisioner, 'Underutilized', pass.leaving);
      if (!budgets.take(candidate)) continue;
      const outcome = consolidate(pass, [candidate]);
      if (outcome !== undefined)
        return { command: commandOf([candidate], outcome), isFinal: false };
    }
    return { command: undefined, isFinal: candidates.length > 0 };
  },

  validate: validateConsolidation,
};

/** The first of each NodePool, then the second of each, and so on. */
export function dealt(candidates: readonly Candidate[]): Candidate[] {
  const byPool = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const pool = byPool.get(candidate.config.name) ?? [];
    byPool.set(candidate.config.name, pool);
    pool.push(candidate);
  }
  const names = [...byPool.keys()].sort((a, b) => (a < b ? -1 : 1));
  const hands = names.map((name) => byPool.get(name)!);
  const rounds = hands.reduce((most, hand) => Math.max(most, hand.length), 0);
  return Array.from({ length: rounds }, (_, round) =>
    hands.flatMap((hand) => hand.slice(round, round + 1)),
  ).flat();
}
