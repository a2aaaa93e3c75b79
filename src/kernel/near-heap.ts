/**
 * A 4-ary heap of records (key, slot); equal keys leave in the order in which they came.
 *
 * Cost       O(log n); the keys stand in the heap itself, so that a comparison reads no slot.
 * Memory     20 bytes a record, doubled when full.
 */

export class NearHeap {
  count = 0;
  keys = new Float64Array(64);
  slots = new Int32Array(64);
  private sequences = new Float64Array(64);
  private pushes = 0;

  push(key: number, slot: number): void {
    if (this.count === this.slots.length) this.grow();
    const { keys, slots, sequences } = this;
    let hole = this.count++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      // The newcomer is the youngest: among equals it stays below.
      if (keys[parent]! <= key) break;
      keys[hole] = keys[parent]!;
      slots[hole] = slots[parent]!;
      sequences[hole] = sequences[parent]!;
      hole = parent;
    }
    keys[hole] = key;
    slots[hole] = slot;
    sequences[hole] = this.pushes++;
  }

  /** Removes the first record and gives its slot; the heap has one. */
  take(): number {
    const first = this.slots[0]!;
    if (--this.count > 0) this.sink();
    return first;
  }

  /** Fills the hole at the root with what was the last record. */
  private sink(): void {
    const { keys, slots, sequences, count } = this;
    const key = keys[count]!;
    const sequence = sequences[count]!;
    let hole = 0;
    for (;;) {
      const child = hole * 4 + 1;
      if (child >= count) break;
      const end = Math.min(child + 4, count);
      let best = child;
      let bestKey = keys[child]!;
      for (let other = child + 1; other < end; other++) {
        const otherKey = keys[other]!;
        if (otherKey < bestKey || (otherKey === bestKey && sequences[other]! < sequences[best]!)) {
          best = other;
          bestKey = otherKey;
        }
      }
      if (bestKey > key || (bestKey === key && sequences[best]! > sequence)) break;
      keys[hole] = bestKey;
      slots[hole] = slots[best]!;
      sequences[hole] = sequences[best]!;
      hole = best;
    }
    keys[hole] = key;
    slots[hole] = slots[count]!;
    sequences[hole] = sequence;
  }

  private grow(): void {
    const { keys, slots, sequences } = this;
    const capacity = slots.length * 2;
    this.keys = new Float64Array(capacity);
    this.keys.set(keys);
    this.slots = new Int32Array(capacity);
    this.slots.set(slots);
    this.sequences = new Float64Array(capacity);
    this.sequences.set(sequences);
  }
}
