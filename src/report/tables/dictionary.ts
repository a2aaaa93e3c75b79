/**
 * `dictionary.csv`: every column of every table, then every word of the closed lists with what the real systems print.
 * It is generated from the tables themselves and includes its own columns. It is CSV beside Parquet tables too, since it is
 * there to be read.
 */

import {
  ACTORS,
  BILL_ITEMS,
  DECISIONS,
  END_REASONS,
  PENDING_REASONS,
  TASK_STATES,
  TERMINATION_REASONS,
  type Word,
} from '../../base/reasons.ts';
import { COMPARISON } from './comparison.ts';
import { COSTS } from './costs.ts';
import { DECISIONS_TABLE } from './decisions.ts';
import { HOSTS } from './hosts.ts';
import { fileOf, type TableFormat } from './table-format.ts';
import { SUMMARY } from './summary.ts';
import { columnsOf, type Column, type Table } from './table.ts';
import { TASKS } from './tasks.ts';
import { TIMESERIES } from './timeseries.ts';

export interface DictionaryRow {
  readonly file: string;
  readonly column: string;
  readonly unit: string;
  readonly meaning: string;
  readonly formula: string;
  readonly word: string;
  readonly realWord: string;
}

type Named = Pick<Table<never>, 'name'>;

const { text } = columnsOf<DictionaryRow>();

export const DICTIONARY: Table<DictionaryRow> = {
  name: 'dictionary',
  rowPer: 'column, then word of a closed list',
  columns: [
    text('file', 'file', 'file of the output folder'),
    text('column', 'column', 'header of the column'),
    text('unit', 'unit', 'unit of the values; empty for text'),
    text('meaning', 'meaning', 'what the column or the word means'),
    text('formula', 'formula', 'how the value is computed; empty where it is observed'),
    text('word', 'word', 'a word that the column may hold; empty in the row of the column itself'),
    text('real_word', 'realWord', 'what the real systems print for the word'),
  ],
};

/** The words that a column may hold, by table and column. */
const CLOSED_LISTS: readonly (readonly [Named, string, readonly Word[]])[] = [
  [TASKS, 'state', TASK_STATES],
  [TASKS, 'reason', PENDING_REASONS],
  [TASKS, 'reason', END_REASONS],
  [HOSTS, 'termination_reason', TERMINATION_REASONS],
  [COSTS, 'item', BILL_ITEMS],
  [DECISIONS_TABLE, 'actor', ACTORS],
  [DECISIONS_TABLE, 'decision', DECISIONS],
];

/** The dictionary of a folder whose tables are written in `format`. */
export function dictionaryRows(format: TableFormat): DictionaryRow[] {
  return [
    ...columnRows(SUMMARY, format),
    ...columnRows(COMPARISON, format),
    ...columnRows(TASKS, format),
    ...columnRows(HOSTS, format),
    ...columnRows(COSTS, format),
    ...columnRows(TIMESERIES, format),
    ...columnRows(DECISIONS_TABLE, format),
    ...columnRows(DICTIONARY, 'csv'),
    ...CLOSED_LISTS.flatMap(([table, column, words]) =>
      wordRows(fileOf(table, format), column, words),
    ),
  ];
}

function columnRows<Row>(table: Table<Row>, format: TableFormat): DictionaryRow[] {
  return table.columns.map((column: Column<Row>) => ({
    file: fileOf(table, format),
    column: column.name,
    unit: column.unit,
    meaning: column.meaning,
    formula: column.formula,
    word: '',
    realWord: '',
  }));
}

function wordRows(file: string, column: string, words: readonly Word[]): DictionaryRow[] {
  return words.map(({ word, meaning, realWord }) => ({
    file,
    column,
    unit: '',
    meaning,
    formula: '',
    word,
    realWord,
  }));
}
