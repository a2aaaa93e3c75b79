/**
 * Numbers as ASCII digits put straight into a byte array: each function takes the place to write at and returns the
 * place behind what it wrote. No text is made on the way but for a fraction, and no arithmetic rounds.
 *
 * Exact   A quotient of two integers below 2^53 is never rounded up to the next integer, so its floor is the true one,
 *         and the remainder is a difference of two exact integers.
 * Twins   String(value) and scaledInteger(value, digits), byte for byte.
 */

import { assert } from '../../base/assert.ts';

/** No number takes more bytes: 17 digits, two signs, a point and an exponent of three, or 21 digits and a sign. */
export const NUMBER_BYTES_MAX = 32;

const ZERO = 48;
const MINUS = 45;
const POINT = 46;

/** 10^0 to 10^9. */
const POWERS_OF_TEN = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
const EIGHT_DIGITS = 1e8;

/** The digits of 00 to 99. */
const PAIRS = new Uint8Array(200);
for (let pair = 0; pair < 100; pair++) {
  PAIRS[2 * pair] = ZERO + Math.trunc(pair / 10);
  PAIRS[2 * pair + 1] = ZERO + (pair % 10);
}

/** A finite number, in the shortest form that reads back to it. */
export function putNumber(bytes: Uint8Array, at: number, value: number): number {
  if (!Number.isSafeInteger(value)) return putAscii(bytes, at, String(value));
  if (value >= 0) return putWhole(bytes, at, value);
  bytes[at] = MINUS;
  return putWhole(bytes, at + 1, -value);
}

/** `value` / 10^digits as a decimal without trailing zeros; up to 9 digits. */
export function putScaled(bytes: Uint8Array, at: number, value: number, digits: number): number {
  assert(
    Number.isSafeInteger(value),
    () => `a scaled quantity must be an exact integer, it is ${value}`,
  );
  let end = at;
  if (value < 0) bytes[end++] = MINUS;
  const units = Math.abs(value);
  const perWhole = POWERS_OF_TEN[digits]!;
  const whole = Math.floor(units / perWhole);
  end = putWhole(bytes, end, whole);
  let fraction = (units - whole * perWhole) | 0;
  if (fraction === 0) return end;

  let count = digits;
  while (fraction % 10 === 0) {
    fraction = (fraction / 10) | 0;
    count -= 1;
  }
  bytes[end] = POINT;
  return putDigits(bytes, end + 1, fraction, count);
}

/** An integer from 0 to 2^53: its upper part, then eight digits, so that each part is a 32-bit integer. */
function putWhole(bytes: Uint8Array, at: number, value: number): number {
  if (value < EIGHT_DIGITS) return putDigits(bytes, at, value | 0, digitCount(value | 0));
  const upper = Math.floor(value / EIGHT_DIGITS) | 0;
  const end = putDigits(bytes, at, upper, digitCount(upper));
  return putDigits(bytes, end, (value - upper * EIGHT_DIGITS) | 0, 8);
}

/** The last `count` digits, zeros in front among them. */
function putDigits(bytes: Uint8Array, at: number, value: number, count: number): number {
  const end = at + count;
  let place = end;
  let rest = value;
  while (place - at >= 2) {
    const upper = (rest / 100) | 0;
    const pair = (rest - upper * 100) << 1;
    place -= 2;
    bytes[place] = PAIRS[pair]!;
    bytes[place + 1] = PAIRS[pair + 1]!;
    rest = upper;
  }
  if (place > at) bytes[at] = ZERO + (rest % 10);
  return end;
}

/** Of an integer from 0 to 10^8. */
function digitCount(value: number): number {
  if (value < 1e4) return value < 100 ? (value < 10 ? 1 : 2) : value < 1e3 ? 3 : 4;
  if (value < 1e6) return value < 1e5 ? 5 : 6;
  return value < 1e7 ? 7 : value < 1e8 ? 8 : 9;
}

function putAscii(bytes: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
  return at + text.length;
}
