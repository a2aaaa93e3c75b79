/**
 * Sums of numbers by a pair of rows: an open hash table whose entries hold a pair and its sum side by side, so that adding
 * costs one access to memory and allocates nothing.
 *
 * Exact      while sums are whole and below 2^53. Rows are below 2^26.
 * Cost       two or three entries next to each other are looked at: at most three quarters are full. 21 to 43 bytes a pair.
 */

const EMPTY = -1;
const INITIAL_ENTRIES = 128;
/** Numbers of an entry: the pair as one number, or EMPTY; its sum. */
const WIDTH = 2;
const ROWS_MAX = 67_108_864;

export interface PairSumsState {
  readonly firsts: Int32Array;
  readonly seconds: Int32Array;
  readonly sums: Float64Array;
}

export class PairSums {
  /** Pairs seen so far. */
  count = 0;
  private entries = new Float64Array(INITIAL_ENTRIES * WIDTH).fill(EMPTY);

  add(first: number, second: number, amount: number): void {
    let at = this.find(first, second);
    if (this.entries[at] === EMPTY) at = this.insert(first, second);
    this.entries[at + 1]! += amount;
  }

  /** Every pair with its sum, in an order that only the history of adding knows. */
  forEach(take: (first: number, second: number, sum: number) => void): void {
    const { entries } = this;
    for (let at = 0; at < entries.length; at += WIDTH) {
      const pair = entries[at]!;
      if (pair !== EMPTY) take(firstOf(pair), secondOf(pair), entries[at + 1]!);
    }
  }

  save(): PairSumsState {
    const firsts = new Int32Array(this.count);
    const seconds = new Int32Array(this.count);
    const sums = new Float64Array(this.count);
    let row = 0;
    this.forEach((first, second, sum) => {
      firsts[row] = first;
      seconds[row] = second;
      sums[row++] = sum;
    });
    return { firsts, seconds, sums };
  }

  restore({ firsts, seconds, sums }: PairSumsState): void {
    this.count = 0;
    this.entries.fill(EMPTY);
    for (let row = 0; row < sums.length; row++) this.add(firsts[row]!, seconds[row]!, sums[row]!);
  }

  /** Where the pair is, or the empty entry where it belongs. */
  private find(first: number, second: number): number {
    const { entries } = this;
    const pair = first * ROWS_MAX + second;
    const mask = entries.length / WIDTH - 1;
    let entry = hashOf(first, second) & mask;
    for (;;) {
      const found = entries[entry * WIDTH]!;
      if (found === pair || found === EMPTY) return entry * WIDTH;
      entry = (entry + 1) & mask;
    }
  }

  private insert(first: number, second: number): number {
    if (4 * ++this.count * WIDTH > 3 * this.entries.length) this.grow();
    const at = this.find(first, second);
    this.entries[at] = first * ROWS_MAX + second;
    this.entries[at + 1] = 0;
    return at;
  }

  private grow(): void {
    const { entries } = this;
    this.entries = new Float64Array(entries.length * 2).fill(EMPTY);
    for (let from = 0; from < entries.length; from += WIDTH) {
      const pair = entries[from]!;
      if (pair === EMPTY) continue;
      const to = this.find(firstOf(pair), secondOf(pair));
      this.entries[to] = pair;
      this.entries[to + 1] = entries[from + 1]!;
    }
  }
}

function firstOf(pair: number): number {
  return Math.floor(pair / ROWS_MAX);
}

function secondOf(pair: number): number {
  return pair % ROWS_MAX;
}

/** Multiplication and a fold of the high bits: neighbours in either row land far apart. */
function hashOf(first: number, second: number): number {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second + 1, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
