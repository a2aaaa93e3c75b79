/**
 * A list of integer scores as one number that orders in the same way: the first score weighs most.
 *
 *     digit_i = (score_i - base_i) / unit_i         unit_i the largest power of two that divides every difference seen
 *     code    = 1 + digit_0 x span_1 x span_2 ... + digit_1 x span_2 ... + ...        0 stands for "no room"
 *
 * Span       what was seen, and slack on both sides for what will be. A score outside makes the caller begin anew with
 *            wider spans; spans never shrink, so that happens a few times in a run.
 * Exact      below 2^53. One score that needs more than 32 bits, or is no integer, is its own code, with -Infinity for "no room". For
 *            lists of that kind there is no code.
 */

import type { CodesConstructor } from './max-tree.ts';

const STORAGES: readonly (readonly [CodesConstructor, codes: number])[] = [
  [Uint8Array, 255],
  [Uint16Array, 65_535],
  [Int32Array, 2_147_483_647],
  [Float64Array, Number.MAX_SAFE_INTEGER],
];
const TWO_TO_32 = 4_294_967_296;
/** Sums and differences of two numbers up to this are exact. */
const EXACT_HALF = 4_503_599_627_370_496;

/** What one policy of the list has scored so far. */
export class ScoreRange {
  lowest = Infinity;
  highest = -Infinity;
  isInteger = true;
  /** OR of the differences to the first score, in two halves: their common power of two. */
  private lowBits = 0;
  private highBits = 0;
  private first = NaN;

  add(score: number): void {
    if (Number.isNaN(this.first)) this.first = score;
    if (score < this.lowest) this.lowest = score;
    if (score > this.highest) this.highest = score;
    const difference = Math.abs(score - this.first);
    if (difference === Math.floor(difference)) {
      this.lowBits |= difference;
      this.highBits |= Math.floor(difference / TWO_TO_32);
    } else {
      this.isInteger = false;
    }
  }

  get unit(): number {
    if (this.lowBits !== 0) return trailingPower(this.lowBits);
    return this.highBits === 0 ? 1 : trailingPower(this.highBits) * TWO_TO_32;
  }
}

function trailingPower(bits: number): number {
  return (bits & -bits) >>> 0;
}

export class ScoreCode {
  readonly storage: CodesConstructor;
  /** The code of a host without room. */
  readonly none: number;
  private readonly bases: Float64Array;
  private readonly inverses: Float64Array;
  private readonly spans: Float64Array;

  private constructor(
    storage: CodesConstructor,
    none: number,
    bases: Float64Array,
    inverses: Float64Array,
    spans: Float64Array,
  ) {
    this.storage = storage;
    this.none = none;
    this.bases = bases;
    this.inverses = inverses;
    this.spans = spans;
  }

  /** A code with room for the ranges and more, or undefined when no number is wide enough. */
  static of(ranges: readonly ScoreRange[]): ScoreCode | undefined {
    const counts = ranges.map(({ lowest, highest, unit, isInteger }) => {
      if (lowest > highest) return 1;
      return isInteger ? (highest - lowest) / unit + 1 : Infinity;
    });
    const slack = ranges.length === 1 ? [1.25, 1] : [4, 1];
    for (const factor of slack) {
      const spans = counts.map((count) => Math.ceil(count * factor) + 8);
      const product = spans.reduce((a, b) => a * b, 1);
      const fitting = STORAGES.find(([, codes]) => product <= codes);
      if (fitting === undefined) continue;
      const [storage, codes] = fitting;
      if (ranges.length === 1) {
        // A single score takes all the codes that its storage has, as far as all that they stand for is exact.
        if (storage === Float64Array) break;
        spans[0] = Math.max(spans[0]!, Math.min(codes, Math.floor(EXACT_HALF / ranges[0]!.unit)));
      }
      return ScoreCode.spread(storage, ranges, counts, spans);
    }
    if (ranges.length > 1) return undefined;
    return new ScoreCode(
      Float64Array,
      -Infinity,
      new Float64Array(1),
      new Float64Array(1),
      new Float64Array(1),
    );
  }

  /** Puts what was seen into the middle of the spans. */
  private static spread(
    storage: CodesConstructor,
    ranges: readonly ScoreRange[],
    counts: readonly number[],
    spans: readonly number[],
  ): ScoreCode {
    const bases = ranges.map(({ lowest, highest, unit }, i) =>
      lowest > highest ? 0 : lowest - Math.floor((spans[i]! - counts[i]!) / 2) * unit,
    );
    const inverses = ranges.map(({ unit }) => 1 / unit);
    return new ScoreCode(
      storage,
      0,
      Float64Array.from(bases),
      Float64Array.from(inverses),
      Float64Array.from(spans),
    );
  }

  /** The code of a list of one, or NaN when it lies outside. */
  encodeOne(score: number): number {
    if (this.none !== 0) return score;
    const digit = (score - this.bases[0]!) * this.inverses[0]!;
    return digit >= 0 && digit < this.spans[0]! && digit === Math.floor(digit) ? digit + 1 : NaN;
  }

  /** The code of the scores, or NaN when one lies outside. */
  encode(scores: Float64Array): number {
    let code = 0;
    for (let i = 0; i < scores.length; i++) {
      const digit = (scores[i]! - this.bases[i]!) * this.inverses[i]!;
      const span = this.spans[i]!;
      if (!(digit >= 0 && digit < span && digit === Math.floor(digit))) return NaN;
      code = code * span + digit;
    }
    return code + 1;
  }
}
