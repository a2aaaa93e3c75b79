/**
 * The answer of an experiment in a sentence or two: the cheapest variant that meets every expectation, with its numbers,
 * and whether the seeds settle the difference to the baseline. Cost and waiting are those of the window after the warm-up.
 * Ties in cost go to the variant that the scenario names first.
 */

import { variantsOf } from './comparison.ts';
import { comparisonOf, relativeDifference } from './overview.ts';
import { changeText, countText, durationText, halfWidthText, usdText } from './readable.ts';
import type { ComparisonRow } from './tables/comparison.ts';

/** Whether one expectation of the scenario holds for one variant. */
export interface ExpectationResult {
  readonly expectation: string;
  readonly variant: string;
  readonly holds: boolean;
  /** What was found, for example `81.2`. */
  readonly found: string;
}

export function answerOf(
  comparison: readonly ComparisonRow[],
  expectations: readonly ExpectationResult[],
): string {
  const all = variantsOf(comparison);
  const failed = new Set(expectations.filter((one) => !one.holds).map((one) => one.variant));
  const meeting = all.filter((variant) => !failed.has(variant));
  const best = cheapestOf(comparison, meeting.length > 0 ? meeting : all);
  if (best === null) return 'No variant has a known cost, so none can be called the cheapest.';
  const claim =
    meeting.length === 0
      ? `No variant meets every expectation; ${best} is the cheapest of all`
      : expectations.length > 0
        ? `${best} is the cheapest variant that meets every expectation`
        : all.length > 1
          ? `${best} is the cheapest variant`
          : `${best} is the only variant`;
  const numbers = [costPart(comparison, best), waitPart(comparison, best)].filter(Boolean);
  return `${claim}: ${numbers.join('; ')}.${pendingPart(comparison, best)}`;
}

function cheapestOf(
  comparison: readonly ComparisonRow[],
  variants: readonly string[],
): string | null {
  let best: string | null = null;
  let bestCost = Infinity;
  for (const variant of variants) {
    const cost = comparisonOf(comparison, 'cost_usd_window', variant)?.mean ?? null;
    if (cost === null || cost >= bestCost) continue;
    best = variant;
    bestCost = cost;
  }
  return best;
}

function costPart(comparison: readonly ComparisonRow[], variant: string): string {
  const row = comparisonOf(comparison, 'cost_usd_window', variant);
  if (row === undefined) return '';
  const cost = `${usdText(row.mean)} USD${halfWidthText(row.mean, row.ciHigh, usdText)} after the warm-up`;
  const difference = relativeDifference(comparison, 'cost_usd_window', variant);
  if (difference === null) return cost;
  const margin =
    difference.halfWidth === null ? '' : ` ± ${(difference.halfWidth * 100).toFixed(1)}`;
  const { differenceCiLow: low, differenceCiHigh: high } = row;
  const isOpen = low !== null && high !== null && low <= 0 && high >= 0;
  const settled = isOpen ? ', a difference that these seeds do not settle' : '';
  return `${cost}, ${changeText(difference.change)}${margin} against ${row.baseline}${settled}`;
}

function waitPart(comparison: readonly ComparisonRow[], variant: string): string {
  const wait = comparisonOf(comparison, 'wait_s_p95', variant)?.mean ?? null;
  return wait === null ? '' : `95 % of tasks waited at most ${durationText(wait)}`;
}

function pendingPart(comparison: readonly ComparisonRow[], variant: string): string {
  const pending = comparisonOf(comparison, 'tasks_pending', variant)?.mean ?? null;
  if (pending === null || pending === 0) return '';
  return ` At the end of a run ${countText(pending)} tasks were pending on average.`;
}
