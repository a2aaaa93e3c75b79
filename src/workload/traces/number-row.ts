/**
 * One line of numbers separated by blanks, read in place: the fields are positions in the chunk, and a field becomes a
 * number or a string only when it is asked for. One object serves all lines of a file.
 */

import { plainDecimal } from './plain-decimal.ts';

const SPACE = 32;
const TAB = 9;
const MINUS = 45;
const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;

export class NumberRow {
  /** Fields found on the line, counted up to the number asked for. */
  fieldCount = 0;

  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private chunk = '';
  private from = 0;
  private to = 0;

  constructor(fieldsMax: number) {
    this.starts = new Int32Array(fieldsMax);
    this.ends = new Int32Array(fieldsMax);
  }

  /** The whole line. */
  get text(): string {
    return this.chunk.slice(this.from, this.to);
  }

  scan(chunk: string, from: number, to: number): void {
    this.chunk = chunk;
    this.from = from;
    this.to = to;
    const { starts, ends } = this;
    const fieldsMax = starts.length;
    let count = 0;
    let at = from;
    while (count < fieldsMax) {
      while (at < to && isSeparator(chunk.charCodeAt(at))) at += 1;
      if (at === to) break;
      starts[count] = at;
      while (at < to && !isSeparator(chunk.charCodeAt(at))) at += 1;
      ends[count] = at;
      count += 1;
    }
    this.fieldCount = count;
  }

  field(index: number): string {
    return this.chunk.slice(this.starts[index], this.ends[index]);
  }

  /** Position of a field on its line, counted from 1. */
  columnOf(index: number): number {
    return this.starts[index]! - this.from + 1;
  }

  /** The field as a number; NaN when it is none. */
  number(index: number): number {
    const start = this.starts[index]!;
    const end = this.ends[index]!;
    const isNegative = this.chunk.charCodeAt(start) === MINUS;
    const value = plainDecimal(this.chunk, isNegative ? start + 1 : start, end);
    if (Number.isNaN(value)) return this.anyNumber(index);
    return isNegative ? -value : value;
  }

  /** Exponents, a plus sign; `Number` alone would also take `0x10`, `Infinity` and the empty text. */
  private anyNumber(index: number): number {
    const text = this.field(index);
    return DECIMAL.test(text) ? Number(text) : NaN;
  }
}

function isSeparator(code: number): boolean {
  return code === SPACE || code === TAB;
}
