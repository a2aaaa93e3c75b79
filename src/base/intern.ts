/** Gives equal values one small number: the row under which the first of them was seen. */
export class InternTable<T> {
  readonly values: T[] = [];
  private readonly rows = new Map<string, number>();

  /** Row of a value equal to `value`, adding it when it is new. Equality is that of its JSON. */
  rowOf(value: T): number {
    const key = JSON.stringify(value, infinityAsText);
    let row = this.rows.get(key);
    if (row === undefined) {
      row = this.values.length;
      this.values.push(value);
      this.rows.set(key, row);
    }
    return row;
  }

  save(): readonly T[] {
    return [...this.values];
  }

  restore(values: readonly T[]): void {
    this.values.length = 0;
    this.rows.clear();
    for (const value of values) this.rowOf(value);
  }
}

// JSON has no Infinity and would merge "no limit" with "no value".
function infinityAsText(_key: string, value: unknown): unknown {
  return value === Infinity ? 'Infinity' : value;
}
