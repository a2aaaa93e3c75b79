/**
 * Integers printed as decimals of a larger unit, exactly: 1234567 micro-USD is `1.234567` USD. No division takes part,
 * so no digit is ever rounded, and the text reads back to the same integer. Trailing zeros are trimmed: 2500000 µs is `2.5` s.
 */

import { assert } from './assert.ts';

/** `value` / 10^digits as decimal text, shortest form. */
export function scaledInteger(value: number, digits: number): string {
  assert(
    Number.isSafeInteger(value),
    () => `a scaled quantity must be an exact integer, it is ${value}`,
  );
  const sign = value < 0 ? '-' : '';
  const text = String(Math.abs(value)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const fraction = text.slice(text.length - digits).replace(/0+$/, '');
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`;
}

/** The integer that `scaledInteger` printed as `text`; null when the text is not such a decimal. */
export function parseScaledInteger(text: string, digits: number): number | null {
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (parts === null) return null;
  const [, sign = '', whole = '', fraction = ''] = parts;
  if (fraction.length > digits) return null;
  const value = Number(whole + fraction.padEnd(digits, '0'));
  if (!Number.isSafeInteger(value)) return null;
  return sign === '-' && value !== 0 ? -value : value;
}
