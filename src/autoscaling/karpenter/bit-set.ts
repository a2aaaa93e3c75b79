/** Sets of small numbers as words of bits: which of a NodePool's instance types are still possible. */

export type BitSet = Uint32Array;

const BITS = 32;

export function noBits(size: number): BitSet {
  return new Uint32Array(Math.ceil(size / BITS));
}

export function allBits(size: number): BitSet {
  const set = noBits(size);
  for (let at = 0; at < size; at++) addBit(set, at);
  return set;
}

export function addBit(set: BitSet, at: number): void {
  set[at >>> 5]! |= 1 << (at & 31);
}

export function hasBit(set: BitSet, at: number): boolean {
  return (set[at >>> 5]! & (1 << (at & 31))) !== 0;
}

/** What is in all of them. */
export function commonBits(first: BitSet, second: BitSet): BitSet {
  const both = new Uint32Array(first.length);
  for (let word = 0; word < both.length; word++) both[word] = first[word]! & second[word]!;
  return both;
}

/** Leaves in `set` what is in `other` too. */
export function keepBits(set: BitSet, other: BitSet): void {
  for (let word = 0; word < set.length; word++) set[word]! &= other[word]!;
}

export function dropBits(set: BitSet, other: BitSet): void {
  for (let word = 0; word < set.length; word++) set[word]! &= ~other[word]!;
}

export function bitCount(set: BitSet): number {
  let count = 0;
  for (let word = 0; word < set.length; word++) {
    for (let rest = set[word]!; rest !== 0; rest &= rest - 1) count++;
  }
  return count;
}

export function isEmptySet(set: BitSet): boolean {
  for (let word = 0; word < set.length; word++) if (set[word] !== 0) return false;
  return true;
}

export function shareBits(first: BitSet, second: BitSet): boolean {
  for (let word = 0; word < first.length; word++) {
    if ((first[word]! & second[word]!) !== 0) return true;
  }
  return false;
}

/** In ascending order. */
export function* bitsOf(set: BitSet): Iterable<number> {
  for (let word = 0; word < set.length; word++) {
    for (let rest = set[word]!; rest !== 0; rest &= rest - 1) {
      yield word * BITS + 31 - Math.clz32(rest & -rest);
    }
  }
}
