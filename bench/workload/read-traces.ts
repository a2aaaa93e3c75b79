/**
 * Reading a trace file into tasks: the trace readers against udsv and against readline with split, on the same file.
 * The twins keep four of the columns, unchecked; ours checks every row and makes the specs too.
 *
 * Prints   rows a second of each, the median of five rounds, the ratio of its time to ours, and a checksum over submission,
 *          duration, cores and name of every row, which must be equal.
 * Run      npx tsx bench/workload/read-traces.ts [--smoke] [--json]
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TICKS_PER_CORE, US_PER_SECOND } from '../../src/base/units.ts';
import { textChunks } from '../../src/experiment/node/read-input.ts';
import { csv } from '../../src/workload/traces/csv.ts';
import { plainTraceOptions } from '../../src/workload/traces/reader.ts';
import { swf } from '../../src/workload/traces/swf.ts';
import { alignedTable } from '../aligned-table.ts';
import { figureOf, printFigures } from '../runner/figure.ts';
import { CSV_FILE, SWF_FILE, writeTraceFile, type TraceFile } from './trace-files.ts';
import { readBySplitting, readByUdsv, type PlainReader } from './trace-twins.ts';
import type { Figure } from '../runner/figure.ts';

const FULL_ROWS = 1_000_000;
export const SMOKE_ROWS = 3_000;
const ROUNDS = 5;

export interface ReadResult {
  readonly format: string;
  readonly reader: string;
  readonly rows: number;
  readonly seconds: number;
  readonly checksum: string;
}

type TimedReader = (path: string, file: TraceFile) => Promise<ReadResult>;

const READERS: readonly TimedReader[] = [
  timeOurs,
  (path, file) => timeTwin('udsv', readByUdsv, path, file),
  (path, file) => timeTwin('readline + split', readBySplitting, path, file),
];

/** Every reader on both files, by turns: for each file a list of rounds, each a result for every reader. */
export async function readAll(rows: number, rounds: number): Promise<ReadResult[][][]> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-bench-'));
  try {
    const results: ReadResult[][][] = [];
    for (const file of [SWF_FILE, CSV_FILE]) {
      const path = join(folder, `trace.${file.format}`);
      writeTraceFile(path, file, rows);
      const ofFile: ReadResult[][] = [];
      for (let round = 0; round < rounds; round++) {
        const ofRound: ReadResult[] = [];
        for (const read of READERS) ofRound.push(await read(path, file));
        ofFile.push(ofRound);
      }
      results.push(ofFile);
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function timeOurs(path: string, { format }: TraceFile): Promise<ReadResult> {
  const start = process.hrtime.bigint();
  const reader = format === 'swf' ? swf : csv;
  const trace = await reader.read(textChunks(path), plainTraceOptions('bench', path));
  const seconds = secondsSince(start);
  const sum = new Checksum();
  for (let row = 0; row < trace.specOf.length; row++) {
    const cores = trace.specs[trace.specOf[row]!]!.cpuTicks / TICKS_PER_CORE;
    sum.add(trace.submittedUs[row]!, trace.durationUs[row]!, cores, trace.names[row]!);
  }
  return { format, reader: 'berth', rows: sum.rows, seconds, checksum: sum.text() };
}

async function timeTwin(
  reader: string,
  read: PlainReader,
  path: string,
  file: TraceFile,
): Promise<ReadResult> {
  const start = process.hrtime.bigint();
  const trace = await read(path, file);
  const seconds = secondsSince(start);
  const sum = new Checksum();
  trace.names.forEach((name, row) => {
    const submittedUs = Math.round(trace.submittedS[row]! * US_PER_SECOND);
    const durationUs = Math.round(trace.durationS[row]! * US_PER_SECOND);
    sum.add(submittedUs, Math.max(1, durationUs), trace.cores[row]!, name);
  });
  return { format: file.format, reader, rows: sum.rows, seconds, checksum: sum.text() };
}

class Checksum {
  rows = 0;
  private hash = 0;

  add(submittedUs: number, durationUs: number, cores: number, name: string): void {
    for (const number of [submittedUs, durationUs, cores]) {
      this.fold(number % 1e9);
      this.fold(Math.floor(number / 1e9));
    }
    for (let i = 0; i < name.length; i++) this.fold(name.charCodeAt(i));
    this.rows += 1;
  }

  text(): string {
    return this.hash.toString(16).padStart(8, '0');
  }

  private fold(number: number): void {
    this.hash = Math.imul(this.hash ^ number, 0x01000193) >>> 0;
  }
}

function secondsSince(start: bigint): number {
  return Number(process.hrtime.bigint() - start) / 1e9;
}

export function readFigures(files: readonly (readonly (readonly ReadResult[])[])[]): Figure[] {
  return files.flatMap((rounds) => {
    const [ours, ...twins] = rounds[0]!;
    const nsOf = (reader: number): number[] =>
      rounds.map((results) => (results[reader]!.seconds * 1e9) / results[reader]!.rows);
    return twins.map((twin, i) =>
      figureOf({
        name: 'read a trace',
        workload: ours!.format,
        size: `${ours!.rows} rows`,
        unit: 'ns/row',
        costs: nsOf(0),
        twin: twin.reader,
        twinCosts: nsOf(i + 1),
        hash: ours!.checksum,
        agree: rounds.every((results) => results[i + 1]!.checksum === ours!.checksum),
      }),
    );
  });
}

export function readTable(figures: readonly Figure[]): string {
  const rate = (ns: number): string => (1e9 / ns).toFixed(0);
  const rows = figures.map(({ workload, size, value, twin, twinValue, ratio, hash, agree }) => [
    `${workload} beside ${twin}`,
    size,
    rate(value),
    rate(twinValue),
    ratio.toFixed(2),
    hash,
    agree ? 'same' : 'DIFFERS',
  ]);
  const titles = ['reader', 'size', 'rows/s', 'twin rows/s', 'twin/berth', 'checksum', 'tasks'];
  return alignedTable(titles, rows);
}

async function main(args: readonly string[]): Promise<void> {
  const isSmoke = args.includes('--smoke');
  const rows = isSmoke ? SMOKE_ROWS : FULL_ROWS;
  const figures = readFigures(await readAll(rows, isSmoke ? 1 : ROUNDS));
  if (args.includes('--json')) printFigures(figures);
  else console.log(readTable(figures));
  if (figures.some(({ agree }) => !agree)) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await main(process.argv.slice(2));
