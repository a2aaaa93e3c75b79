/**
 * The few numbers of a comparison that answer the usual questions, one line a variant: what it costs in the window, how
 * long tasks waited, how full the hosts were, how many there were, what was left pending. The terminal prints it with
 * `overviewText`, the report page as HTML.
 */

import Table from 'cli-table3';
import { variantsOf, type Metric } from './comparison.ts';
import {
  changeText,
  countText,
  numberText,
  halfWidthText,
  percentText,
  usdText,
} from './readable.ts';
import type { ComparisonRow } from './tables/comparison.ts';

export interface OverviewLine {
  readonly variant: string;
  readonly isBaseline: boolean;
  readonly cells: readonly string[];
}

/** Headings of the cells; the first column of an overview is the variant. */
export const OVERVIEW_HEADINGS = [
  'cost in window, USD',
  'vs baseline',
  'wait mean, s',
  'wait p95, s',
  'CPU util.',
  'hosts peak',
  'pending',
] as const;

/** Every heading after the variant holds numbers and is aligned to the right. */
export function overviewOf(comparison: readonly ComparisonRow[]): OverviewLine[] {
  return variantsOf(comparison).map((variant) => overviewLine(comparison, variant));
}

/** Plain aligned text, without colour codes, so that it may go to a pipe. */
export function overviewText(comparison: readonly ComparisonRow[]): string {
  const table = new Table({
    head: ['variant', ...OVERVIEW_HEADINGS],
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    colAligns: ['left', ...OVERVIEW_HEADINGS.map(() => 'right' as const)],
    chars: NO_BORDERS,
  });
  for (const line of overviewOf(comparison)) {
    table.push([line.isBaseline ? `${line.variant} (baseline)` : line.variant, ...line.cells]);
  }
  const lines = table.toString().split('\n');
  return lines.map((line) => line.trimEnd()).join('\n') + '\n';
}

/** The row of a metric and a variant; undefined when the comparison has none. */
export function comparisonOf(
  comparison: readonly ComparisonRow[],
  metric: Metric,
  variant: string,
): ComparisonRow | undefined {
  return comparison.find((row) => row.metric === metric && row.variant === variant);
}

/** Difference to the baseline as a fraction of the baseline's mean; null where there is none. */
export function relativeDifference(
  comparison: readonly ComparisonRow[],
  metric: Metric,
  variant: string,
): { readonly change: number; readonly halfWidth: number | null } | null {
  const row = comparisonOf(comparison, metric, variant);
  const base = row && comparisonOf(comparison, metric, row.baseline)?.mean;
  if (row === undefined || row.difference === null || !base) return null;
  const high = row.differenceCiHigh;
  return {
    change: row.difference / base,
    halfWidth: high === null ? null : (high - row.difference) / Math.abs(base),
  };
}

function overviewLine(comparison: readonly ComparisonRow[], variant: string): OverviewLine {
  const mean = (metric: Metric) => comparisonOf(comparison, metric, variant)?.mean ?? null;
  const cost = comparisonOf(comparison, 'cost_usd_window', variant);
  const difference = relativeDifference(comparison, 'cost_usd_window', variant);
  return {
    variant,
    isBaseline: cost?.baseline === variant,
    cells: [
      usdText(mean('cost_usd_window')) +
        halfWidthText(cost?.mean ?? null, cost?.ciHigh ?? null, usdText),
      difference === null ? '' : changeText(difference.change) + marginText(difference.halfWidth),
      numberText(mean('wait_s_mean')),
      numberText(mean('wait_s_p95')),
      percentText(mean('cpu_utilization')),
      countText(mean('hosts_peak')),
      countText(mean('tasks_pending')),
    ],
  };
}

function marginText(halfWidth: number | null): string {
  return halfWidth === null ? '' : ` ± ${(halfWidth * 100).toFixed(1)}`;
}

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};
