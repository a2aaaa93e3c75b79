/**
 * A run: records (key, slot) side by side, in the order in which they were appended, with their smallest and largest key.
 *
 * Memory     12 bytes a record, doubled when full.
 */

export class Run {
  keys = new Float64Array(64);
  slots = new Int32Array(64);
  count = 0;
  keyMin = Infinity;
  keyMax = -Infinity;

  append(key: number, slot: number): void {
    if (this.count === this.slots.length) this.reserve(this.count + 1);
    this.keys[this.count] = key;
    this.slots[this.count++] = slot;
    if (key < this.keyMin) this.keyMin = key;
    if (key > this.keyMax) this.keyMax = key;
  }

  clear(): void {
    this.count = 0;
    this.keyMin = Infinity;
    this.keyMax = -Infinity;
  }

  /** Makes room for so many records in all. */
  reserve(count: number): void {
    let capacity = this.slots.length;
    if (count <= capacity) return;
    while (capacity < count) capacity *= 2;
    const { keys, slots } = this;
    this.keys = new Float64Array(capacity);
    this.keys.set(keys);
    this.slots = new Int32Array(capacity);
    this.slots.set(slots);
  }

  /** By key; equal keys keep their order. Insertion: for short runs. */
  sortByKey(): void {
    const { keys, slots, count } = this;
    for (let i = 1; i < count; i++) {
      const key = keys[i]!;
      if (keys[i - 1]! <= key) continue;
      const slot = slots[i]!;
      let hole = i;
      while (hole > 0 && keys[hole - 1]! > key) {
        keys[hole] = keys[hole - 1]!;
        slots[hole] = slots[hole - 1]!;
        hole--;
      }
      keys[hole] = key;
      slots[hole] = slot;
    }
  }
}
