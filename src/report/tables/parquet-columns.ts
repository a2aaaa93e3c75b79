/**
 * What a column is in a Parquet file, and its cells there and back. Every column is optional: null stands where the cell of
 * a CSV file is empty, an empty text among them.
 *
 *     text      string
 *     integer   int64
 *     number    double
 *     scaled    double in the unit of the column, as the CSV file prints it: 2.5 for 2,500,000 us
 *
 * Exact   value / 10^digits is the double nearest to the decimal that the CSV file holds, since both are exact integers
 *         and a division is rounded once. Back, the product is off by less than a half, and so rounds to the same
 *         integer, below 2^51: 71 years in us, 2 thousand million USD in micro-USD.
 */

import { assert } from '../../base/assert.ts';
import type { CellForm } from './table.ts';

/** What a row holds in a field. */
type FieldValue = string | number | null;
/** What a column of the file holds. */
export type ParquetCell = string | number | bigint | null;

const TYPES = { text: 'STRING', integer: 'INT64', number: 'DOUBLE', scaled: 'DOUBLE' } as const;

export function parquetType({ kind }: CellForm): (typeof TYPES)[keyof typeof TYPES] {
  return TYPES[kind];
}

export function toParquet(form: CellForm, value: unknown): ParquetCell {
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  if (form.kind === 'number') return value;
  assert(Number.isSafeInteger(value), () => `expected an exact integer in a table, found ${value}`);
  return form.kind === 'scaled' ? value / POWERS_OF_TEN[form.digits]! : BigInt(value);
}

/** The inverse of `toParquet`; undefined when the cell is not one of this form. */
export function fromParquet(form: CellForm, cell: unknown): FieldValue | undefined {
  if (form.kind === 'text') {
    if (cell === null || cell === undefined) return '';
    return typeof cell === 'string' ? cell : undefined;
  }
  if (cell === null || cell === undefined) return null;
  if (form.kind === 'integer') return typeof cell === 'bigint' ? Number(cell) : undefined;
  if (typeof cell !== 'number') return undefined;
  return form.kind === 'scaled' ? Math.round(cell * POWERS_OF_TEN[form.digits]!) : cell;
}

/** 10^0 to 10^9. */
const POWERS_OF_TEN = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
