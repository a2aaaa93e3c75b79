/** Two plain readers of a trace file: what anyone would write first, and the fastest CSV library that we know. */

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { initParser, type Schema } from 'udsv';
import { textChunks } from '../../src/experiment/node/read-input.ts';
import type { TraceFile } from './trace-files.ts';

export interface PlainTrace {
  readonly submittedS: number[];
  readonly durationS: number[];
  readonly cores: number[];
  readonly names: string[];
}

export type PlainReader = (path: string, file: TraceFile) => Promise<PlainTrace>;

export async function readBySplitting(path: string, file: TraceFile): Promise<PlainTrace> {
  const trace = emptyTrace();
  let isHeader = file.header !== '';
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (!isHeader) addRow(trace, file, line.split(file.separator));
    isHeader = false;
  }
  return trace;
}

export async function readByUdsv(path: string, file: TraceFile): Promise<PlainTrace> {
  const trace = emptyTrace();
  const cols = Array.from({ length: file.columnCount }, (_, column) => ({
    name: `${column}`,
    type: 's' as const,
    repl: { empty: '', null: undefined, NaN: undefined },
  }));
  const skip = file.header === '' ? 0 : 1;
  const schema: Schema & { readonly skip: number } = {
    col: file.separator,
    row: '\n',
    encl: '"',
    esc: '"',
    trim: false,
    cols,
    skip,
  };
  const parser = initParser(schema);
  const add = (row: string[]): void => addRow(trace, file, row);
  for await (const chunk of textChunks(path)) parser.chunk(chunk, parser.stringArrs<string[]>, add);
  parser.end();
  return trace;
}

function emptyTrace(): PlainTrace {
  return { submittedS: [], durationS: [], cores: [], names: [] };
}

function addRow(trace: PlainTrace, { columns }: TraceFile, fields: readonly string[]): void {
  const [submitted, duration, cores, name] = columns;
  trace.submittedS.push(Number(fields[submitted]));
  trace.durationS.push(Number(fields[duration]));
  trace.cores.push(Number(fields[cores]));
  trace.names.push(fields[name]!);
}
