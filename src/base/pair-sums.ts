/**
 * Sums of numbers by a pair of rows: an open hash table of typed columns, so that adding allocates nothing.
 *
 * Order      of adding; sums are exact while they are whole and below 2^53.
 * Cost       one probe or two: at most half of the slots are full. 20 bytes a pair, and 8 for its slots.
 */

const EMPTY = -1;
const INITIAL_PAIRS = 64;

export interface PairSumsState {
  readonly firsts: Int32Array;
  readonly seconds: Int32Array;
  readonly sums: Float64Array;
}

export class PairSums {
  /** Pairs seen so far. */
  count = 0;
  firsts = new Int32Array(INITIAL_PAIRS);
  seconds = new Int32Array(INITIAL_PAIRS);
  sums = new Float64Array(INITIAL_PAIRS);
  /** Pair in each slot. */
  private slots = new Int32Array(INITIAL_PAIRS * 2).fill(EMPTY);

  add(first: number, second: number, amount: number): void {
    // Finding the pair may replace the columns.
    const pair = this.pairOf(first, second);
    this.sums[pair]! += amount;
  }

  save(): PairSumsState {
    const { firsts, seconds, sums, count } = this;
    return {
      firsts: firsts.slice(0, count),
      seconds: seconds.slice(0, count),
      sums: sums.slice(0, count),
    };
  }

  restore({ firsts, seconds, sums }: PairSumsState): void {
    this.count = 0;
    this.slots.fill(EMPTY);
    for (let pair = 0; pair < sums.length; pair++) {
      this.add(firsts[pair]!, seconds[pair]!, 0);
      this.sums[pair] = sums[pair]!;
    }
  }

  private pairOf(first: number, second: number): number {
    const mask = this.slots.length - 1;
    let slot = slotOf(first, second, mask);
    for (let pair = this.slots[slot]!; pair !== EMPTY; pair = this.slots[slot]!) {
      if (this.firsts[pair] === first && this.seconds[pair] === second) return pair;
      slot = (slot + 1) & mask;
    }
    if (this.count === this.sums.length) {
      this.grow();
      return this.pairOf(first, second);
    }
    const pair = this.count++;
    this.firsts[pair] = first;
    this.seconds[pair] = second;
    this.sums[pair] = 0;
    return (this.slots[slot] = pair);
  }

  private grow(): void {
    const { firsts, seconds, sums, count } = this;
    this.firsts = new Int32Array(count * 2);
    this.seconds = new Int32Array(count * 2);
    this.sums = new Float64Array(count * 2);
    this.firsts.set(firsts);
    this.seconds.set(seconds);
    this.sums.set(sums);
    const slots = new Int32Array(count * 4).fill(EMPTY);
    const mask = slots.length - 1;
    for (let pair = 0; pair < count; pair++) {
      let slot = slotOf(firsts[pair]!, seconds[pair]!, mask);
      while (slots[slot] !== EMPTY) slot = (slot + 1) & mask;
      slots[slot] = pair;
    }
    this.slots = slots;
  }
}

/** Multiplication and a fold of the high bits: neighbours in either row land far apart. */
function slotOf(first: number, second: number, mask: number): number {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second + 1, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) & mask;
}
