/** Pending and running tasks over time, one panel a variant on common axes: mean over seeds. */

import type { TimeseriesRow } from '../tables/timeseries.ts';
import { CHART_WIDTH, CONFIG, MARKS_MAX, SCHEMA, titleOf } from './chart.ts';
import type { Chart, ChartContext } from './chart.ts';
import { meanSeries, timeAxis, timeTooltip, timeUnitOf } from './mean-series.ts';

const POINTS_MAX = 300;
const SERIES = {
  running: (row: TimeseriesRow) => row.running,
  pending: (row: TimeseriesRow) => row.pending,
};

export function tasksOverTime(
  rows: readonly TimeseriesRow[],
  variants: readonly string[],
  context: ChartContext,
): Chart {
  const unit = timeUnitOf(rows);
  const pointsMax = Math.min(POINTS_MAX, Math.floor(MARKS_MAX / (2 * variants.length)));
  const title = 'Pending and running tasks over time';
  const detail = 'mean over seeds, daemons left out';
  const description = `Mean number of running and of pending tasks over time for ${variants.join(', ')}.`;
  return {
    name: 'tasks-over-time',
    title,
    detail,
    description,
    spec: {
      $schema: SCHEMA,
      title: titleOf(title, context, detail),
      description,
      data: { values: meanSeries(rows, variants, SERIES, pointsMax) },
      facet: { field: 'variant', type: 'nominal', title: null, sort: [...variants] },
      columns: 1,
      spacing: 14,
      spec: {
        width: CHART_WIDTH,
        height: 110,
        mark: { type: 'area', line: { strokeWidth: 1.8 }, fillOpacity: 0.22 },
        encoding: {
          x: timeAxis(unit),
          y: { field: 'value', type: 'quantitative', title: 'tasks', stack: null },
          color: {
            field: 'series',
            type: 'nominal',
            title: null,
            scale: { domain: ['running', 'pending'], range: ['#0072B2', '#D55E00'] },
          },
          tooltip: [
            { field: 'variant', type: 'nominal' },
            { field: 'series', type: 'nominal' },
            timeTooltip(unit),
            { field: 'value', type: 'quantitative', title: 'tasks', format: ',.1f' },
          ],
        },
      },
      config: CONFIG,
    },
  };
}
