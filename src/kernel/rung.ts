/**
 * A rung of the ladder: up to 1024 buckets of equal width over a span of keys, emptied from the first to the last.
 *
 * Bucket     floor((key - start) x buckets / span), not before the bucket that is next to be emptied. Subtracting,
 *            multiplying and flooring never turn two keys round whatever they round to, so a smaller key is never in a
 *            later bucket and equal keys are in one, in the order in which they came.
 * Width      for about 8 records a bucket.
 * Cost       O(1) a record; finding the next bucket is a scan of 32 bits a word.
 */

import { CHUNK_RECORDS } from './chunks.ts';
import type { Chunks } from './chunks.ts';
import type { Run } from './run.ts';

const BUCKETS_MIN = 16;
const BUCKETS_MAX = 1024;
const RECORDS_PER_BUCKET = 8;

/** A bucket in words: number of records, place of its first chunk, place of its last. */
const WORDS = 4;
const FIRST = 1;
const LAST = 2;

export class Rung {
  /** Keys below belong here; the largest key that the rung was made of. */
  limit = -Infinity;

  private readonly chunks: Chunks;
  private readonly buckets = new Int32Array(BUCKETS_MAX * WORDS);
  /** A bit for each bucket that has records. */
  private readonly occupied = new Int32Array(BUCKETS_MAX >> 5);
  private start = -Infinity;
  private bucketsPerKey = Infinity;
  private bucketCount = 0;
  private next = 0;

  constructor(chunks: Chunks) {
    this.chunks = chunks;
  }

  /** True when every bucket was emptied: the rung has no place for a key any more. */
  get isSpent(): boolean {
    return this.next === this.bucketCount;
  }

  /** Lays an empty rung over the span of a run that has two keys at least, and spreads the run. */
  spread(run: Run): void {
    let bucketCount = BUCKETS_MIN;
    while (bucketCount < BUCKETS_MAX && bucketCount * RECORDS_PER_BUCKET < run.count) {
      bucketCount *= 2;
    }
    this.bucketCount = bucketCount;
    this.next = 0;
    this.start = run.keyMin;
    this.limit = run.keyMax;
    // One more than the span, so that the largest key falls into the last bucket and not behind it.
    this.bucketsPerKey = bucketCount / (run.keyMax - run.keyMin + 1);
    for (let i = 0; i < run.count; i++) this.append(run.keys[i]!, run.slots[i]!);
  }

  append(key: number, slot: number): void {
    // A key far before the start would not fit into 32 bits.
    let bucket = key > this.start ? ((key - this.start) * this.bucketsPerKey) | 0 : 0;
    if (bucket >= this.bucketCount) bucket = this.bucketCount - 1;
    if (bucket < this.next) bucket = this.next;
    const { buckets, chunks } = this;
    const at = bucket * WORDS;
    const count = buckets[at]!;
    const offset = count & (CHUNK_RECORDS - 1);
    if (offset === 0) this.lengthen(bucket);
    buckets[at] = count + 1;
    const place = buckets[at + LAST]! + offset;
    chunks.keys[place] = key;
    chunks.slots[place] = slot;
  }

  /** Empties the next bucket that has records into the run, in place of what that had; false when none has any. */
  takeNext(into: Run): boolean {
    const bucket = this.nextOccupied();
    if (bucket < 0) return false;
    const { buckets, chunks } = this;
    const at = bucket * WORDS;
    const count = buckets[at]!;
    buckets[at] = 0;
    this.occupied[bucket >> 5]! &= ~(1 << (bucket & 31));
    this.next = bucket + 1;
    into.clear();
    into.reserve(count);
    const { keys, slots } = into;
    let keyMin = Infinity;
    let keyMax = -Infinity;
    let chunk = buckets[at + FIRST]!;
    for (let done = 0; done < count;) {
      const end = Math.min(done + CHUNK_RECORDS, count);
      for (let place = chunk; done < end; place++, done++) {
        const key = chunks.keys[place]!;
        keys[done] = key;
        slots[done] = chunks.slots[place]!;
        if (key < keyMin) keyMin = key;
        if (key > keyMax) keyMax = key;
      }
      chunk = chunks.release(chunk);
    }
    into.count = count;
    into.keyMin = keyMin;
    into.keyMax = keyMax;
    return true;
  }

  private lengthen(bucket: number): void {
    const { buckets, chunks } = this;
    const at = bucket * WORDS;
    const chunk = chunks.take();
    if (buckets[at] === 0) {
      buckets[at + FIRST] = chunk;
      this.occupied[bucket >> 5]! |= 1 << (bucket & 31);
    } else {
      chunks.link(buckets[at + LAST]!, chunk);
    }
    buckets[at + LAST] = chunk;
  }

  private nextOccupied(): number {
    if (this.isSpent) return -1;
    const words = (this.bucketCount + 31) >> 5;
    let word = this.next >> 5;
    let bits = this.occupied[word]! & (-1 << (this.next & 31));
    while (bits === 0) {
      if (++word === words) return -1;
      bits = this.occupied[word]!;
    }
    return (word << 5) + 31 - Math.clz32(bits & -bits);
  }
}
