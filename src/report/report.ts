/**
 * The report of an experiment, from its tables alone: comparison, charts, pictures and one offline page. The same
 * function serves the end of a run and `berth report OUT`, which reads the tables back first.
 */

import {
  costByVariant,
  itemCosts,
  type CostLine,
  type ItemCost,
} from './charts/cost-by-variant.ts';
import type { Chart, ChartContext } from './charts/chart.ts';
import { hostsOverTime } from './charts/hosts-over-time.ts';
import { svgOf } from './charts/svg.ts';
import { tasksOverTime } from './charts/tasks-over-time.ts';
import { waitP95ByVariant } from './charts/wait-p95-by-variant.ts';
import {
  waitingDistribution,
  waitsByVariant,
  type WaitingTask,
} from './charts/waiting-distribution.ts';
import { compare, variantsOf } from './comparison.ts';
import { reportHtml, type DrawnChart, type PageScripts, type ReportFacts } from './html.ts';
import type { ComparisonRow } from './tables/comparison.ts';
import type { SummaryRow } from './tables/summary.ts';
import type { TimeseriesRow } from './tables/timeseries.ts';

/** What the report reads of the tables; the large ones may be streamed. */
export interface ReportTables {
  readonly summary: readonly SummaryRow[];
  readonly timeseries: readonly TimeseriesRow[];
  readonly costs: Iterable<CostLine>;
  readonly tasks: Iterable<WaitingTask>;
}

export interface Report {
  readonly comparison: readonly ComparisonRow[];
  readonly charts: readonly DrawnChart[];
  readonly html: string;
}

export async function reportOf(
  tables: ReportTables,
  facts: ReportFacts,
  scripts: PageScripts,
): Promise<Report> {
  const comparison = compare(tables.summary, facts.baseline);
  const costs = itemCosts(tables.costs, comparison);
  const charts: DrawnChart[] = [];
  for (const chart of chartsOf(tables, comparison, costs, facts)) {
    charts.push({ ...chart, svg: await svgOf(chart.spec) });
  }
  return { comparison, charts, html: reportHtml({ facts, comparison, costs, charts, scripts }) };
}

/** Every chart for which the tables have something to show. */
function chartsOf(
  tables: ReportTables,
  comparison: readonly ComparisonRow[],
  costs: readonly ItemCost[],
  facts: ReportFacts,
): Chart[] {
  const variants = variantsOf(comparison);
  const context: ChartContext = {
    scenario: facts.scenario,
    replications: new Set(tables.summary.map((row) => row.seed)).size,
  };
  const waits = waitsByVariant(tables.tasks, facts.warmupUs);
  const charts = [costByVariant(costs, comparison, context)];
  if (waits.size > 0) {
    charts.push(waitP95ByVariant(tables.summary, comparison, context));
    charts.push(waitingDistribution(waits, variants, context));
  }
  if (tables.timeseries.length > 0) {
    charts.push(tasksOverTime(tables.timeseries, variants, context));
    if (tables.timeseries.some((row) => row.hosts > 0)) {
      charts.push(hostsOverTime(tables.timeseries, variants, context));
    }
  }
  return charts;
}
