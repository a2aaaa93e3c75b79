/** A table on disk as CSV without its header line, written row by row: what has not left the buffer is all that memory holds. */

import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { RowWriter } from '../../report/tables/row-writer.ts';
import { fileOf } from '../../report/tables/table-format.ts';
import type { Table } from '../../report/tables/table.ts';
import { writeAll } from './write-all.ts';

export class PartFile<Row> {
  private readonly file: number;
  private readonly writer: RowWriter<Row>;

  /** A new file in `folder`, with the name of the table. */
  constructor(folder: string, table: Table<Row>, bufferBytes?: number) {
    this.file = openSync(join(folder, fileOf(table, 'csv')), 'w');
    this.writer = new RowWriter(table, (bytes) => writeAll(this.file, bytes), bufferBytes);
  }

  /** The row is the caller's again when this returns. */
  write(row: Row): void {
    this.writer.write(row);
  }

  /** After the last row. */
  end(): void {
    this.writer.flushAll();
  }

  /** Whether or not it came to its end. */
  close(): void {
    closeSync(this.file);
  }
}
