/**
 * Comma-separated text with a header: the wanted columns of every record, whatever order they stand in.
 *
 * Fields may stand in double quotes (`""` is a quote inside) and are trimmed outside of them. A record is one line: a
 * quoted field cannot span lines, so that a lost quote costs one row and not the rest of the file. Blank lines are
 * skipped. A record with more or fewer fields than the header is malformed.
 *
 * Our own splitting and not udsv: on a record that is one field short it silently takes the next line
 * for that field (tried, 0.7.3), and it does not count blank lines, so neither the rows nor their line numbers hold.
 */

import type { BadRows } from './bad-rows.ts';
import { splitRecord } from './csv-record.ts';
import { eachLine, isBlank } from './each-line.ts';
import { FieldReader, type Column, type Columns } from './field-reader.ts';

export interface RecordHandler<Name extends string> {
  /** Columns by the names that the header has for them. */
  readonly required: readonly Name[];
  readonly optional: readonly Name[];
  readonly headerOf: (name: Name) => string;
  /** Returning false ends the reading. The row is the same object for every record. */
  readonly onRecord: (row: FieldReader<Name>, line: number) => boolean;
}

export async function eachRecord<Name extends string>(
  chunks: AsyncIterable<string>,
  bad: BadRows,
  handler: RecordHandler<Name>,
): Promise<void> {
  let row: FieldReader<Name> | null = null;
  await eachLine(chunks, (text, from, to, line) => {
    if (isBlank(text, from, to)) return true;
    if (row === null) {
      row = readHeader(text.slice(from, to), handler, bad, line);
      return true;
    }
    if (!row.scan(text, from, to)) {
      const message = 'expected double quotes around whole fields; found one that is not paired';
      bad.add(line, 1, '', row.raw, message);
      return true;
    }
    if (row.fieldCount !== row.fieldsExpected) {
      const message = `expected ${row.fieldsExpected} fields as in the header, found ${row.fieldCount}`;
      bad.add(line, 1, '', row.raw, message);
      return true;
    }
    return handler.onRecord(row, line);
  });
  if (row === null) bad.stop(1, 'expected a header line; found an empty file');
}

function readHeader<Name extends string>(
  raw: string,
  handler: RecordHandler<Name>,
  bad: BadRows,
  line: number,
): FieldReader<Name> {
  const header = splitRecord(raw);
  if (header === null)
    bad.stop(line, `expected a header with double quotes around whole fields; found ${raw}`);
  return new FieldReader(header.length, findColumns(header, handler, bad, line));
}

function findColumns<Name extends string>(
  header: readonly string[],
  handler: RecordHandler<Name>,
  bad: BadRows,
  line: number,
): Columns<Name> {
  const columns: Partial<Record<Name, Column>> = {};
  const missing: string[] = [];
  for (const name of [...handler.required, ...handler.optional]) {
    const column = handler.headerOf(name);
    const at = header.indexOf(column);
    columns[name] = { name, at };
    if (at === -1 && handler.required.includes(name)) missing.push(column);
    if (header.lastIndexOf(column) !== at) {
      bad.stop(line, `expected the column ${column} once; found it twice`);
    }
  }
  if (missing.length > 0) {
    bad.stop(line, `expected the columns ${missing.join(', ')}; found ${header.join(', ')}`);
  }
  return columns as Columns<Name>;
}
