import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseScaledInteger, scaledInteger } from '../../src/base/decimal.ts';

describe('a scaled integer', () => {
  it('prints every digit and trims trailing zeros', () => {
    expect(scaledInteger(1_234_567, 6)).toBe('1.234567');
    expect(scaledInteger(2_500_000, 6)).toBe('2.5');
    expect(scaledInteger(3_000_000, 6)).toBe('3');
    expect(scaledInteger(1, 9)).toBe('0.000000001');
    expect(scaledInteger(0, 6)).toBe('0');
    expect(scaledInteger(-0, 6)).toBe('0');
    expect(scaledInteger(-1_500_000, 6)).toBe('-1.5');
    expect(scaledInteger(Number.MAX_SAFE_INTEGER, 6)).toBe('9007199254.740991');
  });

  it('refuses what is not an exact integer', () => {
    expect(() => scaledInteger(0.5, 6)).toThrow('must be an exact integer, it is 0.5');
    expect(() => scaledInteger(Infinity, 6)).toThrow('exact integer');
  });

  it('reads back to the same integer', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 9 }), (value, digits) => {
        expect(parseScaledInteger(scaledInteger(value, digits), digits)).toBe(
          value === 0 ? 0 : value,
        );
      }),
      { numRuns: 1000, seed: 7 },
    );
  });

  it('is null for text that is no such decimal', () => {
    for (const text of ['', '1.', '.5', '1e3', '1.2345678', '1 2', '99999999999999999']) {
      expect(parseScaledInteger(text, 6)).toBeNull();
    }
  });
});
