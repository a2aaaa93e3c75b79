/**
 * Calls back for every line of a chunked text, without cutting the line out of its chunk.
 *
 * Lines end in LF or CR LF; the last may lack its end. A byte order mark at the start is left out. A chunk may end
 * anywhere, also between CR and LF. Cost: one `indexOf` a line; only the line that spans two chunks is copied.
 */

/**
 * The line is `text.slice(from, to)`, without its end; `line` counts from 1.
 * Returning false ends the reading: no further chunk is asked for.
 */
export type OnLine = (text: string, from: number, to: number, line: number) => boolean;

const CR = 13;
const SPACE = 32;
const TAB = 9;
const BYTE_ORDER_MARK = 0xfeff;

export async function eachLine(chunks: AsyncIterable<string>, onLine: OnLine): Promise<void> {
  let carry = '';
  let line = 0;
  let isAtStart = true;
  for await (const chunk of chunks) {
    if (chunk === '') continue;
    let from = isAtStart && chunk.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
    isAtStart = false;
    let end = chunk.indexOf('\n', from);
    if (end !== -1 && carry !== '') {
      // Only this line is put together; the rest of the chunk stays one flat string, several times as fast to read.
      const first = carry + chunk.slice(0, end);
      line += 1;
      if (!onLine(first, 0, withoutCr(first, 0, first.length), line)) return;
      carry = '';
      from = end + 1;
      end = chunk.indexOf('\n', from);
    }
    for (; end !== -1; end = chunk.indexOf('\n', from)) {
      line += 1;
      if (!onLine(chunk, from, withoutCr(chunk, from, end), line)) return;
      from = end + 1;
    }
    carry += chunk.slice(from);
  }
  if (carry !== '') onLine(carry, 0, withoutCr(carry, 0, carry.length), line + 1);
}

function withoutCr(text: string, from: number, end: number): number {
  return end > from && text.charCodeAt(end - 1) === CR ? end - 1 : end;
}

/** True for a line of blanks only. */
export function isBlank(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code !== SPACE && code !== TAB) return false;
  }
  return true;
}
