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
  const longest = [...seeds.map((row) => row.wait_s), ...means.map((row) => row.high)].reduce(
    (most, wait) => Math.max(most, wait),
    0,
  );
  const title = 'Waiting time of the slowest 5 % of tasks';
  const detail = 'ring: one seed; dot and line: mean and 95 % interval';
  const description = `95th percentile of waiting by variant with 95 % intervals: ${means
    .map((row) => `${row.variant} ${row.label}`)
    .join(', ')}.`;
  const y = variantRows(variants);
  const x = { type: 'quantitative' as const, ...waitAxis(longest) };
  const color = variantColour(variants, false);
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
      layer: [
        {
          data: { values: means },
          mark: { type: 'rule', strokeWidth: 2.2 },
          encoding: {
            y,
            x: {
              field: 'low',
              title: '95th percentile of waiting',
              ...x,
            },
            x2: { field: 'high' },
            color,
          },
        },
        {
          data: { values: seeds },
          mark: { type: 'point', size: 46, strokeWidth: 1.2, opacity: 0.75, yOffset: 9 },
          encoding: {
            y,
            x: { field: 'wait_s', ...x },
            color,
            tooltip: [
              { field: 'variant', type: 'nominal' },
              { field: 'seed', type: 'nominal' },
              { field: 'wait_s', type: 'quantitative', title: 'p95 wait, s', format: ',.1f' },
            ],
          },
        },
        {
          data: { values: means },
          mark: { type: 'point', filled: true, size: 95, opacity: 1 },
          encoding: { y, x: { field: 'mean', ...x }, color },
        },
        {
          data: { values: means },
          mark: { type: 'text', dy: -12, fontSize: 12 },
          encoding: { y, x: { field: 'mean', ...x }, text: { field: 'label', type: 'nominal' } },
        },
      ],
      config: CONFIG,
    },
  };
}

// An interval may reach below zero, where no wait is; it is drawn from zero.
function meanOf(comparison: readonly ComparisonRow[], variant: string) {
  const row = comparisonOf(comparison, 'wait_s_p95', variant);
  if (row === undefined || row.mean === null) return [];
  const { mean, ciLow, ciHigh } = row;
  const low = Math.max(0, ciLow ?? mean);
  return [{ variant, mean, low, high: ciHigh ?? mean, label: durationText(mean) }];
}
