/**
 * The tables of one cell on disk, without header lines: `PARTS/<index>/tasks.csv` and so on. Whoever ran the cell writes
 * them, and `joinParts` puts them together in the order of the cells, so that the order of running never shows.
 *
 * Of the tasks a part holds 1 % a second time: those whose name hashes to 0 modulo 100, the same tasks in every variant.
 * It stands in for the whole when that is too large to open.
 */

import {
  closeSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  openSync,
  writeSync,
} from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { hash53 } from '../../random/counter-hash.ts';
import { COSTS, type CostRow } from '../../report/tables/costs.ts';
import { DECISIONS_TABLE, type DecisionRow } from '../../report/tables/decisions.ts';
import { HOSTS, type HostRow } from '../../report/tables/hosts.ts';
import { csvOf, type Table } from '../../report/tables/table.ts';
import { TASKS, type TaskRow } from '../../report/tables/tasks.ts';
import { TIMESERIES, type TimeseriesRow } from '../../report/tables/timeseries.ts';

/** The rows of one cell. */
export interface CellTables {
  readonly tasks: readonly TaskRow[];
  readonly hosts: readonly HostRow[];
  readonly costs: readonly CostRow[];
  readonly timeseries: readonly TimeseriesRow[];
  readonly decisions: readonly DecisionRow[];
}

export const SAMPLED_TASKS: Table<TaskRow> = { ...TASKS, file: 'tasks-sample.csv' };

const SAMPLED_ONE_IN = 100;
const ROWS_PER_WRITE = 20_000;

export function writeCellParts(parts: string, index: number, tables: CellTables): void {
  const folder = join(parts, String(index));
  mkdirSync(folder, { recursive: true });
  writeRows(folder, TASKS, tables.tasks);
  writeRows(folder, SAMPLED_TASKS, tables.tasks.filter(isSampled));
  writeRows(folder, HOSTS, tables.hosts);
  writeRows(folder, COSTS, tables.costs);
  writeRows(folder, TIMESERIES, tables.timeseries);
  writeRows(folder, DECISIONS_TABLE, tables.decisions);
}

/** Writes `target`: the header of `table`, then the parts of the cells in the order given. The parts are gone then. */
export async function joinParts<Row>(
  parts: string,
  indexes: readonly number[],
  table: Table<Row>,
  target: string,
): Promise<void> {
  await writeFile(target, csvOf(table, [], { header: true }));
  for (const index of indexes) {
    const part = join(parts, String(index), table.file);
    await pipeline(createReadStream(part), createWriteStream(target, { flags: 'a' }));
    await rm(part);
  }
}

function isSampled(row: TaskRow): boolean {
  return hash53(`sample/${row.task}`) % SAMPLED_ONE_IN === 0;
}

// A large table never stands in memory as one text.
function writeRows<Row>(folder: string, table: Table<Row>, rows: readonly Row[]): void {
  const file = openSync(join(folder, table.file), 'w');
  try {
    for (let from = 0; from < rows.length; from += ROWS_PER_WRITE) {
      writeSync(file, csvOf(table, rows.slice(from, from + ROWS_PER_WRITE), { header: false }));
    }
  } finally {
    closeSync(file);
  }
}
