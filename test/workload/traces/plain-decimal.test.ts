import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainDecimal } from '../../../src/workload/traces/plain-decimal.ts';

it('reads digits with or without a point to the double that Number reads', () => {
  const digits = fc.stringMatching(/^[0-9]{0,9}$/);
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{1,9}$/), digits, fc.boolean(), (whole, part, point) => {
      const text = point ? `${whole}.${part}` : `${whole}${part}`;
      const value = plainDecimal(`a,${text},b`, 2, 2 + text.length);
      const isExact = whole.length + part.length <= 15;
      expect(value).toBe(isExact ? Number(text) : NaN);
    }),
    { numRuns: 5_000, seed: 7 },
  );
});

it.each(['', '.', '.5', '-1', '+1', '1e3', '0x10', '1..2', '1.2.3', ' 1', 'x', '1234567890123456'])(
  'leaves "%s" to the slower reading',
  (text) => {
    expect(plainDecimal(text, 0, text.length)).toBeNaN();
  },
);
