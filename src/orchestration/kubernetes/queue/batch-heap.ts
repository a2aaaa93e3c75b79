/** A binary heap of batches that knows where each stands, so that one whose head changed is moved and not searched for. */

import type { Batch } from './batch.ts';

export class BatchHeap {
  private readonly isBefore: (a: Batch, b: Batch) => boolean;
  private readonly heap: Batch[] = [];

  constructor(isBefore: (a: Batch, b: Batch) => boolean) {
    this.isBefore = isBefore;
  }

  get size(): number {
    return this.heap.length;
  }

  first(): Batch | undefined {
    return this.heap[0];
  }

  add(batch: Batch): void {
    this.heap.push(batch);
    this.rise(batch, this.heap.length - 1);
  }

  /** The head of the batch is another now. */
  update(batch: Batch): void {
    const at = batch.heapAt;
    this.rise(batch, at);
    if (batch.heapAt === at) this.sink(batch, at);
  }

  remove(batch: Batch): void {
    const at = batch.heapAt;
    batch.heapAt = -1;
    const last = this.heap.pop()!;
    if (last === batch) return;
    last.heapAt = at;
    this.heap[at] = last;
    this.update(last);
  }

  private rise(batch: Batch, from: number): void {
    const { heap } = this;
    let at = from;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up]!;
      if (!this.isBefore(batch, parent)) break;
      heap[at] = parent;
      parent.heapAt = at;
      at = up;
    }
    heap[at] = batch;
    batch.heapAt = at;
  }

  private sink(batch: Batch, from: number): void {
    const { heap } = this;
    let at = from;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && this.isBefore(heap[down + 1]!, heap[down]!)) down++;
      const child = heap[down]!;
      if (!this.isBefore(child, batch)) break;
      heap[at] = child;
      child.heapAt = at;
      at = down;
    }
    heap[at] = batch;
    batch.heapAt = at;
  }
}
