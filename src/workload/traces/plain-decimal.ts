/**
 * Digits, with or without a point, read from where they stand in a text: most numbers of a trace, several times as fast
 * as cutting them out and asking `Number`, and to the same double. Up to 15 digits are an exact integer and the power of
 * ten is exact too, so their quotient is rounded once, as `Number` does.
 */

const DIGIT_ZERO = 48;
const POINT = 46;
const EXACT_DIGITS_MAX = 15;
const POWERS_OF_TEN = [
  1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/** The number at `text.slice(from, to)`; NaN for what is not so plain, such as a sign, an exponent or a 16th digit. */
export function plainDecimal(text: string, from: number, to: number): number {
  let value = 0;
  let pointAt = to;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    const digit = code - DIGIT_ZERO;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (code === POINT && pointAt === to && at > from) pointAt = at;
    else return NaN;
  }
  const isWhole = pointAt === to;
  const digits = isWhole ? to - from : to - from - 1;
  if (digits < 1 || digits > EXACT_DIGITS_MAX) return NaN;
  return isWhole ? value : value / POWERS_OF_TEN[to - pointAt - 1]!;
}
