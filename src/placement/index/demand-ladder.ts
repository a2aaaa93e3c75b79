/**
 * For one resource: which requests ask for at most a given amount, as words of bits. Amounts are rungs; a table of evenly
 * spaced guesses finds the rung in a step or two.
 */

const GUESSES = 1024;

/** What the request of a number asks for. */
export interface Demand {
  readonly number: number;
  readonly amount: number;
}

export class DemandLadder {
  /** Words of each number of rungs that are reached, one row after the other. */
  bits = new Int32Array(1);
  private rungs = new Float64Array(0);
  private guesses = new Int32Array(GUESSES + 1);
  private guessesPerUnit = 0;
  private width = 1;

  make(demands: readonly Demand[], width: number): void {
    const rising = demands.toSorted((a, b) => a.amount - b.amount);
    const rungs = Float64Array.from(new Set(rising.map(({ amount }) => amount)));
    const bits = new Int32Array((rungs.length + 1) * width);
    let next = 0;
    for (let rung = 0; rung < rungs.length; rung++) {
      // Whoever is content with less is content with this.
      bits.copyWithin((rung + 1) * width, rung * width, (rung + 1) * width);
      for (; rising[next]?.amount === rungs[rung]; next++) {
        const { number } = rising[next]!;
        bits[(rung + 1) * width + (number >> 5)]! |= 1 << (number & 31);
      }
    }
    this.width = width;
    this.rungs = rungs;
    this.bits = bits;
    const largest = rungs[rungs.length - 1] ?? 0;
    this.guessesPerUnit = largest === 0 ? 0 : GUESSES / largest;
    let rung = 0;
    for (let guess = 0; guess <= GUESSES; guess++) {
      // Only rungs that every amount of this guess reaches, rounding included: strictly below its lowest amount.
      while (rung < rungs.length && Math.floor(rungs[rung]! * this.guessesPerUnit) < guess) rung++;
      this.guesses[guess] = rung;
    }
  }

  /** Where in `bits` the words of `amount` start. */
  at(amount: number): number {
    const { rungs } = this;
    if (amount < 0) return 0;
    const guess = amount * this.guessesPerUnit;
    let rung = this.guesses[guess < GUESSES ? guess | 0 : GUESSES]!;
    while (rung < rungs.length && rungs[rung]! <= amount) rung++;
    return rung * this.width;
  }
}
