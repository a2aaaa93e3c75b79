/** Every CSV file of an output folder, from the part files of the cells. */

import { rename, rm, writeFile } from 'node:fs/promises';
import type { RejectedRow } from '../../workload/traces/reader.ts';
import { compare } from '../../report/comparison.ts';
import { COMPARISON, type ComparisonRow } from '../../report/tables/comparison.ts';
import { COSTS } from '../../report/tables/costs.ts';
import { DECISIONS_TABLE } from '../../report/tables/decisions.ts';
import { DICTIONARY, dictionaryRows } from '../../report/tables/dictionary.ts';
import { HOSTS } from '../../report/tables/hosts.ts';
import { SUMMARY } from '../../report/tables/summary.ts';
import { columnsOf, csvOf, type Table } from '../../report/tables/table.ts';
import { TASKS } from '../../report/tables/tasks.ts';
import { TIMESERIES } from '../../report/tables/timeseries.ts';
import type { CellOutcome } from '../cell-outcome.ts';
import { joinParts, SAMPLED_TASKS } from './cell-parts.ts';
import type { OutputFolder } from './output-folder.ts';

export interface TablesToWrite {
  readonly outcomes: readonly CellOutcome[];
  readonly baseline: string;
  readonly rejected: readonly RejectedRow[];
  readonly recordDecisions: boolean;
  /** With more rows than this, tasks.csv is a sample and every run keeps its own whole file. */
  readonly taskRowsMax: number;
  /** Folder of the part files; it is empty afterwards. */
  readonly parts: string;
}

export interface TablesWritten {
  readonly comparison: readonly ComparisonRow[];
  readonly isSampled: boolean;
}

const { text, number } = columnsOf<RejectedRow>();

const REJECTED: Table<RejectedRow> = {
  file: 'rejected.csv',
  rowPer: 'row of a trace that was left out',
  columns: [
    text('file', 'file', 'file as the scenario names it'),
    number('line', 'line', '', 'line in the file, from 1'),
    text('reason', 'reason', 'what is wrong with it'),
    text('text', 'text', 'the row as it stands'),
  ],
};

export async function writeTables(
  folder: OutputFolder,
  tables: TablesToWrite,
): Promise<TablesWritten> {
  const { outcomes, parts, baseline } = tables;
  const summary = outcomes.map((outcome) => outcome.summary);
  const comparison = compare(summary, baseline);
  const join = async <Row>(table: Table<Row>): Promise<void> => {
    const indexes = outcomes.map((outcome) => outcome.index);
    await joinParts(parts, indexes, table, await folder.make(table.file));
  };
  await writeRows(folder, SUMMARY, summary);
  await writeRows(folder, COMPARISON, comparison);
  await writeRows(folder, DICTIONARY, dictionaryRows());
  if (tables.rejected.length > 0) await writeRows(folder, REJECTED, tables.rejected);
  await join(HOSTS);
  await join(COSTS);
  await join(TIMESERIES);
  if (tables.recordDecisions) await join(DECISIONS_TABLE);
  const taskRows = outcomes.reduce((sum, outcome) => sum + outcome.taskRows, 0);
  const isSampled = taskRows > tables.taskRowsMax;
  if (isSampled) await keepTasksByRun(folder, outcomes, parts);
  else await join(TASKS);
  await rm(parts, { recursive: true });
  return { comparison, isSampled };
}

/** `runs/VARIANT/SEED/tasks.csv` with every row, and the sample as tasks.csv. */
async function keepTasksByRun(
  folder: OutputFolder,
  outcomes: readonly CellOutcome[],
  parts: string,
): Promise<void> {
  for (const { index, summary } of outcomes) {
    const name = `runs/${summary.variant}/${summary.seed}/${TASKS.file}`;
    await joinParts(parts, [index], TASKS, await folder.make(name));
  }
  const indexes = outcomes.map((outcome) => outcome.index);
  const sample = await folder.make(SAMPLED_TASKS.file);
  await joinParts(parts, indexes, SAMPLED_TASKS, sample);
  await rename(sample, await folder.make(TASKS.file));
}

async function writeRows<Row>(
  folder: OutputFolder,
  table: Table<Row>,
  rows: readonly Row[],
): Promise<void> {
  await writeFile(await folder.make(table.file), csvOf(table, rows, { header: true }));
}
