/**
 * Writing tasks.csv: the writer of rows against csv-stringify in batches, on the same made-up tasks.
 *
 * Prints   rows a second and bytes of both, the ratio of their times, and a hash of the bytes, which must be equal. The full size
 *          then writes ten million rows and prints the largest resident memory of the process after one and after ten.
 * Run      npx tsx bench/report/write-rows.ts [--smoke]
 */

import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { devNull } from 'node:os';
import { pathToFileURL } from 'node:url';
import { RowWriter } from '../../src/report/tables/row-writer.ts';
import { csvOf } from '../../src/report/tables/table.ts';
import { TASKS } from '../../src/report/tables/tasks.ts';
import { alignedTable } from '../aligned-table.ts';
import { MadeUpTasks } from './made-up-tasks.ts';

const FULL_ROWS = 300_000;
export const SMOKE_ROWS = 2_000;
const MANY_ROWS = [1_000_000, 10_000_000];
/** csv-stringify holds its output in memory: rows that it is given at a time. */
const TWIN_BATCH = 20_000;

export interface WriteResult {
  readonly writer: string;
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly hash: string;
}

/** Both writers on `rows` tasks. Making the rows and hashing the bytes are outside of the time. */
export function writeBoth(rows: number): readonly [WriteResult, WriteResult] {
  return [timeWriter(rows), timeTwin(rows)];
}

function timeWriter(rows: number): WriteResult {
  const tasks = new MadeUpTasks();
  const pieces: Uint8Array[] = [];
  const writer = new RowWriter(TASKS, (bytes) => pieces.push(bytes.slice()));
  let seconds = 0;
  for (let from = 0; from < rows; from += TWIN_BATCH) {
    const batch = batchOf(tasks, from, rows);
    const start = process.hrtime.bigint();
    for (const row of batch) writer.write(row);
    seconds += secondsSince(start);
  }
  const start = process.hrtime.bigint();
  writer.flushAll();
  seconds += secondsSince(start);
  return { writer: 'rows', rows, seconds, ...hashOf(pieces) };
}

function timeTwin(rows: number): WriteResult {
  const tasks = new MadeUpTasks();
  const pieces: Uint8Array[] = [];
  let seconds = 0;
  for (let from = 0; from < rows; from += TWIN_BATCH) {
    const batch = batchOf(tasks, from, rows);
    const start = process.hrtime.bigint();
    pieces.push(Buffer.from(csvOf(TASKS, batch, { header: false })));
    seconds += secondsSince(start);
  }
  return { writer: 'csv-stringify', rows, seconds, ...hashOf(pieces) };
}

function batchOf(tasks: MadeUpTasks, from: number, rows: number) {
  const length = Math.min(TWIN_BATCH, rows - from);
  return Array.from({ length }, (_, i) => ({ ...tasks.at(from + i) }));
}

function hashOf(pieces: readonly Uint8Array[]): { readonly bytes: number; readonly hash: string } {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const piece of pieces) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { bytes, hash: hash.digest('hex').slice(0, 16) };
}

export interface ManyResult {
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly residentMib: number;
}

/** Writes `rows` tasks away, making each as it is written. */
export function writeMany(rows: number): ManyResult {
  const tasks = new MadeUpTasks();
  const file = openSync(devNull, 'w');
  let bytes = 0;
  const writer = new RowWriter(TASKS, (piece) => {
    bytes += writeSync(file, piece);
  });
  const start = process.hrtime.bigint();
  for (let task = 0; task < rows; task++) writer.write(tasks.at(task));
  writer.flushAll();
  closeSync(file);
  const residentMib = process.resourceUsage().maxRSS / 1024;
  return { rows, bytes, seconds: secondsSince(start), residentMib };
}

function secondsSince(start: bigint): number {
  return Number(process.hrtime.bigint() - start) / 1e9;
}

export function writeTable([one, twin]: readonly [WriteResult, WriteResult]): string {
  const cells = (result: WriteResult, ratio: string): string[] => [
    result.writer,
    `${result.rows}`,
    (result.rows / result.seconds).toFixed(0),
    (result.bytes / 1e6).toFixed(1),
    ratio,
    result.hash,
    one.hash === twin.hash ? 'same' : 'DIFFERS',
  ];
  const titles = ['writer', 'rows', 'rows/s', 'MB', 'twin/rows', 'hash', 'bytes'];
  const ratio = (twin.seconds / one.seconds).toFixed(1);
  return alignedTable(titles, [cells(one, ratio), cells(twin, '')]);
}

export function manyTable(results: readonly ManyResult[]): string {
  return alignedTable(
    ['rows written away', 'rows/s', 'MB', 'resident MiB at most'],
    results.map(({ rows, bytes, seconds, residentMib }) => [
      `${rows}`,
      (rows / seconds).toFixed(0),
      (bytes / 1e6).toFixed(0),
      residentMib.toFixed(0),
    ]),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const isSmoke = process.argv.includes('--smoke');
  // First, while nothing else has taken memory.
  if (!isSmoke) console.log(`${manyTable(MANY_ROWS.map(writeMany))}\n`);
  const both = writeBoth(isSmoke ? SMOKE_ROWS : FULL_ROWS);
  console.log(writeTable(both));
  if (both[0].hash !== both[1].hash) process.exitCode = 1;
}
