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
import { eachLine, isBlank } from './each-line.ts';

/** Position of each wanted column in a record; -1 for an optional one that the file does not have. */
export type Columns<Name extends string> = Readonly<Record<Name, number>>;

export interface RecordHandler<Name extends string> {
  /** Columns by the names that the header has for them. */
  readonly required: readonly Name[];
  readonly optional: readonly Name[];
  readonly headerOf: (name: Name) => string;
  /** Returning false ends the reading. `text` is the raw line. */
  readonly onRecord: (
    fields: readonly string[],
    columns: Columns<Name>,
    line: number,
    text: string,
  ) => boolean;
}

export async function eachRecord<Name extends string>(
  chunks: AsyncIterable<string>,
  bad: BadRows,
  handler: RecordHandler<Name>,
): Promise<void> {
  let columns: Columns<Name> | null = null;
  let fieldCount = 0;
  await eachLine(chunks, (text, from, to, line) => {
    if (isBlank(text, from, to)) return true;
    const raw = text.slice(from, to);
    const fields = splitRecord(raw);
    if (columns === null) {
      if (fields === null)
        bad.stop(line, `expected a header with double quotes around whole fields; found ${raw}`);
      columns = findColumns(fields, handler, bad, line);
      fieldCount = fields.length;
      return true;
    }
    if (fields === null) {
      bad.add(
        line,
        1,
        '',
        raw,
        'expected double quotes around whole fields; found one that is not paired',
      );
      return true;
    }
    if (fields.length !== fieldCount) {
      const message = `expected ${fieldCount} fields as in the header, found ${fields.length}`;
      bad.add(line, 1, '', raw, message);
      return true;
    }
    return handler.onRecord(fields, columns, line, raw);
  });
  if (columns === null) bad.stop(1, 'expected a header line; found an empty file');
}

/** Null when double quotes do not surround whole fields. */
export function splitRecord(line: string): string[] | null {
  if (!line.includes('"')) {
    const fields = line.split(',');
    for (let at = 0; at < fields.length; at++) fields[at] = fields[at]!.trim();
    return fields;
  }

  const fields: string[] = [];
  let at = 0;
  for (;;) {
    const field = /[^\S\n]*(?:"((?:[^"]|"")*)"[^\S\n]*(?=,|$)|([^,"]*)(?=,|$))/y;
    field.lastIndex = at;
    const match = field.exec(line);
    if (match === null) return null;
    const [whole, quoted, plain] = match;
    fields.push(quoted === undefined ? plain!.trim() : quoted.replaceAll('""', '"'));
    at += whole.length;
    if (at >= line.length) return fields;
    at += 1; // the comma
  }
}

function findColumns<Name extends string>(
  header: readonly string[],
  handler: RecordHandler<Name>,
  bad: BadRows,
  line: number,
): Columns<Name> {
  const columns: Partial<Record<Name, number>> = {};
  const missing: string[] = [];
  for (const name of [...handler.required, ...handler.optional]) {
    const column = handler.headerOf(name);
    columns[name] = header.indexOf(column);
    if (columns[name] === -1 && handler.required.includes(name)) missing.push(column);
    if (header.lastIndexOf(column) !== columns[name]) {
      bad.stop(line, `expected the column ${column} once; found it twice`);
    }
  }
  if (missing.length > 0) {
    bad.stop(line, `expected the columns ${missing.join(', ')}; found ${header.join(', ')}`);
  }
  return columns as Columns<Name>;
}
