/**
 * A table of typed columns that grow together. Subclasses declare their columns as typed-array fields, once;
 * a field of length capacity x k holds k values a row.
 *
 * Growth replaces the arrays: read `this.x` again after anything that may add a row.
 */

export type Column = Float64Array | Int32Array | Uint8Array;
export type ReadonlyColumn = { readonly length: number; readonly [row: number]: number };

/** Flat copy of a table. */
export interface TableState {
  readonly count: number;
  readonly columns: Readonly<Record<string, Column>>;
}

export const INITIAL_CAPACITY = 64;

export abstract class ColumnTable {
  /** Rows in use. */
  count = 0;
  private capacity = INITIAL_CAPACITY;

  /** The next row, all columns zero. */
  protected addRow(): number {
    if (this.count === this.capacity) this.resize(this.capacity * 2);
    return this.count++;
  }

  save(): TableState {
    const columns: Record<string, Column> = {};
    for (const [name, column] of this.fields()) {
      columns[name] = column.slice(0, (column.length / this.capacity) * this.count);
    }
    return { count: this.count, columns };
  }

  restore(state: TableState): void {
    let capacity = INITIAL_CAPACITY;
    while (capacity < state.count) capacity *= 2;
    this.resize(capacity);
    for (const [name, column] of this.fields()) {
      column.fill(0);
      column.set(state.columns[name]!);
    }
    this.count = state.count;
  }

  private resize(capacity: number): void {
    const fields = this as unknown as Record<string, Column>;
    for (const [name, column] of this.fields()) {
      const width = column.length / this.capacity;
      const larger = new (column.constructor as new (length: number) => Column)(capacity * width);
      larger.set(column.subarray(0, Math.min(column.length, larger.length)));
      fields[name] = larger;
    }
    this.capacity = capacity;
  }

  private fields(): [string, Column][] {
    return Object.entries(this).filter((entry): entry is [string, Column] =>
      ArrayBuffer.isView(entry[1]),
    );
  }
}
