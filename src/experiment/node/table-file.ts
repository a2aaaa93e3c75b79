/** A whole table as a file of an output folder, there and back, in either format. */

import { closeSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { csvOf, type Table } from '../../report/tables/table.ts';
import { fileOf, type TableFormat } from '../../report/tables/table-format.ts';
import { textChunks } from './text-chunks.ts';
import { writeAll } from './write-all.ts';

/** For tables that stand in memory. */
export async function writeTableFile<Row>(
  table: Table<Row>,
  rows: readonly Row[],
  path: string,
  format: TableFormat,
): Promise<void> {
  if (format === 'parquet') await writeParquetFile(table, rows, path);
  else await writeFile(path, csvOf(table, rows, { header: true }));
}

/** `rows` are taken one by one: a row group is all that memory holds. */
export async function writeParquetFile<Row>(
  table: Table<Row>,
  rows: Iterable<Row>,
  path: string,
): Promise<void> {
  // Most runs write CSV.
  const { ParquetRowWriter } = await import('../../report/tables/parquet-writer.ts');
  const file = openSync(path, 'w');
  try {
    const writer = new ParquetRowWriter(table, (bytes) => writeAll(file, bytes));
    for (const row of rows) writer.write(row);
    writer.end();
  } finally {
    closeSync(file);
  }
}

/** The rows of a table of `folder`, with the fields asked for only (every field when none is named). */
export async function readTableFile<Row, F extends keyof Row & string = keyof Row & string>(
  table: Table<Row>,
  folder: string,
  format: TableFormat,
  fields?: readonly F[],
): Promise<Iterable<Pick<Row, F>>> {
  const path = join(folder, fileOf(table, format));
  if (format === 'csv') {
    const { readRows } = await import('../../report/read-tables.ts');
    return readRows(table, textChunks(path), fields);
  }
  const { asyncBufferFromFile } = await import('hyparquet');
  const { readParquet } = await import('../../report/read-parquet.ts');
  return readParquet(table, await asyncBufferFromFile(path), fields);
}
