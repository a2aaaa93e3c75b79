/** Bytes, text and digests of input files. Text of a name that ends in .gz is inflated as it is read. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

const CHUNK_BYTES = 1 << 18;

/** UTF-8 text in chunks. Stopping early closes the file. */
export async function* textChunks(path: string): AsyncGenerator<string> {
  const bytes = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  // The callback is there to be called: what went wrong is thrown by the loop below.
  const stream = path.endsWith('.gz')
    ? pipeline(bytes, createGunzip({ chunkSize: CHUNK_BYTES }), () => {})
    : bytes;
  stream.setEncoding('utf8');
  for await (const chunk of stream) yield chunk as string;
}

export async function readText(path: string): Promise<string> {
  let text = '';
  for await (const chunk of textChunks(path)) text += chunk;
  return text;
}

/** SHA-256 of the bytes on disk, in hexadecimal. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}

export function sha256OfText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
