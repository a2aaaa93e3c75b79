/** A table on disk without its header line, written row by row: what has not left the buffer is all that memory holds. */

import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { RowWriter } from '../../report/tables/row-writer.ts';
import type { Table } from '../../report/tables/table.ts';

export class PartFile<Row> {
  private readonly file: number;
  private readonly writer: RowWriter<Row>;

  /** A new file in `folder`, with the name of the table. */
  constructor(folder: string, table: Table<Row>, bufferBytes?: number) {
    this.file = openSync(join(folder, table.file), 'w');
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

// One call may write less than it was given.
function writeAll(file: number, bytes: Uint8Array): void {
  for (let from = 0; from < bytes.length;) from += writeSync(file, bytes, from);
}
