import { expect, it } from 'vitest';
import {
  readAll,
  readFigures,
  readTable,
  SMOKE_ROWS,
} from '../../../bench/workload/read-traces.ts';

it('the benchmark of reading finds the same tasks with udsv and by splitting lines', async () => {
  const figures = readFigures(await readAll(SMOKE_ROWS, 1));
  // 2 formats x 2 twins
  expect(figures).toHaveLength(4);
  for (const { agree, size } of figures) {
    expect(agree).toBe(true);
    expect(size).toBe('3000 rows');
  }
  expect(new Set(figures.map(({ hash }) => hash)).size).toBe(2);
});

it('the benchmark of reading prints one aligned row a format and twin', () => {
  const result = (reader: string, seconds: number) => {
    return { format: 'swf', reader, rows: 100, seconds, checksum: '00ab' };
  };
  const round = [result('berth', 0.001), result('udsv', 0.002)];
  // 100 rows in 1 ms are 100,000 a second; 2 ms / 1 ms = 2
  expect(readTable(readFigures([[round]])).split('\n')).toEqual([
    'reader               size  rows/s  twin rows/s  twin/berth  checksum  tasks',
    'swf beside udsv  100 rows  100000        50000        2.00      00ab   same',
  ]);
});
