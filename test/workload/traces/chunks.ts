/** Texts as chunk streams, for reader tests. */

import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { RejectedRow, TraceOptions } from '../../../src/workload/traces/reader.ts';
import { plainTraceOptions } from '../../../src/workload/traces/reader.ts';

/** The text as one chunk. */
export function whole(text: string): AsyncIterable<string> {
  return cutAt(text, []);
}

/** The text cut before each of the positions, which may be in any order and repeat. */
export async function* cutAt(text: string, positions: readonly number[]): AsyncIterable<string> {
  let from = 0;
  for (const to of [...positions, text.length].sort((a, b) => a - b)) {
    yield text.slice(from, to);
    from = to;
  }
}

/** A file under BERTH_DATA, inflated when its name ends in .gz. */
export async function* chunksOf(file: string): AsyncIterable<string> {
  const bytes = createReadStream(`${process.env['BERTH_DATA']}/${file}`);
  const stream = file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  stream.setEncoding('utf8');
  for await (const chunk of stream) yield chunk as string;
}

export const hasData = process.env['BERTH_DATA'] !== undefined;

/** Options that collect rejected rows instead of stopping. */
export function lenient(): { options: TraceOptions; rejected: RejectedRow[] } {
  const rejected: RejectedRow[] = [];
  const options = {
    ...plainTraceOptions('log', 'log.txt'),
    skipBadRows: true,
    reject: (row: RejectedRow) => void rejected.push(row),
  };
  return { options, rejected };
}
