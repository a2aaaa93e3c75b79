import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ColumnTable, INITIAL_CAPACITY } from '../../src/base/columns.ts';

const SLOTS = 3;

class Points extends ColumnTable {
  x = new Float64Array(INITIAL_CAPACITY);
  kind = new Uint8Array(INITIAL_CAPACITY);
  /** SLOTS values a row. */
  slots = new Int32Array(INITIAL_CAPACITY * SLOTS);
  readonly names: string[] = [];

  add(x: number): number {
    const row = this.addRow();
    this.x[row] = x;
    this.kind[row] = row % 256;
    this.slots.fill(row, row * SLOTS, (row + 1) * SLOTS);
    this.names.push(`point ${row}`);
    return row;
  }
}

function rowsOf(points: Points): number[][] {
  return Array.from({ length: points.count }, (_, row) => [
    points.x[row]!,
    points.kind[row]!,
    ...points.slots.subarray(row * SLOTS, (row + 1) * SLOTS),
  ]);
}

describe('a table of columns', () => {
  it('keeps every row while it grows, those with several values among them', () => {
    const points = new Points();
    for (let row = 0; row < 1_000; row++) expect(points.add(row / 2)).toBe(row);
    expect(rowsOf(points)).toEqual(
      Array.from({ length: 1_000 }, (_, row) => [row / 2, row % 256, row, row, row]),
    );
    // 64 x 2^4 = 1024 rows hold 1000.
    expect(points.x).toHaveLength(1_024);
    expect(points.slots).toHaveLength(1_024 * SLOTS);
  });

  it('saves the rows in use and nothing else', () => {
    const points = new Points();
    points.add(1.5);
    expect(points.save()).toEqual({
      count: 1,
      columns: {
        x: Float64Array.of(1.5),
        kind: Uint8Array.of(0),
        slots: Int32Array.of(0, 0, 0),
      },
    });
  });

  it('takes a state back whatever it held, and gives new rows as zeroes', () => {
    const sizes = fc.nat(300);
    fc.assert(
      fc.property(sizes, sizes, (saved, held) => {
        const source = new Points();
        for (let row = 0; row < saved; row++) source.add(row + 0.5);
        const target = new Points();
        for (let row = 0; row < held; row++) target.add(-1);
        target.restore(source.save());
        expect(rowsOf(target)).toEqual(rowsOf(source));
        expect(target.save()).toEqual(source.save());
        expect(target.x[saved] ?? 0).toBe(0);
      }),
      { numRuns: 40, seed: 42 },
    );
  });

  it('does not share memory with a state that it saved or took back', () => {
    const points = new Points();
    points.add(1);
    const state = points.save();
    points.restore(state);
    points.x[0] = 2;
    expect(state.columns['x']![0]).toBe(1);
  });
});
