/**
 * Ready hosts, and how much of their CPU is requested, over time: mean over seeds. Micro-VMs do not count as hosts, their CPU does: a variant
 * that runs on nothing else has no line below and zero above.
 */

import type { TimeseriesRow } from '../tables/timeseries.ts';
import { CHART_WIDTH, CONFIG, MARKS_MAX, SCHEMA, titleOf, variantColour } from './chart.ts';
import type { Chart, ChartContext } from './chart.ts';
import {
  meanSeries,
  timeAxis,
  timeTooltip,
  timeUnitOf,
  type MeanPoint,
  type TimeUnit,
} from './mean-series.ts';

const POINTS_MAX = 300;
const HEIGHT = 150;

export function hostsOverTime(
  rows: readonly TimeseriesRow[],
  variants: readonly string[],
  context: ChartContext,
): Chart {
  const unit = timeUnitOf(rows);
  const pointsMax = Math.min(POINTS_MAX, Math.floor(MARKS_MAX / (2 * variants.length)));
  const hosts = meanSeries(rows, variants, { hosts: (row) => row.hosts }, pointsMax);
  const utilization = meanSeries(rows, variants, { utilization: cpuUtilization }, pointsMax);
  const title = 'Hosts and their CPU utilisation over time';
  const detail =
    'mean over seeds; hosts without Fargate micro-VMs, CPU requested / allocatable with them';
  const description = `Mean number of hosts and requested share of their CPU over time for ${variants.join(', ')}.`;
  return {
    name: 'hosts-over-time',
    title,
    detail,
    description,
    spec: {
      $schema: SCHEMA,
      title: titleOf(title, context, detail),
      description,
      spacing: 18,
      vconcat: [
        panel(hosts, variants, unit, { title: 'ready hosts' }, ',.1f'),
        panel(
          utilization,
          variants,
          unit,
          {
            title: 'CPU utilisation',
            axis: { format: '.0%' },
            scale: { domain: [0, 1] },
          },
          '.1%',
        ),
      ],
      config: CONFIG,
    },
  };
}

function cpuUtilization(row: TimeseriesRow): number | null {
  return row.cpuAllocatableMilli > 0 ? row.cpuRequestedMilli / row.cpuAllocatableMilli : null;
}

function panel(
  points: readonly MeanPoint[],
  variants: readonly string[],
  unit: TimeUnit,
  y: { title: string; axis?: { format: string }; scale?: { domain: number[] } },
  format: string,
) {
  return {
    width: CHART_WIDTH,
    height: HEIGHT,
    data: { values: [...points] },
    mark: { type: 'line' as const, strokeWidth: 1.8 },
    encoding: {
      x: timeAxis(unit),
      y: { field: 'value', type: 'quantitative' as const, ...y },
      color: variantColour(variants, true),
      tooltip: [
        { field: 'variant', type: 'nominal' as const },
        timeTooltip(unit),
        { field: 'value', type: 'quantitative' as const, title: y.title, format },
      ],
    },
  };
}
