/**
 * A chart as SVG text, without a browser. Vega measures text by estimate where it has no canvas, so equal specs give
 * equal bytes on every machine.
 */

import { parse, View } from 'vega';
import { compile } from 'vega-lite';
import type { ChartSpec } from './chart.ts';

export async function svgOf(spec: ChartSpec): Promise<string> {
  const own = structuredClone(spec); // Vega marks the inline rows that it reads
  const view = new View(parse(compile(own).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
