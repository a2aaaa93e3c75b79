/**
 * The fields of one record as numbers and texts. The first field that is wrong sets `fault`; the reader then still
 * returns numbers, which nobody may use.
 */

import type { Columns } from './each-record.ts';

/** 2^53 microseconds, 285 years. */
const SECONDS_MAX = 9_007_199_254;
const DECIMAL = /^\d+(\.\d*)?([eE][-+]?\d+)?$/;

export class FieldReader<Name extends string> {
  fault: { readonly field: string; readonly message: string } | null = null;

  private readonly fields: readonly string[];
  private readonly columns: Columns<Name>;

  constructor(fields: readonly string[], columns: Columns<Name>) {
    this.fields = fields;
    this.columns = columns;
  }

  /** The field, or '' when the file has no such column. */
  text(name: Name): string {
    return this.fields[this.columns[name]] ?? '';
  }

  isEmpty(name: Name): boolean {
    return this.text(name) === '';
  }

  /** A text that may not be empty. */
  name(name: Name): string {
    const text = this.text(name);
    if (text === '') this.refuse(name, 'a name');
    return text;
  }

  /** A whole number from `least` to `most`. */
  whole(name: Name, least: number, most: number): number {
    const text = this.text(name);
    const value = DECIMAL.test(text) ? Number(text) : NaN;
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    this.refuse(name, `a whole number from ${least} to ${most}`);
    return NaN;
  }

  /** Seconds, 0 or more. */
  seconds(name: Name): number {
    const text = this.text(name);
    const value = DECIMAL.test(text) ? Number(text) : NaN;
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
