/**
 * The fields of one record as numbers and texts, by column; one object serves all records of a file.
 * The first field that is wrong sets `fault`; the reader then still returns numbers, which nobody may use.
 */

import { CsvRecord } from './csv-record.ts';

/** A wanted column of the file. */
export interface Column {
  readonly name: string;
  /** Its position in a record; -1 for an optional one that the file does not have. */
  readonly at: number;
}

/** The wanted columns by name. A row takes the column, not its name, which it would look up for every field. */
export type Columns<Name extends string> = Readonly<Record<Name, Column>>;

/** 2^53 microseconds, 285 years. */
const SECONDS_MAX = 9_007_199_254;

export class FieldReader<Name extends string> {
  fault: { readonly field: string; readonly message: string } | null = null;

  /** Fields of the header. */
  readonly fieldsExpected: number;
  readonly columns: Columns<Name>;
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

  /** The field, or '' when the file has no such column. */
  text({ at }: Column): string {
    return at === -1 ? '' : this.record.text(at);
  }

  isEmpty({ at }: Column): boolean {
    return at === -1 || this.record.isEmpty(at);
  }

  /** A text that may not be empty. */
  name(column: Column): string {
    const text = this.text(column);
    if (text === '') this.refuse(column, 'a name');
    return text;
  }

  /** A decimal of 0 or more; NaN for anything else, which is no fault yet. */
  decimal({ at }: Column): number {
    return at === -1 ? NaN : this.record.number(at);
  }

  /** A whole number from `least` to `most`. */
  whole(column: Column, least: number, most: number): number {
    const value = this.decimal(column);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    this.refuse(column, `a whole number from ${least} to ${most}`);
    return NaN;
  }

  /** Seconds, 0 or more. */
  seconds(column: Column): number {
    const value = this.decimal(column);
    if (value <= SECONDS_MAX) return value;
    this.refuse(column, 'seconds, 0 or more');
    return NaN;
  }

  refuse(column: Column, expected: string): void {
    const text = this.text(column);
    this.fail(column, `expected ${expected}; found ${text === '' ? 'nothing' : text}`);
  }

  fail({ name }: Column, message: string): void {
    this.fault ??= { field: name, message };
  }
}
