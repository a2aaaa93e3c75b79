/**
 * Shows results in a Jupyter notebook: an object with the method `Symbol.for('Jupyter.display')` says itself in which
 * forms it can be seen, and the reader of the notebook takes the best that it knows.
 *
 * Chart   its Vega-Lite spec, for readers that draw it with tooltips, and a picture: PNG made by `rsvg-convert` (Debian's
 *         librsvg2-bin), for some readers strip SVG; the SVG itself on a machine without that program.
 * Table   HTML, and the text that the command line prints.
 */

import { spawnSync } from 'node:child_process';
import { OVERVIEW_HEADINGS, overviewOf, overviewText, svgOf } from '../src/index.ts';
import type { Chart, ComparisonRow } from '../src/index.ts';

type Forms = Readonly<Record<string, unknown>>;

const DISPLAY = Symbol.for('Jupyter.display');
const PIXELS_PER_UNIT = 2; // sharp on screens of a high resolution
const MEGABYTE = 1e6;

/** The picture of a chart; the value of a cell. */
export async function showChart(chart: Chart): Promise<object> {
  const forms: Forms = {
    'application/vnd.vegalite.v6+json': chart.spec,
    ...pictureOf(await svgOf(chart.spec)),
    'text/plain': chart.description,
  };
  return { [DISPLAY]: () => forms };
}

/** One line a variant, as `berth compare` prints it; the value of a cell. */
export function showComparison(comparison: readonly ComparisonRow[]): object {
  const headings = ['variant', ...OVERVIEW_HEADINGS];
  const rows = overviewOf(comparison).map(({ variant, isBaseline, cells }) => [
    isBaseline ? `${variant} (baseline)` : variant,
    ...cells,
  ]);
  const forms: Forms = {
    'text/html': `<table>${rowOf('th', headings)}${rows.map((row) => rowOf('td', row)).join('')}</table>`,
    'text/plain': overviewText(comparison),
  };
  return { [DISPLAY]: () => forms };
}

// Nothing has to be escaped: names of variants are letters, digits and hyphens, and the other cells are numbers.
function rowOf(tag: 'th' | 'td', cells: readonly string[]): string {
  const [name = '', ...numbers] = cells;
  const first = `<${tag} style="text-align: left">${name}</${tag}>`;
  return `<tr>${first}${numbers.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
}

function pictureOf(svg: string): Forms {
  const { status, stdout } = spawnSync('rsvg-convert', [`--zoom=${PIXELS_PER_UNIT}`], {
    input: svg,
    maxBuffer: 16 * MEGABYTE,
  });
  return status === 0 ? { 'image/png': stdout.toString('base64') } : { 'image/svg+xml': svg };
}
