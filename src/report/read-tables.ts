/**
 * Reads a table of an output folder back from CSV into the rows that it was written from, so that charts and report can be made
 * again from the tables alone. The inverse of `csvOf`: read(csvOf(rows)) = rows, with unknown numbers as null.
 *
 * The text may come in pieces (a 2 M-row tasks.csv is larger than a string may be), cut anywhere. Columns are found by
 * name, so that a table with more columns, or in another order, still reads; a missing column or a cell that is not one
 * of its column's is a ScenarioError with file and line.
 */

import { initParser, type Parser, type Schema } from 'udsv';
import { ScenarioError } from '../base/scenario-error.ts';
import { fileOf } from './tables/table-format.ts';
import type { Column, Table } from './tables/table.ts';

/**
 * The rows of `table`, with the fields asked for only (every field when none is named).
 * Memory: the rows of one chunk; the caller decides what to keep.
 */
export function* readRows<Row, F extends keyof Row & string = keyof Row & string>(
  table: Table<Row>,
  chunks: Iterable<string>,
  fields?: readonly F[],
): Generator<Pick<Row, F>> {
  const columns = table.columns.filter(
    (column) => fields === undefined || (fields as readonly string[]).includes(column.field),
  );
  const pieces = chunks[Symbol.iterator]();
  const { header, rest } = headerOf(fileOf(table, 'csv'), pieces);
  const places = placesOf(table, columns, header);
  let line = 1;
  for (const cells of cellRows(header, rest, pieces)) {
    line++;
    yield rowOf(table, places, cells, line) as Pick<Row, F>;
  }
}

/** Every row of a table that fits in one string. */
export function readTable<Row>(table: Table<Row>, text: string): Row[] {
  return [...readRows(table, [text])] as Row[];
}

/** The names in the header line, and what was read beyond it. Our names need no quotes. */
function headerOf(
  file: string,
  pieces: Iterator<string>,
): { readonly header: readonly string[]; readonly rest: string } {
  let text = '';
  for (let piece = pieces.next(); piece.done !== true; piece = pieces.next()) {
    text += piece.value;
    const end = text.indexOf('\n');
    if (end >= 0) return { header: text.slice(0, end).split(','), rest: text.slice(end + 1) };
  }
  throw faultIn(file, 1, `expected a header line, found ${JSON.stringify(text.slice(0, 40))}`);
}

function* cellRows(
  header: readonly string[],
  rest: string,
  pieces: Iterator<string>,
): Generator<string[]> {
  const parser = csvParser(header);
  let rows: string[][] = [];
  const keep = (row: string[]): void => {
    rows.push(row);
  };
  parser.chunk(rest, parser.stringArrs<string[]>, keep);
  for (let piece = pieces.next(); piece.done !== true; piece = pieces.next()) {
    yield* rows;
    rows = [];
    parser.chunk(piece.value, parser.stringArrs<string[]>, keep);
  }
  parser.end();
  yield* rows;
}

// The schema is stated, not inferred: inference would look for quotes in the first piece of text only.
function csvParser(header: readonly string[]): Parser {
  const cols = header.map((name) => ({
    name,
    type: 's' as const,
    repl: { empty: '', null: undefined, NaN: undefined },
  }));
  const schema: Schema & { readonly skip: number } = {
    col: ',',
    row: '\n',
    encl: '"',
    esc: '"',
    trim: false,
    cols,
    skip: 0,
  };
  return initParser(schema);
}

function placesOf<Row>(
  table: Table<Row>,
  columns: readonly Column<Row>[],
  header: readonly string[],
): Map<Column<Row>, number> {
  const places = new Map<Column<Row>, number>();
  for (const column of columns) {
    const place = header.indexOf(column.name);
    if (place < 0) {
      const found = header.join(', ');
      throw faultIn(fileOf(table, 'csv'), 1, `expected a column ${column.name}, found ${found}`);
    }
    places.set(column, place);
  }
  return places;
}

function rowOf<Row>(
  table: Table<Row>,
  places: ReadonlyMap<Column<Row>, number>,
  cells: readonly string[],
  line: number,
): Partial<Row> {
  const row: Record<string, unknown> = {};
  for (const [column, place] of places) {
    const cell = cells[place] ?? '';
    const value = column.parse(cell);
    if (value === undefined) {
      const expected = `expected a number in column ${column.name}`;
      throw faultIn(fileOf(table, 'csv'), line, `${expected}, found ${JSON.stringify(cell)}`);
    }
    row[column.field] = value;
  }
  return row as Partial<Row>;
}

function faultIn(file: string, line: number, message: string): ScenarioError {
  return new ScenarioError([{ file, line, column: 0, path: '', message }]);
}
