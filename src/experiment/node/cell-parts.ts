/**
 * The tables of one cell on disk, as CSV without header lines: `PARTS/<index>/tasks.csv` and so on. Whoever runs the cell
 * writes them, the tasks as they leave the system, and `joinParts` puts them together in the order of the cells, so that
 * the order of running never shows. No table of tasks ever stands in memory.
 *
 * Parts are CSV whatever the format of the folder: their bytes can be put one behind the other, those of Parquet files,
 * full of their own places in the file, cannot.
 *
 * Of the tasks a part holds 1 % a second time: those whose name hashes to 0 modulo 100, the same tasks in every variant.
 * It stands in for the whole when that is too large to open.
 */

import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { StreamedTaskRow, TaskSink } from '../../metrics/task-sink.ts';
import { hash53 } from '../../random/counter-hash.ts';
import { COSTS, type CostRow } from '../../report/tables/costs.ts';
import { DECISIONS_TABLE, type DecisionRow } from '../../report/tables/decisions.ts';
import { HOSTS, type HostRow } from '../../report/tables/hosts.ts';
import { readRows } from '../../report/read-tables.ts';
import { csvOf, type Table } from '../../report/tables/table.ts';
import { fileOf, type TableFormat } from '../../report/tables/table-format.ts';
import { TASKS, type TaskRow } from '../../report/tables/tasks.ts';
import { TIMESERIES, type TimeseriesRow } from '../../report/tables/timeseries.ts';
import { PartFile } from './part-file.ts';
import { writeParquetFile } from './table-file.ts';
import { textChunks } from './text-chunks.ts';

/** The rows of one cell that are known when it has ended. */
export interface EndTables {
  readonly hosts: Iterable<HostRow>;
  readonly costs: Iterable<CostRow>;
  readonly timeseries: readonly TimeseriesRow[];
  readonly decisions: readonly DecisionRow[];
}

export const SAMPLED_TASKS: Table<TaskRow> = { ...TASKS, name: 'tasks-sample' };

const SAMPLED_ONE_IN = 100;
const SMALL_BUFFER_BYTES = 1 << 16;
const COPY_BYTES = 1 << 20;

export class CellParts implements TaskSink {
  /** Tasks written so far. */
  taskRows = 0;

  private readonly folder: string;
  private readonly tasks: PartFile<TaskRow>;
  private readonly sample: PartFile<TaskRow>;

  constructor(parts: string, index: number) {
    this.folder = join(parts, String(index));
    mkdirSync(this.folder, { recursive: true });
    this.tasks = new PartFile(this.folder, TASKS);
    this.sample = new PartFile(this.folder, SAMPLED_TASKS, SMALL_BUFFER_BYTES);
  }

  write(streamed: StreamedTaskRow): void {
    // The writer takes the values of a plain row in the order of its keys.
    const row = streamed.copy();
    this.tasks.write(row);
    if (isSampled(row)) this.sample.write(row);
    this.taskRows += 1;
  }

  /** After the last task. */
  end(tables: EndTables): void {
    this.tasks.end();
    this.sample.end();
    writeRows(this.folder, HOSTS, tables.hosts);
    writeRows(this.folder, COSTS, tables.costs);
    writeRows(this.folder, TIMESERIES, tables.timeseries);
    writeRows(this.folder, DECISIONS_TABLE, tables.decisions);
  }

  /** Whether or not the cell came to its end. */
  close(): void {
    this.tasks.close();
    this.sample.close();
  }
}

/** Writes `target`: the rows of the parts of the cells in the order given. The parts are gone then. */
export async function joinParts<Row>(
  parts: string,
  indexes: readonly number[],
  table: Table<Row>,
  target: string,
  format: TableFormat,
): Promise<void> {
  const files = indexes.map((index) => join(parts, String(index), fileOf(table, 'csv')));
  const header = csvOf(table, [], { header: true });
  if (format === 'parquet') {
    const rows = readRows(table, textOf(header, files)) as Iterable<Row>;
    await writeParquetFile(table, rows, target);
  } else {
    await writeFile(target, header);
    for (const file of files) {
      const rows = createReadStream(file, { highWaterMark: COPY_BYTES });
      await pipeline(rows, createWriteStream(target, { flags: 'a' }));
    }
  }
  for (const file of files) await rm(file);
}

function* textOf(header: string, files: readonly string[]): Generator<string> {
  yield header;
  for (const file of files) yield* textChunks(file);
}

function isSampled(row: TaskRow): boolean {
  return hash53(`sample/${row.task}`) % SAMPLED_ONE_IN === 0;
}

function writeRows<Row>(folder: string, table: Table<Row>, rows: Iterable<Row>): void {
  const file = new PartFile(folder, table, SMALL_BUFFER_BYTES);
  try {
    for (const row of rows) file.write(row);
    file.end();
  } finally {
    file.close();
  }
}
