/**
 * Reads a table of an output folder back from its Parquet file: the same rows as `readRows` gives from CSV.
 *
 * Only the columns asked for are read, and columns are found by name. They stay in memory while rows are taken: some
 * 40 bytes a row for the few fields that the report needs.
 */

import { parquetMetadataAsync, parquetScan, type AsyncBuffer, type DecodedArray } from 'hyparquet';
import { ScenarioError } from '../base/scenario-error.ts';
import { fromParquet } from './tables/parquet-columns.ts';
import { fileOf } from './tables/table-format.ts';
import type { Column, Table } from './tables/table.ts';

/** Throws ScenarioError when a column is missing; taking the rows does when a cell is not one of its column's. */
export async function readParquet<Row, F extends keyof Row & string = keyof Row & string>(
  table: Table<Row>,
  file: AsyncBuffer,
  fields?: readonly F[],
): Promise<Iterable<Pick<Row, F>>> {
  const columns = table.columns.filter(
    (column) => fields === undefined || (fields as readonly string[]).includes(column.field),
  );
  const metadata = await parquetMetadataAsync(file);
  const found = metadata.schema.slice(1).map(({ name }) => name);
  for (const { name } of columns) {
    if (found.includes(name)) continue;
    throw faultIn(table, `expected a column ${name}, found ${found.join(', ')}`);
  }
  const names = columns.map(({ name }) => name);
  const scan = await parquetScan({ file, metadata, columns: names });
  const groups: DecodedArray[][] = [];
  for (const range of scan.ranges) {
    groups.push(await Promise.all(names.map((column) => scan.readColumn({ column, ...range }))));
  }
  return rowsOf<Row, F>(table, columns, groups);
}

function* rowsOf<Row, F extends keyof Row & string>(
  table: Table<Row>,
  columns: readonly Column<Row>[],
  groups: readonly (readonly DecodedArray[])[],
): Generator<Pick<Row, F>> {
  let rowNumber = 0;
  for (const cells of groups) {
    for (let at = 0; at < cells[0]!.length; at++) {
      rowNumber += 1;
      const row: Record<string, unknown> = {};
      for (let place = 0; place < columns.length; place++) {
        const { name, field, form } = columns[place]!;
        const value = fromParquet(form, cells[place]![at]);
        if (value === undefined) {
          const what = `row ${rowNumber}: expected a value of kind ${form.kind} in column ${name}`;
          throw faultIn(table, `${what}, found ${String(cells[place]![at])}`);
        }
        row[field] = value;
      }
      yield row as Pick<Row, F>;
    }
  }
}

function faultIn<Row>(table: Table<Row>, message: string): ScenarioError {
  const file = fileOf(table, 'parquet');
  return new ScenarioError([{ file, line: 0, column: 0, path: '', message }]);
}
