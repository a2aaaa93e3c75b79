/**
 * The fields of one record as numbers and texts, by the names of their columns; one object serves all records of a file.
 * The first field that is wrong sets `fault`; the reader then still returns numbers, which nobody may use.
 */

import { CsvRecord } from './csv-record.ts';

/** Position of each wanted column in a record; -1 for an optional one that the file does not have. */
export type Columns<Name extends string> = Readonly<Record<Name, number>>;

/** 2^53 microseconds, 285 years. */
const SECONDS_MAX = 9_007_199_254;

export class FieldReader<Name extends string> {
  fault: { readonly field: string; readonly message: string } | null = null;

  /** Fields of the header. */
  readonly fieldsExpected: number;
  private readonly columns: Columns<Name>;
  private readonly record: CsvRecord;

  constructor(fieldsExpected: number, columns: Columns<Name>) {
    this.fieldsExpected = fieldsExpected;
    this.columns = columns;
    this.record = new CsvRecord(fieldsExpected);
  }

  /** Goes on to the next record; false when its double quotes do not surround whole fields. */
  scan(chunk: string, from: number, to: number): boolean {
    this.fault = null;
    return this.record.scan(chunk, from, to);
  }

  get fieldCount(): number {
    return this.record.fieldCount;
  }

  /** The record as it stands in the file. */
  get raw(): string {
    return this.record.raw;
  }

  has(name: Name): boolean {
    return this.columns[name] !== -1;
  }

  /** The field, or '' when the file has no such column. */
  text(name: Name): string {
    const column = this.columns[name];
    return column === -1 ? '' : this.record.text(column);
  }

  isEmpty(name: Name): boolean {
    const column = this.columns[name];
    return column === -1 || this.record.isEmpty(column);
  }

  /** A text that may not be empty. */
  name(name: Name): string {
    const text = this.text(name);
    if (text === '') this.refuse(name, 'a name');
    return text;
  }

  /** A decimal of 0 or more; NaN for anything else, which is no fault yet. */
  decimal(name: Name): number {
    const column = this.columns[name];
    return column === -1 ? NaN : this.record.number(column);
  }

  /** A whole number from `least` to `most`. */
  whole(name: Name, least: number, most: number): number {
    const value = this.decimal(name);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    this.refuse(name, `a whole number from ${least} to ${most}`);
    return NaN;
  }

  /** Seconds, 0 or more. */
  seconds(name: Name): number {
    const value = this.decimal(name);
    if (value <= SECONDS_MAX) return value;
    this.refuse(name, 'seconds, 0 or more');
    return NaN;
  }

  refuse(name: Name, expected: string): void {
    const text = this.text(name);
    this.fail(name, `expected ${expected}; found ${text === '' ? 'nothing' : text}`);
  }

  fail(name: Name, message: string): void {
    this.fault ??= { field: name, message };
  }
}
