/**
 * Charts and report.html of an output folder, from its tables and its manifest alone: the end of a run and `berth report`
 * take the same way.
 */

import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { COSTS } from '../../report/tables/costs.ts';
import { SUMMARY } from '../../report/tables/summary.ts';
import { TASKS } from '../../report/tables/tasks.ts';
import { TIMESERIES } from '../../report/tables/timeseries.ts';
import type { Manifest } from '../manifest.ts';
import { reportFactsOf } from '../manifest.ts';
import type { OutputFolder } from './output-folder.ts';
import { readTableFile } from './table-file.ts';

const COST_FIELDS = ['variant', 'seed', 'item', 'costMicroUsd'] as const;

/** Reads the tables in `tables` and writes charts and page into `folder`. */
export async function writeReport(
  tables: string,
  manifest: Manifest,
  folder: OutputFolder,
): Promise<void> {
  // Vega takes a while to load, and most commands draw nothing.
  const { reportOf } = await import('../../report/report.ts');
  const { WAITING_FIELDS } = await import('../../report/charts/waiting-distribution.ts');
  const { format } = manifest;
  const report = await reportOf(
    {
      summary: [...(await readTableFile(SUMMARY, tables, format))],
      timeseries: [...(await readTableFile(TIMESERIES, tables, format))],
      costs: await readTableFile(COSTS, tables, format, COST_FIELDS),
      tasks: await readTableFile(TASKS, tables, format, WAITING_FIELDS),
    },
    reportFactsOf(manifest),
    {
      vega: libraryText('vega', 'vega.min.js'),
      vegaLite: libraryText('vega-lite', 'vega-lite.min.js'),
      vegaEmbed: libraryText('vega-embed', 'vega-embed.min.js'),
    },
  );
  for (const { name, spec, svg } of report.charts) {
    const json = `${JSON.stringify(spec, undefined, 2)}\n`;
    await writeFile(await folder.make(`charts/${name}.vl.json`), json);
    await writeFile(await folder.make(`charts/${name}.svg`), svg);
  }
  await writeFile(await folder.make('report.html'), report.html);
}

/** The minified build lies beside the file that the package exports. */
function libraryText(name: string, file: string): string {
  const entry = createRequire(import.meta.url).resolve(name);
  return readFileSync(join(dirname(entry), file), 'utf8');
}
