/** How the tables of an output folder are written, and what their files are called then. */

import type { Table } from './table.ts';

export const TABLE_FORMATS = ['csv', 'parquet'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** `tasks.csv` or `tasks.parquet`. */
export function fileOf({ name }: Pick<Table<never>, 'name'>, format: TableFormat): string {
  return `${name}.${format}`;
}
