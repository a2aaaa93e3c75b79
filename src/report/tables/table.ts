/**
 * A table is a list of columns, and a column is one object: its header, its unit, what it means, how it is computed,
 * how a row's value is printed and how a cell is read back. The header line, `dictionary.csv` and the reader of an
 * output folder all come from these objects, so that none of them can disagree.
 *
 * Printing    floating numbers shortest-round-trip; money and times exactly, from their integers; LF line ends.
 * Unknown     null, NaN and infinities are empty cells, and empty cells are read as null: never a zero.
 */

import { stringify } from 'csv-stringify/sync';
import { InvariantError } from '../../base/assert.ts';
import { parseScaledInteger, scaledInteger } from '../../base/decimal.ts';

type CellValue = string | number | null;

/** What a cell shows: a text, a number as it stands, or an integer of 10^-digits units as a decimal of whole ones. */
export type CellForm =
  | { readonly kind: 'text' }
  | { readonly kind: 'integer' }
  | { readonly kind: 'number' }
  | { readonly kind: 'scaled'; readonly digits: number };

export interface Column<Row> {
  /** Header of the column. */
  readonly name: string;
  /** Unit as printed in `dictionary.csv`; '' for text and plain counts. */
  readonly unit: string;
  readonly meaning: string;
  /** How the value comes from others; '' where it is observed. */
  readonly formula: string;
  /** The field of the row interface that the column shows. */
  readonly field: keyof Row & string;
  readonly form: CellForm;
  /** The cell of a row. */
  readonly value: (row: Row) => string;
  /** The value of a cell; undefined when the text is not one of this column's. */
  readonly parse: (cell: string) => CellValue | undefined;
}

export interface Table<Row> {
  /** Name of its file, without the ending that tells the format. */
  readonly name: string;
  /** What one row is, for the reader of the dictionary. */
  readonly rowPer: string;
  readonly columns: readonly Column<Row>[];
}

/** Fields of a row that hold `V`. */
type FieldOf<Row, V> = { [K in keyof Row]: Row[K] extends V ? K : never }[keyof Row] & string;

const SECOND_DIGITS = 6; // integer µs
const MONEY_DIGITS = 6; // integer micro-USD
const PRICE_DIGITS = 9; // integer nano-USD

// csv-stringify builds its output in memory; this many rows at a time keep that small beside the text itself.
const ROWS_PER_BATCH = 10_000;

/** Makers of columns for one row interface: `const { text, seconds } = columnsOf<TaskRow>()`. */
export function columnsOf<Row>() {
  function text(name: string, field: FieldOf<Row, string>, meaning: string): Column<Row> {
    return {
      name,
      unit: '',
      meaning,
      formula: '',
      field,
      form: { kind: 'text' },
      value: (row) => row[field] as string,
      parse: (cell) => cell,
    };
  }

  /** A number in the unit of the column, as it stands in the row. */
  function plain(kind: 'number' | 'integer') {
    return (
      name: string,
      field: FieldOf<Row, number | null>,
      unit: string,
      meaning: string,
      formula = '',
    ): Column<Row> => ({
      name,
      unit,
      meaning,
      formula,
      field,
      form: { kind },
      value: (row) => (isKnown(row[field]) ? String(row[field]) : ''),
      parse: parseNumber,
    });
  }

  /** An integer of 10^-digits units, printed as a decimal of whole units. */
  function scaled(digits: number, unit: string) {
    return (
      name: string,
      field: FieldOf<Row, number | null>,
      meaning: string,
      formula = '',
    ): Column<Row> => ({
      name,
      unit,
      meaning,
      formula,
      field,
      form: { kind: 'scaled', digits },
      value: (row) => (isKnown(row[field]) ? scaledInteger(row[field] as number, digits) : ''),
      parse: (cell) => (cell === '' ? null : (parseScaledInteger(cell, digits) ?? undefined)),
    });
  }

  return {
    text,
    number: plain('number'),
    /** A number that is whole in every row, such as a count. */
    integer: plain('integer'),
    /** Integer µs as seconds. */
    seconds: scaled(SECOND_DIGITS, 's'),
    /** Integer micro-USD as USD. */
    money: scaled(MONEY_DIGITS, 'USD'),
    /** Integer nano-USD per `per` as USD per `per`. */
    price: (per: string) => scaled(PRICE_DIGITS, per === '' ? 'USD' : `USD/${per}`),
  };
}

/** CSV text of `rows`; with `header`, the header line stands before them. */
export function csvOf<Row>(
  table: Table<Row>,
  rows: readonly Row[],
  options: { readonly header: boolean },
): string {
  const parts: string[] = [];
  if (options.header) parts.push(linesOf([table.columns.map((column) => column.name)]));
  for (let first = 0; first < rows.length; first += ROWS_PER_BATCH) {
    const batch = rows.slice(first, first + ROWS_PER_BATCH);
    parts.push(linesOf(batch.map((row) => table.columns.map((column) => column.value(row)))));
  }
  return parts.join('');
}

/** The value of a column in its own unit, as a reader of the CSV sees it; null when unknown or text. */
export function numberIn<Row>(column: Column<Row>, row: Row): number | null {
  return parseNumber(column.value(row)) ?? null;
}

/** The column of that name; every caller names a column that its table has. */
export function columnNamed<Row>(table: Table<Row>, name: string): Column<Row> {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new InvariantError(`table ${table.name} has no column ${name}`);
  return column;
}

// A carriage return must stand in quotes too: many readers end a line at a bare one.
function linesOf(records: string[][]): string {
  return stringify(records, { record_delimiter: '\n', quote_record_delimiter: true });
}

function isKnown(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}

function parseNumber(cell: string): number | null | undefined {
  if (cell === '') return null;
  const value = Number(cell);
  return Number.isFinite(value) ? value : undefined;
}
