import { describe, expect, it } from 'vitest';
import { InternTable } from '../../src/base/intern.ts';

describe('an intern table', () => {
  it('gives equal values the row under which the first of them was seen', () => {
    const table = new InternTable<{ a: number; b: readonly string[] }>();
    expect(table.rowOf({ a: 1, b: ['x'] })).toBe(0);
    expect(table.rowOf({ a: 2, b: ['x'] })).toBe(1);
    expect(table.rowOf({ a: 1, b: ['x'] })).toBe(0);
    expect(table.values).toHaveLength(2);
  });

  it('does not take no limit for no value', () => {
    const table = new InternTable<{ limit: number | null }>();
    expect(table.rowOf({ limit: Infinity })).toBe(0);
    expect(table.rowOf({ limit: null })).toBe(1);
    expect(table.values[0]).toEqual({ limit: Infinity });
  });

  it('takes back what it saved, and forgets what came after', () => {
    const table = new InternTable<string>();
    for (const text of ['a', 'b']) table.rowOf(text);
    const state = table.save();
    table.rowOf('c');
    table.restore(state);
    expect(table.rowOf('b')).toBe(1);
    expect(table.rowOf('d')).toBe(2);
    expect(table.rowOf('c')).toBe(3);
  });
});
