/**
 * Random numbers without a sequence: a draw is a function of (seed, purpose, ordinal) alone.
 *
 * For what happens in one variant and not in another (launch latency, spot reclaim, host failure): the 17th launch has
 * the same latency whatever was drawn before it, so variants stay paired as far as they can be.
 *
 * Formula  53 bits of a two-lane 32-bit hash of the text `<seed>/<purpose>/<ordinal>`, divided by 2^53: in [0, 1).
 * Exact    32-bit integer steps and Math.imul only, so the same on every engine.
 * Source   the block and final mixing steps of A. Appleby's MurmurHash3 (public domain); lane constants of its x86_128
 *          variant, lanes 1 and 2. Departure: a character code is a block, so that no bytes need packing.
 */

import { assert } from '../base/assert.ts';

const CODE_OF_ZERO = 48;
const TWO_POW_21 = 2_097_152;
const TWO_POW_53 = 9_007_199_254_740_992;

/** A number in [0, 1). `purpose` names what is drawn, `ordinal` counts the draws: a whole number, in any order. */
export function counterUniform(seed: string | number, purpose: string, ordinal: number): number {
  return new CounterDraws(seed, purpose).uniform(ordinal);
}

/** Many draws for one purpose: what their texts have in common is hashed once, and no text is made. */
export class CounterDraws {
  private readonly purpose: string;
  private readonly a: number;
  private readonly b: number;
  private readonly length: number;

  constructor(seed: string | number, purpose: string) {
    const prefix = `${seed}/${purpose}/`;
    const hash = new TextHash();
    hash.text(prefix);
    this.purpose = purpose;
    this.a = hash.a;
    this.b = hash.b;
    this.length = hash.length;
  }

  uniform(ordinal: number): number {
    assert(
      Number.isSafeInteger(ordinal) && ordinal >= 0,
      () =>
        `expected a whole number as the ordinal of a draw for ${this.purpose}; found ${ordinal}`,
    );
    const hash = SCRATCH;
    hash.a = this.a;
    hash.b = this.b;
    hash.length = this.length;
    hash.digits(ordinal);
    return hash.finish() / TWO_POW_53;
  }
}

/** An integer in [0, 2^53) that depends on every character of the text. */
export function hash53(text: string): number {
  const hash = new TextHash();
  hash.text(text);
  return hash.finish();
}

class TextHash {
  a = 0;
  b = 0;
  length = 0;

  text(text: string): void {
    for (let i = 0; i < text.length; i++) this.block(text.charCodeAt(i));
  }

  /** The characters of a whole number in decimal. */
  digits(number: number): void {
    let power = 1;
    while (power * 10 <= number) power *= 10;
    for (let rest = number; power >= 1; power /= 10) {
      const digit = Math.floor(rest / power);
      rest -= digit * power;
      this.block(CODE_OF_ZERO + digit);
    }
  }

  finish(): number {
    let a = this.a ^ this.length;
    let b = this.b ^ this.length;
    a = (a + b) | 0;
    b = (b + a) | 0;
    a = mixBits(a);
    b = mixBits(b);
    a = (a + b) | 0;
    b = (b + a) | 0;
    return (a >>> 0) * TWO_POW_21 + (b >>> 11);
  }

  private block(code: number): void {
    let { a, b } = this;
    a ^= Math.imul(rotateLeft(Math.imul(code, 0x239b961b), 15), 0xab0e9789);
    a = (rotateLeft(a, 19) + b) | 0;
    a = (Math.imul(a, 5) + 0x561ccd1b) | 0;
    b ^= Math.imul(rotateLeft(Math.imul(code, 0xab0e9789), 16), 0x38b34ae5);
    b = (rotateLeft(b, 17) + a) | 0;
    b = (Math.imul(b, 5) + 0x0bcaa747) | 0;
    this.a = a;
    this.b = b;
    this.length++;
  }
}

const SCRATCH = new TextHash();

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Every input bit changes each output bit with probability near one half. */
function mixBits(word: number): number {
  let mixed = word;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
