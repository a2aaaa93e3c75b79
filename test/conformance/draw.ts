/**
 * Draws of one case: every case has a stream of its own, so case 17 of a seed is the same however many are drawn.
 */

import { Stream } from '../../src/random/streams.ts';

export class Draw {
  private readonly stream: Stream;

  constructor(seed: string) {
    this.stream = new Stream(seed);
  }

  chance(probability: number): boolean {
    return this.stream.next() < probability;
  }

  /** An integer from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.stream.next() * (high - low + 1));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)]!;
  }

  /** `count` different choices, in the order of the list. */
  some<T>(choices: readonly T[], count: number): T[] {
    let missing = Math.min(count, choices.length);
    return choices.filter((_, index) => {
      const taken = this.chance(missing / (choices.length - index));
      if (taken) missing -= 1;
      return taken;
    });
  }

  /** The value with probability `probability`, else nothing: to be spread into an object. */
  maybe<T extends object>(probability: number, make: () => T): Partial<T> {
    return this.chance(probability) ? make() : {};
  }
}
