/**
 * Writing tasks.csv: the writer of rows against csv-stringify in batches, on the same made-up tasks.
 *
 * Prints   rows a second and bytes of both, the ratio of their times, and a hash of the bytes, which must be equal. The full size
 *          then writes ten million rows and prints the largest resident memory of the process after one and after ten.
 * Run      npx tsx bench/report/write-rows.ts [--smoke] [--json]
 */

import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { devNull } from 'node:os';
import { pathToFileURL } from 'node:url';
import { RowWriter } from '../../src/report/tables/row-writer.ts';
import { csvOf } from '../../src/report/tables/table.ts';
import { TASKS } from '../../src/report/tables/tasks.ts';
import { alignedTable } from '../aligned-table.ts';
import { figureOf, printFigures } from '../runner/figure.ts';
import { MadeUpTasks } from './made-up-tasks.ts';
import type { Figure } from '../runner/figure.ts';

const FULL_ROWS = 200_000;
export const SMOKE_ROWS = 2_000;
const MANY_ROWS = [1_000_000, 10_000_000];
const ROUNDS = 3;
const TWIN_AIM = { atLeast: 8 };
/** Ten times the rows must not take more memory; what differs is when the collector ran. */
const MEMORY_AIM = { atMost: 1.2 };
/** csv-stringify holds its output in memory: rows that it is given at a time. */
const TWIN_BATCH = 20_000;

export interface WriteResult {
  readonly writer: string;
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly hash: string;
}

/** Ours and the twin's. */
export type Both = readonly [WriteResult, WriteResult];

/** Both writers on `rows` tasks. Making the rows and hashing the bytes are outside of the time. */
export function writeBoth(rows: number): Both {
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

export function writeTable([one, twin]: Both): string {
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

export function writeFigures(rounds: readonly Both[], many: readonly ManyResult[]): Figure[] {
  const [one, twin] = rounds[0]!;
  const nsPerRow = ({ seconds, rows }: WriteResult): number => (seconds * 1e9) / rows;
  const figures = [
    figureOf({
      name: 'write tasks.csv',
      workload: 'made-up tasks',
      size: `${one.rows} rows`,
      unit: 'ns/row',
      costs: rounds.map(([ours]) => nsPerRow(ours)),
      twin: twin.writer,
      twinCosts: rounds.map(([, theirs]) => nsPerRow(theirs)),
      hash: one.hash,
      agree: rounds.every((both) => both.every(({ hash }) => hash === one.hash)),
      aim: TWIN_AIM,
    }),
  ];
  const [fewer, more] = many;
  if (fewer === undefined || more === undefined) return figures;
  const memory = figureOf({
    name: 'memory of writing tasks.csv',
    workload: 'to the null device',
    size: `${more.rows} rows`,
    unit: 'MiB',
    costs: [more.residentMib],
    twin: `itself, ${fewer.rows} rows`,
    twinCosts: [fewer.residentMib],
    isGrowth: true,
    hash: more.bytes,
    agree: true,
    aim: MEMORY_AIM,
  });
  return [...figures, memory];
}

function main(args: readonly string[]): void {
  const isSmoke = args.includes('--smoke');
  // First, while nothing else has taken memory.
  const many = isSmoke ? [] : MANY_ROWS.map(writeMany);
  const rounds = Array.from({ length: isSmoke ? 1 : ROUNDS }, () =>
    writeBoth(isSmoke ? SMOKE_ROWS : FULL_ROWS),
  );
  if (args.includes('--json')) {
    printFigures(writeFigures(rounds, many));
  } else {
    if (many.length > 0) console.log(`${manyTable(many)}\n`);
    console.log(rounds.map(writeTable).join('\n'));
  }
  if (rounds.some(([one, twin]) => one.hash !== twin.hash)) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
