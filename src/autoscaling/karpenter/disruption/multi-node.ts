/**
 * Multi-node consolidation: as many nodes at once as can be deleted, or replaced by one cheaper node.
 *
 * Search     binary, over the length of the prefix of the candidates that budgets allow, at most 100: low 1, high
 *            min(100, n - 1) as positions; try the first (middle + 1) nodes; success moves low up, failure high down.
 *            The last success counts. After a minute of thinking it is what has been found by then.
 * Same type  of the removed nodes whose type the replacement could have, let P be the lowest price: only types strictly
 *            cheaper than P remain, else the move would be a deletion in disguise.
 * Source     aws.md 1.19, 10.1 (7) (8).
 */

import { RemainingBudgets } from './budgets.ts';
import { US_PER_MINUTE } from '../../../base/units.ts';
import { cheaperThan, consolidate } from './consolidation.ts';
import { commandOf, isConsolidatable, validateConsolidation } from './underutilized.ts';
import { isWorthIt } from './balanced.ts';
import { NOTHING } from './method.ts';
import type { Candidate } from './candidate.ts';
import type { Consolidation } from './consolidation.ts';
import type { DisruptionMethod, Pass } from './method.ts';
import type { LaunchableClaim } from '../launch-choice.ts';

const NODES_MAX = 100;
const LIMIT_US = US_PER_MINUTE;

export const multiNodeConsolidation: DisruptionMethod = {
  find(pass) {
    const wanted = pass.candidates.filter(isConsolidatable);
    if (wanted.length === 0) return NOTHING;
    const budgets = new RemainingBudgets(pass.provisioner, 'Underutilized', pass);
    const candidates = wanted.filter((candidate) => budgets.take(candidate));
    pass.clock.start();
    const found = longestPrefix(
      candidates.length,
      (length) => consolidateTogether(pass, candidates.slice(0, length)),
      () => pass.clock.isOver(LIMIT_US),
    );
    if (found === undefined) return { command: undefined, isFinal: !budgets.wasShort };
    const command = commandOf(candidates.slice(0, found.length), found.outcome);
    return { command, isFinal: false };
  },

  validate: validateConsolidation,
};

/** The last success of the binary search over prefixes of at least two nodes; what comes out after the end counts no more. */
export function longestPrefix<T>(
  count: number,
  attempt: (length: number) => T | undefined,
  isOver: () => boolean = () => false,
): { readonly length: number; readonly outcome: T } | undefined {
  let best: { length: number; outcome: T } | undefined;
  let low = 1;
  let high = Math.min(NODES_MAX, count - 1);
  while (low <= high) {
    const middle = (low + high) >> 1;
    const outcome = attempt(middle + 1);
    if (isOver()) return best;
    if (outcome === undefined) high = middle - 1;
    else {
      best = { length: middle + 1, outcome };
      low = middle + 1;
    }
  }
  return best;
}

function consolidateTogether(
  pass: Pass,
  candidates: readonly Candidate[],
): Consolidation | undefined {
  const outcome = consolidate(pass, candidates);
  if (outcome === undefined) return undefined;
  let { replacement } = outcome;
  if (replacement !== undefined) {
    const removed = candidates.map(({ host, priceNanoUsdPerHour }) => ({
      type: pass.provisioner.view.hostTypes[host]!,
      priceNanoUsdPerHour,
    }));
    replacement = withoutSameType(removed, replacement);
    if (replacement.types.length === 0) return undefined;
  }
  return isWorthIt(pass, candidates, replacement) ? { ...outcome, replacement } : undefined;
}

export function withoutSameType(
  removed: readonly { readonly type: string; readonly priceNanoUsdPerHour: number }[],
  replacement: LaunchableClaim,
): LaunchableClaim {
  const options = new Set(replacement.types.map(({ name }) => name));
  const price = removed
    .filter(({ type }) => options.has(type))
    .reduce((least, one) => Math.min(least, one.priceNanoUsdPerHour), Infinity);
  const types = cheaperThan(price, replacement.types, replacement.requirements);
  return { ...replacement, types };
}
