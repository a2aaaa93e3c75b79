/** Go's container/heap on indexes of `scores`, higher first: the root after Init. The twin of the pre-order rule. */

export function heapRoot(scores: readonly number[]): number {
  const heap = scores.map((_, index) => index);
  const less = (i: number, j: number) => scores[heap[i]!]! > scores[heap[j]!]!;
  for (let i = Math.floor(heap.length / 2) - 1; i >= 0; i--) down(heap, i, less);
  return heap[0]!;
}

function down(heap: number[], from: number, less: (i: number, j: number) => boolean): void {
  for (let i = from; 2 * i + 1 < heap.length;) {
    const left = 2 * i + 1;
    const right = left + 1;
    const child = right < heap.length && less(right, left) ? right : left;
    if (!less(child, i)) return;
    [heap[i], heap[child]] = [heap[child]!, heap[i]!];
    i = child;
  }
}
