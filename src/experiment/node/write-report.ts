/**
 * Charts and report.html of an output folder, from its tables and its manifest alone: the end of a run and `berth report`
 * take the same way.
 */

import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { createRequire } from 'node:module';
import { COSTS } from '../../report/tables/costs.ts';
import { SUMMARY } from '../../report/tables/summary.ts';
import type { Table } from '../../report/tables/table.ts';
import { TASKS } from '../../report/tables/tasks.ts';
import { TIMESERIES } from '../../report/tables/timeseries.ts';
import type { Manifest } from '../manifest.ts';
import { reportFactsOf } from '../manifest.ts';
import type { OutputFolder } from './output-folder.ts';

const CHUNK_BYTES = 1 << 20;

/** Reads the tables in `tables` and writes charts and page into `folder`. */
export async function writeReport(
  tables: string,
  manifest: Manifest,
  folder: OutputFolder,
): Promise<void> {
  // Vega takes a while to load, and most commands draw nothing.
  const { reportOf } = await import('../../report/report.ts');
  const { readRows, readTable } = await import('../../report/read-tables.ts');
  const { WAITING_FIELDS } = await import('../../report/charts/waiting-distribution.ts');
  const chunks = <Row>(table: Table<Row>) => textChunksNow(join(tables, table.file));
  const report = await reportOf(
    {
      summary: readTable(SUMMARY, [...chunks(SUMMARY)].join('')),
      timeseries: readTable(TIMESERIES, [...chunks(TIMESERIES)].join('')),
      costs: readRows(COSTS, chunks(COSTS), ['variant', 'seed', 'item', 'costMicroUsd']),
      tasks: readRows(TASKS, chunks(TASKS), WAITING_FIELDS),
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

/** The text of a file in pieces, read when they are asked for. */
function* textChunksNow(path: string): Generator<string> {
  const file = openSync(path, 'r');
  try {
    const decoder = new StringDecoder('utf8');
    const bytes = Buffer.alloc(CHUNK_BYTES);
    for (let read = readSync(file, bytes); read > 0; read = readSync(file, bytes)) {
      yield decoder.write(bytes.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
}
