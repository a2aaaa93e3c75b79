/**
 * The feasible nodes of one request by class and host-local code, as lists through typed columns: the best of a class is
 * known without looking at its nodes.
 *
 * Cost       O(1) to move a node; to find the best code of a class, at most 8 words.
 */

import { CODE_BITS, CODE_MAX, NO_CODE, entryOf } from './node-entry.ts';

const NONE = -1;
const WORD_BITS = 5;
const WORDS = 1 << (CODE_BITS - WORD_BITS);

export class ScoreBuckets {
  /** By entry: first slot, and how many. */
  private heads = new Int32Array(0);
  private sizes = new Int32Array(0);
  /** By class: a bit for each code that some node has. */
  private codes = new Int32Array(0);
  private next = new Int32Array(0);
  private previous = new Int32Array(0);

  clear(slots: number): void {
    this.heads.fill(NONE);
    this.sizes.fill(0);
    this.codes.fill(0);
    this.next = new Int32Array(slots);
    this.previous = new Int32Array(slots);
  }

  add(slot: number, entry: number): void {
    if (entry >= this.heads.length) this.grow(entry);
    const head = this.heads[entry]!;
    this.next[slot] = head;
    this.previous[slot] = NONE;
    if (head !== NONE) this.previous[head] = slot;
    this.heads[entry] = slot;
    this.sizes[entry]!++;
    this.codes[entry >> WORD_BITS]! |= 1 << (entry & 31);
  }

  remove(slot: number, entry: number): void {
    const next = this.next[slot]!;
    const previous = this.previous[slot]!;
    if (previous === NONE) this.heads[entry] = next;
    else this.next[previous] = next;
    if (next !== NONE) this.previous[next] = previous;
    if (--this.sizes[entry]! === 0) this.codes[entry >> WORD_BITS]! &= ~(1 << (entry & 31));
  }

  /** Largest code of a class, NO_CODE when no node of it is feasible. */
  bestOf(nodeClass: number): number {
    const first = nodeClass * WORDS;
    for (let word = WORDS - 1; word >= 0; word--) {
      const bits = this.codes[first + word] ?? 0;
      if (bits !== 0) return (word << WORD_BITS) + 31 - Math.clz32(bits);
    }
    return NO_CODE;
  }

  /** How many nodes a class has. */
  nodesOf(nodeClass: number): number {
    let count = 0;
    for (let code = 0; code <= CODE_MAX; code++) count += this.sizes[entryOf(nodeClass, code)] ?? 0;
    return count;
  }

  /** How many nodes have an entry. */
  sizeOf(entry: number): number {
    return this.sizes[entry]!;
  }

  /** Appends the slots of the nodes that have an entry. */
  slotsOf(entry: number, out: number[]): void {
    for (let slot = this.heads[entry]!; slot !== NONE; slot = this.next[slot]!) out.push(slot);
  }

  private grow(entry: number): void {
    let length = Math.max(this.heads.length, 1 << (CODE_BITS + 2));
    while (length <= entry) length *= 2;
    const heads = new Int32Array(length).fill(NONE);
    const sizes = new Int32Array(length);
    const codes = new Int32Array(length >> WORD_BITS);
    heads.set(this.heads);
    sizes.set(this.sizes);
    codes.set(this.codes);
    this.heads = heads;
    this.sizes = sizes;
    this.codes = codes;
  }
}
