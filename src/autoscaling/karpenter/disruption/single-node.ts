/**
 * Single-node consolidation: the first node that can go, or give way to a cheaper one.
 *
 * Order     candidates in their order, dealt round-robin over NodePools: first those that the last search did not reach,
 *           then by name.
 * Ends      after 3 minutes of thinking; pools of which no candidate was looked at by then come first the next time.
 * Source    aws.md 1.19.
 */

import { RemainingBudgets } from './budgets.ts';
import { US_PER_MINUTE } from '../../../base/units.ts';
import { commandOf, isConsolidatable, validateConsolidation } from './underutilized.ts';
import { consolidate } from './consolidation.ts';
import { isHopeless, isWorthIt } from './balanced.ts';
import { NOTHING } from './method.ts';
import type { Candidate } from './candidate.ts';
import type { DisruptionMethod } from './method.ts';

const LIMIT_US = 3 * US_PER_MINUTE;

export const singleNodeConsolidation: DisruptionMethod = {
  find(pass) {
    const { clock, unseenPools } = pass;
    const candidates = dealt(pass.candidates.filter(isConsolidatable), unseenPools);
    if (candidates.length === 0) return NOTHING;
    // Each is tried alone, so none takes of the budget.
    const budgets = new RemainingBudgets(pass.provisioner, 'Underutilized', pass);
    const unseen = new Set(candidates.map(({ config }) => config.name));
    let wasShort = false;
    clock.start();
    for (const candidate of candidates) {
      if (clock.isOver(LIMIT_US)) {
        replaceAll(unseenPools, unseen);
        return NOTHING;
      }
      unseen.delete(candidate.config.name);
      if (budgets.left(candidate) <= 0) {
        wasShort = true;
        continue;
      }
      if (isHopeless(pass, candidate)) continue;
      const outcome = consolidate(pass, [candidate]);
      if (outcome === undefined || !isWorthIt(pass, [candidate], outcome.replacement)) continue;
      return { command: commandOf([candidate], outcome), isFinal: false };
    }
    replaceAll(unseenPools, unseen);
    return { command: undefined, isFinal: !wasShort };
  },

  validate: validateConsolidation,
};

/** The first of each NodePool, then the second of each, and so on. */
export function dealt(
  candidates: readonly Candidate[],
  first: ReadonlySet<string> = new Set(),
): Candidate[] {
  const byPool = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const pool = byPool.get(candidate.config.name) ?? [];
    byPool.set(candidate.config.name, pool);
    pool.push(candidate);
  }
  const names = [...byPool.keys()].sort(
    (a, b) => Number(first.has(b)) - Number(first.has(a)) || (a < b ? -1 : 1),
  );
  const hands = names.map((name) => byPool.get(name)!);
  const rounds = hands.reduce((most, hand) => Math.max(most, hand.length), 0);
  return Array.from({ length: rounds }, (_, round) =>
    hands.flatMap((hand) => hand.slice(round, round + 1)),
  ).flat();
}

function replaceAll(set: Set<string>, values: ReadonlySet<string>): void {
  set.clear();
  for (const value of values) set.add(value);
}
