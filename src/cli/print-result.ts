/** What a finished experiment looks like on the terminal, and as JSON. */

import { createColors } from 'picocolors';
import { join } from 'node:path';
import { expectationNumber } from '../experiment/expectation-number.ts';
import { summaryMeans } from '../experiment/summary-means.ts';
import { variantsOf, type Metric } from '../report/comparison.ts';
import { comparisonOf } from '../report/overview.ts';
import { countText, numberText, percentText, usdText } from '../report/readable.ts';
import { COMPARISON } from '../report/tables/comparison.ts';
import type { ComparisonRow } from '../report/tables/comparison.ts';
import type { ExpectationResult } from '../scenario/expectation.ts';
import { alignedTable } from './aligned-table.ts';
import type { ScenarioRun } from './run-scenario.ts';
import type { Terminal } from './terminal.ts';

const COLUMNS: readonly (readonly [string, Metric, (value: number | null) => string])[] = [
  ['completed', 'tasks_completed', countText],
  ['pending', 'tasks_pending', countText],
  ['wait mean, s', 'wait_s_mean', numberText],
  ['wait p95, s', 'wait_s_p95', numberText],
  ['CPU util.', 'cpu_utilization', percentText],
  ['hosts peak', 'hosts_peak', countText],
  ['cost, USD', 'cost_usd', usdText],
];

/** One line a variant: means over its seeds. */
export function meansTable(comparison: readonly ComparisonRow[]): string {
  const headings = ['variant', 'runs', ...COLUMNS.map(([heading]) => heading)];
  const rows = variantsOf(comparison).map((variant) => [
    variant,
    String(runsOf(comparison, variant)),
    ...COLUMNS.map(([, metric, text]) => text(meanOf(comparison, metric, variant))),
  ]);
  return alignedTable(headings, rows, 1);
}

/** A line for each expectation that holds, and one for each variant in which it does not; nothing without any. */
export function expectationLines(
  expectations: readonly ExpectationResult[],
  terminal: Terminal,
): string {
  if (expectations.length === 0) return '';
  const { green, red } = createColors(terminal.isColoured);
  const texts = [...new Set(expectations.map((one) => one.text))];
  const rows = texts.flatMap((text) => {
    const own = expectations.filter((one) => one.text === text);
    const failing = own.filter((one) => !one.holds);
    const isLong = failing.length === 0 && own.length > 1;
    if (isLong) return [['holds', text, `all ${own.length} variants`]];
    return (failing.length > 0 ? failing : own).map(({ variant, holds, value, bound }) => [
      holds ? 'holds' : 'FAILS',
      text,
      variant,
      expectationNumber(value),
      expectationNumber(bound),
    ]);
  });
  const table = alignedTable(['expect', 'condition', 'variant', 'found', 'bound'], rows, 3);
  return `\n${table.replaceAll(/^holds/gm, green('holds')).replaceAll(/^FAILS/gm, red('FAILS'))}`;
}

/** Where to look further. */
export function whereLine({ outFolder }: ScenarioRun): string {
  return `\n${join(outFolder, 'report.html')}\n`;
}

/** The result for programs: names and units as in the CSV files. */
export function resultJson(run: ScenarioRun, isCompared: boolean): string {
  const { manifest, experiment, summary, outFolder, missing } = run;
  const means = summaryMeans(summary);
  const result = {
    scenario: experiment.name,
    out: outFolder,
    baseline: experiment.baseline,
    variants: [...means].map(([variant, columns]) => ({
      variant,
      runs: summary.filter((row) => row.variant === variant).length,
      means: Object.fromEntries(columns),
    })),
    ...(isCompared ? { comparison: comparisonRecords(run.comparison) } : {}),
    expectations: manifest?.expectations ?? [],
    warnings: manifest?.warnings ?? [],
    missing: missing.map(({ variant, seed }) => ({ variant, seed })),
  };
  return `${JSON.stringify(result, undefined, 2)}\n`;
}

function comparisonRecords(comparison: readonly ComparisonRow[]) {
  return comparison.map((row) =>
    Object.fromEntries(COMPARISON.columns.map(({ name, field }) => [name, row[field]])),
  );
}

function meanOf(comparison: readonly ComparisonRow[], metric: Metric, variant: string) {
  return comparisonOf(comparison, metric, variant)?.mean ?? null;
}

function runsOf(comparison: readonly ComparisonRow[], variant: string): number {
  return comparisonOf(comparison, 'tasks_completed', variant)?.replications ?? 0;
}
