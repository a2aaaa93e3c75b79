/** Means over replications of every number in summary.csv, in the units of the file: what expectations are held against. */

import { estimate, variantsOf } from '../report/comparison.ts';
import { SUMMARY, type SummaryRow } from '../report/tables/summary.ts';
import { numberIn } from '../report/tables/table.ts';

const TEXT_COLUMNS = ['variant', 'seed', 'digest'];
const NUMBERS = SUMMARY.columns.filter((column) => !TEXT_COLUMNS.includes(column.name));

/** Variant -> column -> mean over the replications in which it is known; no entry where it is known in none. */
export function summaryMeans(summary: readonly SummaryRow[]): Map<string, Map<string, number>> {
  return new Map(
    variantsOf(summary).map((variant) => {
      const own = summary.filter((row) => row.variant === variant);
      const means = new Map<string, number>();
      for (const column of NUMBERS) {
        const known = own.map((row) => numberIn(column, row)).filter((value) => value !== null);
        const { mean } = estimate(known);
        if (mean !== null) means.set(column.name, mean);
      }
      return [variant, means];
    }),
  );
}
