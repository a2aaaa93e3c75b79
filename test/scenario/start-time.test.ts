import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { US_PER_MS } from '../../src/base/units.ts';
import { parseStartTime } from '../../src/scenario/start-time.ts';

describe('the start of a run', () => {
  it('counts microseconds since 1970', () => {
    expect(parseStartTime('1970-01-01T00:00:00Z')).toBe(0);
    // 2026-01-05 is day 20,458: 20,458 x 86,400 s.
    expect(parseStartTime('2026-01-05T00:00:00Z')).toBe(20_458 * 86_400 * 1e6);
  });

  it('agrees with the platform for every second of 1970 to 2099', () => {
    const seconds = fc.integer({ min: 0, max: 4_102_444_799 });
    fc.assert(
      fc.property(seconds, (second) => {
        const text = new Date(second * 1_000).toISOString().replace('.000', '');
        expect(parseStartTime(text)).toBe(second * 1_000 * US_PER_MS);
      }),
      { seed: 7, numRuns: 2_000 },
    );
  });

  it.each([
    '2026-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01',
    '2026-01-01T00:00:00+02:00',
  ])('refuses %s', (text) => {
    expect(parseStartTime(text)).toBeUndefined();
  });
});
