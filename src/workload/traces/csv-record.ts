/**
 * One record of comma-separated text, read in place: the fields are positions in the chunk and become texts when they
 * are asked for. One object serves all records of a file.
 *
 * Fields may stand in double quotes (`""` is a quote inside) and are trimmed outside of them. A record with quotes, or
 * with an odd character at the edge of a field, is taken apart the slow way and then put together again without them.
 */

import { plainDecimal } from './plain-decimal.ts';

const COMMA = 44;
const QUOTE = 34;
const SPACE = 32;
const TAB = 9;
const ASCII_MAX = 127;
const DECIMAL = /^\d+(\.\d*)?([eE][-+]?\d+)?$/;

export class CsvRecord {
  /** Fields of the record, those beyond the number asked for among them. */
  fieldCount = 0;

  /** The text that the positions are in. */
  private chunk = '';
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private line = '';
  private from = 0;
  private to = 0;

  constructor(fieldsMax: number) {
    this.starts = new Int32Array(fieldsMax);
    this.ends = new Int32Array(fieldsMax);
  }

  /** The raw line. */
  get raw(): string {
    return this.line.slice(this.from, this.to);
  }

  /** False when double quotes do not surround whole fields. */
  scan(chunk: string, from: number, to: number): boolean {
    this.line = chunk;
    this.from = from;
    this.to = to;
    this.chunk = chunk;
    const { starts, ends } = this;
    let count = 0;
    for (let at = from; ; at++) {
      let start = at;
      for (; at < to; at++) {
        const code = chunk.charCodeAt(at);
        if (code > COMMA && code <= ASCII_MAX) continue; // Letters, digits, signs.
        if (code === COMMA) break;
        if (code === QUOTE || code > ASCII_MAX || (code < SPACE && code !== TAB)) {
          return this.takeApart();
        }
      }
      if (count < starts.length) {
        let end = at;
        while (start < end && isBlankCode(chunk.charCodeAt(start))) start += 1;
        while (start < end && isBlankCode(chunk.charCodeAt(end - 1))) end -= 1;
        starts[count] = start;
        ends[count] = end;
      }
      count += 1;
      if (at >= to) break;
    }
    this.fieldCount = count;
    return true;
  }

  isEmpty(index: number): boolean {
    return this.starts[index] === this.ends[index];
  }

  text(index: number): string {
    return this.chunk.slice(this.starts[index], this.ends[index]);
  }

  /** The field as a number; NaN when it is not a decimal of 0 or more. */
  number(index: number): number {
    const value = plainDecimal(this.chunk, this.starts[index]!, this.ends[index]!);
    if (!Number.isNaN(value)) return value;
    const text = this.text(index);
    return DECIMAL.test(text) ? Number(text) : NaN;
  }

  private takeApart(): boolean {
    const fields = splitRecord(this.raw);
    if (fields === null) return false;
    this.chunk = fields.join('');
    this.fieldCount = fields.length;
    let at = 0;
    for (let index = 0; index < Math.min(fields.length, this.starts.length); index++) {
      this.starts[index] = at;
      at += fields[index]!.length;
      this.ends[index] = at;
    }
    return true;
  }
}

/** Null when double quotes do not surround whole fields. */
export function splitRecord(line: string): string[] | null {
  if (!line.includes('"')) return line.split(',').map((field) => field.trim());

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

function isBlankCode(code: number): boolean {
  return code === SPACE || code === TAB;
}
