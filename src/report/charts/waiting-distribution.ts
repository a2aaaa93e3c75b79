/**
 * The share of tasks that waited at most x: the empirical distribution function of each variant, all seeds pooled.
 * Tasks submitted in the warm-up and daemons are left out; tasks that were still pending count with what they had waited.
 */

import { US_PER_SECOND } from '../../base/units.ts';
import type { TaskRow } from '../tables/tasks.ts';
import { CHART_WIDTH, CONFIG, SCHEMA, titleOf, VARIANT_COLOURS, variantColour } from './chart.ts';
import type { Chart, ChartContext } from './chart.ts';
import { waitAxis } from './wait-axis.ts';

export const WAITING_FIELDS = ['variant', 'kind', 'submittedUs', 'waitUs'] as const;
export type WaitingTask = Pick<TaskRow, (typeof WAITING_FIELDS)[number]>;

// Every half per cent, and finer at the end, where the tail decides.
const SHARES = [
  ...Array.from({ length: 199 }, (_, index) => index / 200),
  0.995,
  0.9975,
  0.999,
  0.9995,
  0.9999,
  1,
] as const;

/** Waiting times in seconds of the tasks that count, by variant, in ascending order. */
export function waitsByVariant(
  tasks: Iterable<WaitingTask>,
  warmupUs: number,
): Map<string, Float64Array> {
  const lists = new Map<string, number[]>();
  for (const task of tasks) {
    if (task.kind === 'daemon' || task.submittedUs < warmupUs || task.waitUs === null) continue;
    const list = lists.get(task.variant);
    if (list === undefined) lists.set(task.variant, [task.waitUs / US_PER_SECOND]);
    else list.push(task.waitUs / US_PER_SECOND);
  }
  const waits = new Map<string, Float64Array>();
  for (const [variant, list] of lists) {
    waits.set(
      variant,
      Float64Array.from(list).sort((a, b) => a - b),
    );
  }
  return waits;
}

export function waitingDistribution(
  waits: ReadonlyMap<string, Float64Array>,
  variants: readonly string[],
  context: ChartContext,
): Chart {
  const points = variants.flatMap((variant) => pointsOf(variant, waits.get(variant)));
  const longest = points.reduce((most, point) => Math.max(most, point.wait_s), 0);
  const title = 'How long tasks waited';
  const detail = 'share that waited at most so long; axis linear to 1 s, then log';
  const description = `Share of tasks that waited at most so long, for ${variants.join(', ')}.`;
  return {
    name: 'waiting-distribution',
    title,
    detail,
    description,
    spec: {
      $schema: SCHEMA,
      title: titleOf(title, context, detail),
      description,
      width: CHART_WIDTH,
      height: 260,
      data: { values: points },
      mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2.2 },
      encoding: {
        x: {
          field: 'wait_s',
          type: 'quantitative',
          title: 'waiting time',
          ...waitAxis(longest),
        },
        y: {
          field: 'share',
          type: 'quantitative',
          title: 'share of tasks',
          scale: { domain: [0, 1] },
          axis: { format: '.0%' },
        },
        color: variantColour(variants, true),
        strokeDash: {
          field: 'variant',
          type: 'nominal',
          title: null,
          scale: { domain: [...variants], range: variants.map((_, index) => dashOf(index)) },
        },
        order: { field: 'share', type: 'quantitative' },
        tooltip: [
          { field: 'variant', type: 'nominal' },
          { field: 'wait_s', type: 'quantitative', title: 'waited at most, s', format: ',.1f' },
          { field: 'share', type: 'quantitative', format: '.2%' },
        ],
      },
      config: CONFIG,
    },
  };
}

function pointsOf(variant: string, waits: Float64Array | undefined) {
  if (waits === undefined) return [];
  return SHARES.map((share) => {
    const rank = Math.max(0, Math.ceil(share * waits.length) - 1);
    return { variant, share, wait_s: waits[rank]! };
  });
}

// Lines differ by more than colour, and a colour that comes again comes with another dash.
function dashOf(index: number): number[] {
  const dashes = [
    [1, 0],
    [7, 3],
    [2, 2],
    [9, 3, 2, 3],
  ];
  const round = Math.floor(index / VARIANT_COLOURS.length);
  return dashes[(index + round) % dashes.length]!;
}
