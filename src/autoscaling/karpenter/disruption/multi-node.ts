/**
 * Multi-node consolidation: as many nodes at once as can be deleted, or replaced by one cheaper node.
 *
 * Search     binary, over the length of the prefix of the candidates that budgets allow, at most 100: low 1, high
 *            min(100, n - 1) as positions; try the first (middle + 1) nodes; success moves low up, failure high down.
 *            The last success counts.
 * Same type  of the removed nodes whose type the replacement could have, let P be the lowest price: only types strictly
 *            cheaper than P remain, else the move would be a deletion in disguise.
 * Left out   the one-minute limit.
 * Source     aws.md 1.19, 10.1 (7) (8).
 */

import { RemainingBudgets } from './budgets.ts';
import { cheaperThan, consolidate } from './consolidation.ts';
import { commandOf, isConsolidatable, validateConsolidation } from './underutilized.ts';
import type { Candidate } from './candidate.ts';
import type { Consolidation } from './consolidation.ts';
import type { DisruptionMethod, Pass } from './method.ts';
import type { LaunchableClaim } from '../launch-choice.ts';

const NODES_MAX = 100;

export const multiNodeConsolidation: DisruptionMethod = {
  find(pass) {
    const budgets = new RemainingBudgets(pass.provisioner, 'Underutilized', pass.leaving);
    const wanted = pass.candidates.filter(isConsolidatable);
    const candidates = wanted.filter((candidate) => budgets.take(candidate));
    const found = longestPrefix(candidates.length, (length) =>
      consolidateTogether(pass, candidates.slice(0, length)),
    );
    if (found === undefined) {
      return { command: undefined, isFinal: wanted.length > 0 && !budgets.wasShort };
    }
    const command = commandOf(candidates.slice(0, found.length), found.outcome);
    return { command, isFinal: false };
  },

  validate: validateConsolidation,
};

/** The last success of the binary search over prefixes of at least two nodes. */
export function longestPrefix<T>(
  count: number,
  attempt: (length: number) => T | undefined,
): { readonly length: number; readonly outcome: T } | undefined {
  let best: { length: number; outcome: T } | undefined;
  let low = 1;
  let high = Math.min(NODES_MAX, count - 1);
  while (low <= high) {
    const middle = (low + high) >> 1;
    const outcome = attempt(middle + 1);
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
  if (outcome?.replacement === undefined) return outcome;
  const removed = candidates.map(({ host, priceNanoUsdPerHour }) => ({
    type: pass.provisioner.view.hostTypes[host]!,
    priceNanoUsdPerHour,
  }));
  const replacement = withoutSameType(removed, outcome.replacement);
  return replacement.types.length === 0 ? undefined : { replacement };
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
