import { writeSync } from 'node:fs';

/** Writes every byte to an open file: one call of the system may write less than it was given. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let from = 0; from < bytes.length;) from += writeSync(file, bytes, from);
}
