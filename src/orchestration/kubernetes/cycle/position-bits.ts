/**
 * A set of positions in the list of nodes as words of 32 bits: a search passes over 32 empty positions in one step. Counts
 * of blocks of 16 words tell how many members stand before a position.
 */

const WORD_BITS = 5;
const BLOCK_BITS = 9;

export class PositionBits {
  words = new Int32Array(0);
  /** Members. */
  count = 0;
  private blocks = new Int32Array(0);

  /** Empties the set and makes room for `positions`. */
  clear(positions: number): void {
    this.words = new Int32Array((positions >> WORD_BITS) + 1);
    this.blocks = new Int32Array((positions >> BLOCK_BITS) + 1);
    this.count = 0;
  }

  /** Puts a position in that is not a member. */
  add(position: number): void {
    this.words[position >> WORD_BITS]! |= 1 << (position & 31);
    this.blocks[position >> BLOCK_BITS]!++;
    this.count++;
  }

  /** Takes a member out. */
  remove(position: number): void {
    this.words[position >> WORD_BITS]! &= ~(1 << (position & 31));
    this.blocks[position >> BLOCK_BITS]!--;
    this.count--;
  }

  /** Members before `position`. */
  countBefore(position: number): number {
    const { words, blocks } = this;
    const word = position >> WORD_BITS;
    const block = position >> BLOCK_BITS;
    let count = 0;
    for (let i = 0; i < block; i++) count += blocks[i]!;
    for (let i = block << (BLOCK_BITS - WORD_BITS); i < word; i++) count += onesOf(words[i]!);
    return count + onesOf(words[word]! & ((1 << (position & 31)) - 1));
  }
}

/** How many bits are set: sums of neighbours, pairs, then nibbles; the bytes are added by the product. */
function onesOf(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
