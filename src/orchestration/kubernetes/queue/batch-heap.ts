/**
 * A binary heap of batches that knows where each stands, so that one whose head changed is moved and not searched for. What
 * they are compared by lies side by side: a long queue is larger than the caches, and every step would wait for a batch.
 */

import type { Batch } from './batch.ts';

/** Numbers that a batch is ordered by, the first that differs decides; the least comes first. */
export type OrderKeys = readonly [number, number, number, number];

const WIDTH = 4;

export class BatchHeap {
  private readonly keysOf: (batch: Batch) => OrderKeys;
  private readonly heap: Batch[] = [];
  /** WIDTH a batch. */
  private keys = new Float64Array(WIDTH * 64);

  constructor(keysOf: (batch: Batch) => OrderKeys) {
    this.keysOf = keysOf;
  }

  get size(): number {
    return this.heap.length;
  }

  first(): Batch | undefined {
    return this.heap[0];
  }

  add(batch: Batch): void {
    const at = this.heap.push(batch) - 1;
    if (WIDTH * at >= this.keys.length) {
      const larger = new Float64Array(2 * this.keys.length);
      larger.set(this.keys);
      this.keys = larger;
    }
    this.note(batch, at);
    this.rise(at);
  }

  /** The head of the batch is another now. */
  update(batch: Batch): void {
    this.note(batch, batch.heapAt);
    this.settle(batch);
  }

  remove(batch: Batch): void {
    const at = batch.heapAt;
    batch.heapAt = -1;
    const last = this.heap.pop()!;
    if (last === batch) return;
    this.move(this.heap.length, at, last);
    this.settle(last);
  }

  private settle(batch: Batch): void {
    const at = batch.heapAt;
    this.rise(at);
    if (batch.heapAt === at) this.sink(at);
  }

  private note(batch: Batch, at: number): void {
    batch.heapAt = at;
    this.keys.set(this.keysOf(batch), WIDTH * at);
  }

  private rise(from: number): void {
    const { heap } = this;
    let at = from;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!this.isBefore(at, up)) break;
      this.swap(at, up, heap);
      at = up;
    }
  }

  private sink(from: number): void {
    const { heap } = this;
    let at = from;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && this.isBefore(down + 1, down)) down++;
      if (!this.isBefore(down, at)) break;
      this.swap(at, down, heap);
      at = down;
    }
  }

  private isBefore(a: number, b: number): boolean {
    const { keys } = this;
    const last = WIDTH * a + WIDTH;
    for (let i = WIDTH * a, j = WIDTH * b; i < last; i++, j++) {
      if (keys[i] !== keys[j]) return keys[i]! < keys[j]!;
    }
    return false;
  }

  private swap(a: number, b: number, heap: Batch[]): void {
    const { keys } = this;
    const one = heap[a]!;
    const other = heap[b]!;
    heap[a] = other;
    heap[b] = one;
    other.heapAt = a;
    one.heapAt = b;
    for (let i = WIDTH * a, j = WIDTH * b, n = 0; n < WIDTH; i++, j++, n++) {
      const key = keys[i]!;
      keys[i] = keys[j]!;
      keys[j] = key;
    }
  }

  private move(from: number, to: number, batch: Batch): void {
    this.heap[to] = batch;
    batch.heapAt = to;
    this.keys.copyWithin(WIDTH * to, WIDTH * from, WIDTH * from + WIDTH);
  }
}
