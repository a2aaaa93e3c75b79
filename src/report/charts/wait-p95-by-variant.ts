/** The 95th percentile of waiting by variant: each seed as a ring, their mean as a dot with its 95 % interval. */

import { variantsOf } from '../comparison.ts';
import { comparisonOf } from '../overview.ts';
import { durationText } from '../readable.ts';
import type { ComparisonRow } from '../tables/comparison.ts';
import type { SummaryRow } from '../tables/summary.ts';
import { CHART_WIDTH, CONFIG, SCHEMA, titleOf, variantColour, variantRows } from './chart.ts';
import type { Chart, ChartContext } from './chart.ts';
import { waitAxis } from './wait-axis.ts';

export function waitP95ByVariant(
  summary: readonly SummaryRow[],
  comparison: readonly ComparisonRow[],
  context: ChartContext,
): Chart {
  const variants = variantsOf(comparison);
  const seeds = summary.flatMap(({ variant, seed, waitSecondsP95: wait_s }) =>
    wait_s === null ? [] : [{ variant, seed, wait_s }],
  );
  const means = variants.flatMap((variant) => meanOf(comparison, variant));
  const labels = means.map((row) => `${row.variant} ${row.label}`);
  const title = 'Waiting time of the slowest 5 % of tasks';
  const detail = 'ring: one seed; dot and line: mean and 95 % interval';
  const description = `95th percentile of waiting by variant: ${labels.join(', ')}.`;
  return {
    name: 'wait-p95-by-variant',
    title,
    detail,
    description,
    spec: {
      $schema: SCHEMA,
      title: titleOf(title, context, detail),
      description,
      width: CHART_WIDTH,
      height: { step: 42 },
      layer: layersOf(seeds, means, variants),
      config: CONFIG,
    },
  };
}

interface SeedWait {
  readonly variant: string;
  readonly seed: string;
  readonly wait_s: number;
}

interface MeanWait {
  readonly variant: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly label: string;
}

function layersOf(
  seeds: readonly SeedWait[],
  means: readonly MeanWait[],
  variants: readonly string[],
) {
  const longest = Math.max(0, ...seeds.map((row) => row.wait_s), ...means.map((row) => row.high));
  const color = variantColour(variants, false);
  const common = { y: variantRows(variants), color };
  const x = {
    type: 'quantitative' as const,
    title: '95th percentile of waiting',
    ...waitAxis(longest),
  };
  const tooltip = [
    { field: 'variant', type: 'nominal' as const },
    { field: 'seed', type: 'nominal' as const },
    { field: 'wait_s', type: 'quantitative' as const, title: 'p95 wait, s', format: ',.1f' },
  ];
  return [
    {
      data: { values: [...means] },
      mark: { type: 'rule' as const, strokeWidth: 2.2 },
      encoding: { ...common, x: { field: 'low', ...x }, x2: { field: 'high' } },
    },
    {
      data: { values: [...seeds] },
      mark: { type: 'point' as const, size: 46, strokeWidth: 1.2, opacity: 0.75, yOffset: 9 },
      encoding: { ...common, x: { field: 'wait_s', ...x }, tooltip },
    },
    {
      data: { values: [...means] },
      mark: { type: 'point' as const, filled: true, size: 95, opacity: 1 },
      encoding: { ...common, x: { field: 'mean', ...x } },
    },
    {
      data: { values: [...means] },
      mark: { type: 'text' as const, dy: -12, fontSize: 12 },
      encoding: {
        y: common.y,
        x: { field: 'mean', ...x },
        text: { field: 'label', type: 'nominal' as const },
      },
    },
  ];
}

// An interval may reach below zero, where no wait is; it is drawn from zero.
function meanOf(comparison: readonly ComparisonRow[], variant: string): MeanWait[] {
  const row = comparisonOf(comparison, 'wait_s_p95', variant);
  if (row === undefined || row.mean === null) return [];
  const { mean, ciLow, ciHigh } = row;
  const low = Math.max(0, ciLow ?? mean);
  return [{ variant, mean, low, high: ciHigh ?? mean, label: durationText(mean) }];
}
