/**
 * Texts as cells of a CSV file in UTF-8, put straight into a byte array. A text that holds a quote, a comma or a line
 * end stands in quotes, with its quotes doubled; any other stands as it is. Twin: csv-stringify, byte for byte.
 */

/** A quoted ASCII character takes 2 bytes, any other UTF-16 unit 3 at most. */
export function textBytesMax(text: string): number {
  return 3 * text.length + 2;
}

const MUST_QUOTE = /[",\n\r]/;

/** 1 for a character that is its own byte in a cell. */
const IS_PLAIN = new Uint8Array(128).fill(1);
for (const character of '",\n\r') IS_PLAIN[character.charCodeAt(0)] = 0;

const encoder = new TextEncoder();

/** Writes at `at` and returns the place behind; there must be room for `textBytesMax(text)` bytes. */
export function putText(bytes: Uint8Array, at: number, text: string): number {
  const { length } = text;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (IS_PLAIN[code] !== 1) {
      return at + encoder.encodeInto(cellOf(text), bytes.subarray(at)).written;
    }
    bytes[at + i] = code;
  }
  return at + length;
}

export function textBytes(text: string): Uint8Array {
  return encoder.encode(cellOf(text));
}

function cellOf(text: string): string {
  return MUST_QUOTE.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
