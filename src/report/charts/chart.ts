/**
 * What every chart shares: a Vega-Lite spec made by a pure function of rows, with its numbers inline and already
 * aggregated (a spec of raw tasks would be larger than the table), the same width, fonts and colours.
 *
 * Colours   M. Okabe, K. Ito, "Color Universal Design" (2008): told apart with any colour vision. Variants keep their
 *           colour from chart to chart.
 * Size      at most MARKS_MAX marks a chart.
 */

import type { Config, TopLevelSpec } from 'vega-lite';

export type ChartSpec = TopLevelSpec;

export interface Chart {
  /** Name of the files: `charts/<name>.vl.json` and `charts/<name>.svg`. */
  readonly name: string;
  readonly title: string;
  /** The second line of the title: what is drawn, and how. */
  readonly detail: string;
  /** One sentence for those who cannot see the picture. */
  readonly description: string;
  readonly spec: ChartSpec;
}

/** What a chart says about the experiment as a whole. */
export interface ChartContext {
  readonly scenario: string;
  readonly replications: number;
}

export const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';
export const CHART_WIDTH = 620;
export const MARKS_MAX = 5_000;

const LABEL_LIMIT = 340;
const LEGEND_CHARACTERS = 64;

export const VARIANT_COLOURS = [
  '#0072B2',
  '#D55E00',
  '#009E73',
  '#CC79A7',
  '#E69F00',
  '#56B4E9',
  '#7F7F7F',
  '#8C6D31',
] as const;

/**
 * Title and subtitle; the subtitle names the scenario and how many seeds stand behind the numbers. Two short lines:
 * without a canvas Vega takes text for wider than it is, and a long line would widen the whole picture.
 */
export function titleOf(text: string, context: ChartContext, detail: string) {
  const seeds = context.replications === 1 ? '1 seed' : `${context.replications} seeds`;
  return { text, subtitle: [`${context.scenario}, ${seeds}`, detail] };
}

/** One colour a variant, in the order of the scenario. */
export function variantColour(variants: readonly string[], legend: boolean) {
  return {
    field: 'variant',
    type: 'nominal' as const,
    title: null,
    scale: {
      domain: [...variants],
      range: variants.map((_, index) => VARIANT_COLOURS[index % VARIANT_COLOURS.length]!),
    },
    legend: legend ? { columns: legendColumns(variants) } : null,
  };
}

// As many columns as fit the width of a chart with the longest name, four at most.
function legendColumns(names: readonly string[]): number {
  const longest = names.reduce((most, name) => Math.max(most, name.length), 1);
  return Math.max(1, Math.min(4, Math.floor(LEGEND_CHARACTERS / longest)));
}

/** Variants as rows, in the order of the scenario. */
export function variantRows(variants: readonly string[]) {
  return {
    field: 'variant',
    type: 'nominal' as const,
    title: null,
    scale: { domain: [...variants] },
    axis: { labelLimit: LABEL_LIMIT, ticks: false, domain: false, labelPadding: 8 },
  };
}

export const CONFIG: Config = {
  background: 'white',
  padding: 12,
  font: 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", Arial, sans-serif',
  title: {
    anchor: 'start',
    frame: 'group',
    fontSize: 15,
    fontWeight: 600,
    subtitleFontSize: 12,
    subtitleColor: '#5a5a5a',
    subtitlePadding: 4,
    offset: 14,
  },
  axis: {
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 8,
    gridColor: '#e4e4e4',
    domainColor: '#8a8a8a',
    tickColor: '#8a8a8a',
  },
  legend: {
    orient: 'top',
    direction: 'horizontal',
    columns: 4,
    labelFontSize: 12,
    labelLimit: LABEL_LIMIT,
    symbolStrokeWidth: 2.5,
    offset: 8,
  },
  header: { labelFontSize: 12, labelFontWeight: 600, labelAnchor: 'start' },
  text: { color: '#222222' },
  rule: { color: '#222222' },
  view: { stroke: 'transparent' },
};
