import { describe, expect, it } from 'vitest';
import { DEFAULT_PROBE, readyAfterUs } from '../../src/runtime/probe.ts';

const S = 1_000_000;
const probe = (parts: Partial<typeof DEFAULT_PROBE>) => ({ ...DEFAULT_PROBE, ...parts });

describe('a readiness probe (kubernetes.md 2.3)', () => {
  it('looks at once and then every 10 s', () => {
    expect(readyAfterUs(0, DEFAULT_PROBE)).toBe(0);
    expect(readyAfterUs(1, DEFAULT_PROBE)).toBe(10 * S);
    expect(readyAfterUs(10 * S, DEFAULT_PROBE)).toBe(10 * S);
    expect(readyAfterUs(23 * S, DEFAULT_PROBE)).toBe(30 * S);
  });

  it('does not count before its initial delay', () => {
    expect(readyAfterUs(0, probe({ initialDelayUs: 15 * S }))).toBe(20 * S);
  });

  it('wants as many successes in a row as its threshold', () => {
    expect(readyAfterUs(3 * S, probe({ periodUs: 5 * S, successThreshold: 3 }))).toBe(15 * S);
  });

  it('is no delay where there is none', () => {
    expect(readyAfterUs(7 * S, undefined)).toBe(7 * S);
  });
});
