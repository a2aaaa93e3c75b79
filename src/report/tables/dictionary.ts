/**
 * `dictionary.csv`: every column of every table, then every word of the closed lists with what the real systems print.
 * It is generated from the tables themselves and includes its own columns.
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

const { text } = columnsOf<DictionaryRow>();

export const DICTIONARY: Table<DictionaryRow> = {
  file: 'dictionary.csv',
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

/** The words that a column may hold, by file and column. */
const CLOSED_LISTS: readonly (readonly [string, string, readonly Word[]])[] = [
  [TASKS.file, 'state', TASK_STATES],
  [TASKS.file, 'reason', PENDING_REASONS],
  [TASKS.file, 'reason', END_REASONS],
  [HOSTS.file, 'termination_reason', TERMINATION_REASONS],
  [COSTS.file, 'item', BILL_ITEMS],
  [DECISIONS_TABLE.file, 'actor', ACTORS],
  [DECISIONS_TABLE.file, 'decision', DECISIONS],
];

export function dictionaryRows(): DictionaryRow[] {
  return [
    ...columnRows(SUMMARY),
    ...columnRows(COMPARISON),
    ...columnRows(TASKS),
    ...columnRows(HOSTS),
    ...columnRows(COSTS),
    ...columnRows(TIMESERIES),
    ...columnRows(DECISIONS_TABLE),
    ...columnRows(DICTIONARY),
    ...CLOSED_LISTS.flatMap(([file, column, words]) => wordRows(file, column, words)),
  ];
}

function columnRows<Row>(table: Table<Row>): DictionaryRow[] {
  return table.columns.map((column: Column<Row>) => ({
    file: table.file,
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
