/** Every table of an output folder, from the part files of the cells. */

import { rename, rm } from 'node:fs/promises';
import type { RejectedRow } from '../../workload/traces/reader.ts';
import { compare } from '../../report/comparison.ts';
import { COMPARISON, type ComparisonRow } from '../../report/tables/comparison.ts';
import { COSTS } from '../../report/tables/costs.ts';
import { DECISIONS_TABLE } from '../../report/tables/decisions.ts';
import { DICTIONARY, dictionaryRows } from '../../report/tables/dictionary.ts';
import { HOSTS } from '../../report/tables/hosts.ts';
import { SUMMARY } from '../../report/tables/summary.ts';
import { columnsOf, type Table } from '../../report/tables/table.ts';
import { fileOf, type TableFormat } from '../../report/tables/table-format.ts';
import { TASKS } from '../../report/tables/tasks.ts';
import { TIMESERIES } from '../../report/tables/timeseries.ts';
import type { CellOutcome } from '../cell-outcome.ts';
import { joinParts, SAMPLED_TASKS } from './cell-parts.ts';
import type { OutputFolder } from './output-folder.ts';
import { writeTableFile } from './table-file.ts';

export interface TablesToWrite {
  readonly outcomes: readonly CellOutcome[];
  readonly baseline: string;
  readonly rejected: readonly RejectedRow[];
  readonly recordDecisions: boolean;
  /** Of every table but the dictionary. */
  readonly format: TableFormat;
  /** With more rows than this, the table of tasks is a sample and every run keeps its own whole file. */
  readonly taskRowsMax: number;
  /** Folder of the part files; it is empty afterwards. */
  readonly parts: string;
}

export interface TablesWritten {
  readonly comparison: readonly ComparisonRow[];
  readonly isSampled: boolean;
}

const { text, integer } = columnsOf<RejectedRow>();

const REJECTED: Table<RejectedRow> = {
  name: 'rejected',
  rowPer: 'row of a trace that was left out',
  columns: [
    text('file', 'file', 'file as the scenario names it'),
    integer('line', 'line', '', 'line in the file, from 1'),
    text('reason', 'reason', 'what is wrong with it'),
    text('text', 'text', 'the row as it stands'),
  ],
};

export async function writeTables(
  folder: OutputFolder,
  tables: TablesToWrite,
): Promise<TablesWritten> {
  const { outcomes, parts, baseline, format } = tables;
  const summary = outcomes.map((outcome) => outcome.summary);
  const comparison = compare(summary, baseline);
  const write = async <Row>(table: Table<Row>, rows: readonly Row[], as = format) =>
    writeTableFile(table, rows, await folder.make(fileOf(table, as)), as);
  const join = async <Row>(table: Table<Row>): Promise<void> => {
    const indexes = outcomes.map((outcome) => outcome.index);
    await joinParts(parts, indexes, table, await folder.make(fileOf(table, format)), format);
  };
  await write(SUMMARY, summary);
  await write(COMPARISON, comparison);
  await write(DICTIONARY, dictionaryRows(format), 'csv');
  if (tables.rejected.length > 0) await write(REJECTED, tables.rejected);
  await join(HOSTS);
  await join(COSTS);
  await join(TIMESERIES);
  if (tables.recordDecisions) await join(DECISIONS_TABLE);
  const taskRows = outcomes.reduce((sum, outcome) => sum + outcome.taskRows, 0);
  const isSampled = taskRows > tables.taskRowsMax;
  if (isSampled) await keepTasksByRun(folder, tables);
  else await join(TASKS);
  await rm(parts, { recursive: true });
  return { comparison, isSampled };
}

/** The tasks of each run in `runs/VARIANT/SEED`, and the sample at the top. */
async function keepTasksByRun(
  folder: OutputFolder,
  { outcomes, parts, format }: TablesToWrite,
): Promise<void> {
  const file = fileOf(TASKS, format);
  for (const { index, summary } of outcomes) {
    const name = `runs/${summary.variant}/${summary.seed}/${file}`;
    await joinParts(parts, [index], TASKS, await folder.make(name), format);
  }
  const indexes = outcomes.map((outcome) => outcome.index);
  const sample = await folder.make(fileOf(SAMPLED_TASKS, format));
  await joinParts(parts, indexes, SAMPLED_TASKS, sample, format);
  await rename(sample, await folder.make(file));
}
