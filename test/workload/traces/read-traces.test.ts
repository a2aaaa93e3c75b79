import { expect, it } from 'vitest';
import { readAll, readTable, SMOKE_ROWS } from '../../../bench/workload/read-traces.ts';

it('the benchmark of reading finds the same tasks with udsv and by splitting lines', async () => {
  const results = await readAll(SMOKE_ROWS, 1);
  expect(results.map(({ rows }) => rows)).toEqual(Array(6).fill(SMOKE_ROWS));
  const checksums = results.map(({ checksum }) => checksum);
  expect(new Set(checksums.slice(0, 3)).size).toBe(1);
  expect(new Set(checksums.slice(3)).size).toBe(1);
  expect(checksums[0]).not.toBe(checksums[3]);
});

it('the benchmark of reading prints one aligned row a format and reader', () => {
  const table = readTable([
    { format: 'swf', reader: 'berth', rows: 100, seconds: 0.001, checksum: '00ab' },
    { format: 'swf', reader: 'udsv', rows: 100, seconds: 0.002, checksum: '00ab' },
  ]);
  // 100 rows in 1 ms are 100,000 a second; 2 ms / 1 ms = 2
  expect(table.split('\n')).toEqual([
    'reader        rows  rows/s  twin/berth  checksum  tasks',
    'swf by berth   100  100000                  00ab   same',
    'swf by udsv    100   50000        2.00      00ab   same',
  ]);
});
