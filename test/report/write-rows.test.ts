import { expect, it } from 'vitest';
import { SMOKE_ROWS, writeBoth, writeMany, writeTable } from '../../bench/report/write-rows.ts';

it('the benchmark of writing writes the same bytes with csv-stringify', () => {
  const [one, twin] = writeBoth(SMOKE_ROWS);
  expect(one.hash).toBe(twin.hash);
  expect(one.bytes).toBe(twin.bytes);
  expect(writeMany(SMOKE_ROWS).bytes).toBe(one.bytes);
});

it('the benchmark of writing prints one aligned row a writer', () => {
  const same = { rows: 1_000, bytes: 210_000, hash: '00ab' };
  const table = writeTable([
    { writer: 'rows', seconds: 0.002, ...same },
    { writer: 'csv-stringify', seconds: 0.05, ...same },
  ]);
  // 1,000 rows in 2 ms are 500,000 a second; 50 ms / 2 ms = 25
  expect(table.split('\n')).toEqual([
    'writer         rows  rows/s   MB  twin/rows  hash  bytes',
    'rows           1000  500000  0.2       25.0  00ab   same',
    'csv-stringify  1000   20000  0.2             00ab   same',
  ]);
});
