/** `comparison.csv`: each metric of each variant over the replications, and against the baseline. */

import { columnsOf, type Table } from './table.ts';

export interface ComparisonRow {
  readonly metric: string;
  readonly unit: string;
  readonly baseline: string;
  readonly variant: string;
  readonly replications: number;
  readonly mean: number | null;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  readonly difference: number | null;
  readonly differenceCiLow: number | null;
  readonly differenceCiHigh: number | null;
}

const { text, integer, number } = columnsOf<ComparisonRow>();

const INTERVAL = 'mean ∓ t(0.975, n - 1) x s / sqrt(n); empty for one replication';

export const COMPARISON: Table<ComparisonRow> = {
  name: 'comparison',
  rowPer: 'metric x variant',
  columns: [
    text('metric', 'metric', 'column of the table summary'),
    text('unit', 'unit', 'unit of the metric'),
    text('baseline', 'baseline', 'variant that the others are compared with'),
    text('variant', 'variant', 'name of the variant in the scenario'),
    integer('replications', 'replications', 'runs', 'replications in which the metric is known'),
    number('mean', 'mean', 'unit of the metric', 'mean over replications'),
    number('ci_low', 'ciLow', 'unit of the metric', 'lower end of the 95 % interval', INTERVAL),
    number('ci_high', 'ciHigh', 'unit of the metric', 'upper end of the 95 % interval', INTERVAL),
    number(
      'difference',
      'difference',
      'unit of the metric',
      'variant minus baseline; empty for the baseline itself',
      'mean over the common seeds of (variant - baseline) of the same seed',
    ),
    number(
      'difference_ci_low',
      'differenceCiLow',
      'unit of the metric',
      'lower end of the 95 % interval of the difference',
      `${INTERVAL}, of the paired differences`,
    ),
    number(
      'difference_ci_high',
      'differenceCiHigh',
      'unit of the metric',
      'upper end of the 95 % interval of the difference',
      `${INTERVAL}, of the paired differences`,
    ),
  ],
};
