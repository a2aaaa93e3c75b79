/**
 * From the summary of every run to the comparison of the variants.
 *
 * Mean        over the replications in which the metric is known
 * Interval    Student's t, 95 %: mean ∓ t(0.975, n - 1) s / sqrt(n), s with n - 1; none for one replication
 * Difference  paired by common random numbers: d_seed = variant - baseline of the same seed, then mean and interval of d.
 *             The same arrivals and sizes stand on both sides, so d varies less than either.
 *             Source: P. Glasserman, D. Yao, "Some guidelines and guarantees for common random numbers" (1992).
 * Order       metric by metric, variants in the order in which the summary names them
 */

import quantile from '@stdlib/stats-base-dists-t-quantile';
import { mean, sampleStandardDeviation } from 'simple-statistics';
import type { ComparisonRow } from './tables/comparison.ts';
import { SUMMARY, type SummaryRow } from './tables/summary.ts';
import { columnNamed, numberIn, type Column } from './tables/table.ts';

/** The columns of summary.csv that are compared. */
const METRICS = [
  'cost_usd_window',
  'cost_usd',
  'wait_s_mean',
  'wait_s_p50',
  'wait_s_p95',
  'wait_s_p99',
  'wait_s_max',
  'cpu_utilization',
  'memory_utilization',
  'cpu_used',
  'hosts_peak',
  'hosts_launched',
  'host_hours',
  'interruptions',
  'evictions',
  'tasks_completed',
  'tasks_failed',
  'tasks_pending',
] as const;

export type Metric = (typeof METRICS)[number];

const UPPER_TAIL = 0.975;

export interface Estimate {
  readonly replications: number;
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export function compare(summary: readonly SummaryRow[], baseline: string): ComparisonRow[] {
  const variants = variantsOf(summary);
  return METRICS.flatMap((metric) => {
    const column = columnNamed(SUMMARY, metric);
    return variants.map((variant) => comparisonRow(summary, column, variant, baseline));
  });
}

/** Mean and 95 % interval of independent values. */
export function estimate(values: readonly number[]): Estimate {
  const replications = values.length;
  if (replications === 0) return { replications, mean: null, low: null, high: null };
  const middle = mean([...values]);
  if (replications === 1) return { replications, mean: middle, low: null, high: null };
  const deviation = sampleStandardDeviation([...values]);
  const halfWidth = (quantile(UPPER_TAIL, replications - 1) * deviation) / Math.sqrt(replications);
  return { replications, mean: middle, low: middle - halfWidth, high: middle + halfWidth };
}

/** Names of the variants, in the order of their first row. */
export function variantsOf(rows: readonly { readonly variant: string }[]): string[] {
  return [...new Set(rows.map((row) => row.variant))];
}

function comparisonRow(
  summary: readonly SummaryRow[],
  column: Column<SummaryRow>,
  variant: string,
  baseline: string,
): ComparisonRow {
  const own = valuesBySeed(summary, column, variant);
  const all = estimate([...own.values()]);
  const difference = estimate(
    variant === baseline ? [] : pairedDifferences(own, valuesBySeed(summary, column, baseline)),
  );
  return {
    metric: column.name,
    unit: column.unit,
    baseline,
    variant,
    replications: all.replications,
    mean: all.mean,
    ciLow: all.low,
    ciHigh: all.high,
    difference: difference.mean,
    differenceCiLow: difference.low,
    differenceCiHigh: difference.high,
  };
}

function valuesBySeed(
  summary: readonly SummaryRow[],
  column: Column<SummaryRow>,
  variant: string,
): Map<string, number> {
  const values = new Map<string, number>();
  for (const row of summary) {
    const value = row.variant === variant ? numberIn(column, row) : null;
    if (value !== null) values.set(row.seed, value);
  }
  return values;
}

function pairedDifferences(
  own: ReadonlyMap<string, number>,
  baseline: ReadonlyMap<string, number>,
): number[] {
  const differences: number[] = [];
  for (const [seed, value] of own) {
    const other = baseline.get(seed);
    if (other !== undefined) differences.push(value - other);
  }
  return differences;
}
