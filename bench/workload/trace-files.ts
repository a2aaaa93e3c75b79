/** Generated trace files, plain enough for readers that know neither comments nor odd blanks. Seeded; LF line ends. */

import { closeSync, openSync, writeSync } from 'node:fs';
import { GIB } from '../../src/base/units.ts';

const LINES_PER_WRITE = 10_000;

export interface TraceFile {
  readonly format: 'swf' | 'csv';
  /** What stands between two fields. */
  readonly separator: string;
  readonly header: string;
  readonly columnCount: number;
  /** Positions of submission and duration in seconds, of cores or processors, and of the name. */
  readonly columns: readonly [number, number, number, number];
  readonly lineOf: (job: number) => string;
}

export const SWF_FILE: TraceFile = {
  format: 'swf',
  separator: ' ',
  header: '',
  columnCount: 18,
  columns: [1, 3, 4, 0],
  lineOf(job) {
    const random = hashOf(job);
    const processors = 1 + (random % 128);
    const runS = random % 86_400;
    return `${job + 1} ${7 * job} ${random % 5_000} ${runS} ${processors} -1 -1 ${processors} 3600 -1 1 ${random % 400} 1 -1 1 -1 -1 -1\n`;
  },
};

export const CSV_FILE: TraceFile = {
  format: 'csv',
  separator: ',',
  header: 'submitted,duration,cpu,memory,name\n',
  columnCount: 5,
  columns: [0, 1, 2, 4],
  lineOf(job) {
    const random = hashOf(job);
    return `${7 * job}.${100 + (random % 900)},${random % 86_400},${1 + (random % 8)},${GIB * (1 + (random % 4))},task-${job}\n`;
  },
};

export function writeTraceFile(path: string, { header, lineOf }: TraceFile, rows: number): void {
  const file = openSync(path, 'w');
  let text = header;
  for (let job = 0; job < rows; job++) {
    text += lineOf(job);
    if (job % LINES_PER_WRITE === 0) {
      writeSync(file, text);
      text = '';
    }
  }
  writeSync(file, text);
  closeSync(file);
}

function hashOf(job: number): number {
  return Math.imul(job + 1, 0x9e3779b1) >>> 0;
}
