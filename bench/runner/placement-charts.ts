/**
 * Two charts of what a placement costs, each a small picture a policy on the same logarithmic axes: against the number of
 * hosts, and against the number of request templates.
 */

import { CONFIG, SCHEMA, VARIANT_COLOURS } from '../../src/report/charts/chart.ts';
import { svgOf } from '../../src/report/charts/svg.ts';
import type { ChartSpec } from '../../src/report/charts/chart.ts';
import type { Figure } from './figure.ts';
import type { Results } from './results.ts';

const PROGRAM = 'placement/place';
const SQUARE = 190;
const COLUMNS = 3;
const TIME_LABEL =
  "datum.value < 1e3 ? datum.value + ' ns' : datum.value < 1e6 ? datum.value / 1e3 + ' µs' : datum.value / 1e6 + ' ms'";
const POWERS_OF_TEN = [1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
/** The series, from the slowest: what the figures call it, and what the chart does. */
const SERIES = [
  ['naive', 'objects, filter, map and sort'],
  ['scan', 'hand-tuned scan of columns'],
  ['index', 'Berth'],
] as const;
const COLOURS = [VARIANT_COLOURS[1], VARIANT_COLOURS[4], VARIANT_COLOURS[0]];

export interface CostPoint {
  readonly policy: string;
  readonly series: string;
  readonly hosts: number;
  readonly templates: number;
  readonly ns: number;
}

export async function placementCharts(results: Results): Promise<ReadonlyMap<string, string>> {
  const points = costPoints(results);
  const usual = mostCommon(points.map(({ templates }) => templates));
  const byHosts = points.filter(({ templates }) => templates === usual);
  const middle = mostCommon(
    points.filter(({ templates }) => templates !== usual).map(({ hosts }) => hosts),
  );
  const deeper = new Set(
    points.filter(({ templates }) => templates !== usual).map(({ policy }) => policy),
  );
  const byTemplates = points.filter(
    ({ policy, hosts, series }) =>
      hosts === middle && deeper.has(policy) && series !== SERIES[0][1],
  );
  return new Map([
    ['placement-by-hosts.svg', await svgOf(byHostsSpec(byHosts, usual))],
    ['placement-by-templates.svg', await svgOf(byTemplatesSpec(byTemplates, middle))],
  ]);
}

/** Every engine's cost in every race with templates that come again. */
export function costPoints({ programs }: Results): CostPoint[] {
  const figures = programs.find(({ program }) => program === PROGRAM)?.figures ?? [];
  const points = figures
    .filter(({ workload, isGrowth }) => workload.endsWith(' templates') && !isGrowth)
    .flatMap((figure) => [
      pointOf(figure, 'index', figure.value),
      pointOf(figure, figure.twin, figure.twinValue),
    ]);
  // Berth's cost stands in the figure of each twin.
  return [...new Map(points.map((point) => [keyOf(point), point])).values()];
}

function pointOf({ name, workload, size }: Figure, engine: string, ns: number): CostPoint {
  return {
    policy: name.replace(/^place /, ''),
    series: SERIES.find(([id]) => id === engine)?.[1] ?? engine,
    hosts: Number.parseInt(size, 10),
    templates: Number.parseInt(workload, 10),
    ns,
  };
}

function keyOf({ policy, series, hosts, templates }: CostPoint): string {
  return [policy, series, hosts, templates].join(' ');
}

function mostCommon(numbers: readonly number[]): number {
  const count = (number: number): number => numbers.filter((one) => one === number).length;
  return numbers.reduce((best, one) => (count(one) > count(best) ? one : best), numbers[0] ?? 0);
}

function byHostsSpec(points: readonly CostPoint[], templates: number): ChartSpec {
  return specOf(
    points,
    { field: 'hosts', title: 'hosts' },
    'What a placement costs, by number of hosts',
    `one release and one placement at 80 % fill, ${templates} request templates`,
  );
}

function byTemplatesSpec(points: readonly CostPoint[], hosts: number): ChartSpec {
  return specOf(
    points,
    { field: 'templates', title: 'request templates' },
    'What a placement costs, by number of request templates',
    `one release and one placement at 80 % fill of ${hosts.toLocaleString('en')} hosts`,
  );
}

function specOf(
  points: readonly CostPoint[],
  across: { readonly field: 'hosts' | 'templates'; readonly title: string },
  title: string,
  detail: string,
): ChartSpec {
  const drawn = new Set(points.map(({ series }) => series));
  const series = SERIES.map(([, name]) => name).filter((name) => drawn.has(name));
  const places = [...new Set(points.map((point) => point[across.field]))].sort((a, b) => a - b);
  return {
    $schema: SCHEMA,
    title: {
      text: title,
      subtitle: [detail, 'processor time, both axes logarithmic'],
      anchor: 'start',
    },
    data: { values: [...points] },
    facet: {
      field: 'policy',
      type: 'nominal',
      title: null,
      sort: [...new Set(points.map(({ policy }) => policy))],
    },
    columns: COLUMNS,
    spacing: { row: 22, column: 22 },
    spec: {
      width: SQUARE,
      height: SQUARE,
      mark: { type: 'line', point: { size: 36, filled: true }, strokeWidth: 2 },
      encoding: {
        x: {
          field: across.field,
          type: 'quantitative',
          title: across.title,
          scale: { type: 'log', nice: false, padding: 8 },
          axis: { values: places, format: '~s', grid: false },
        },
        y: {
          field: 'ns',
          type: 'quantitative',
          title: null,
          scale: { type: 'log' },
          axis: { values: POWERS_OF_TEN, labelExpr: TIME_LABEL },
        },
        color: {
          field: 'series',
          type: 'nominal',
          title: null,
          scale: {
            domain: series,
            range: series.map((name) => COLOURS[SERIES.findIndex(([, one]) => one === name)]!),
          },
        },
      },
    },
    config: CONFIG,
  };
}
