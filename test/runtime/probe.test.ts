import { describe, expect, it } from 'vitest';
import { DEFAULT_PROBE, healthCourse, readyAfterUs } from '../../src/runtime/probe.ts';

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

describe('what probes find out in a run (kubernetes.md 2.3)', () => {
  const NEVER = Infinity;

  it('is nothing of containers that hang and have none', () => {
    expect(healthCourse(5 * S, 60 * S, {})).toEqual({
      readyUs: 5 * S,
      unreadyUs: NEVER,
      killUs: NEVER,
    });
  });

  it('is the third failure in a row, whose answer is waited for: 70, 80 and 90 s, and 1 s of timeout', () => {
    const probes = { readiness: DEFAULT_PROBE, liveness: probe({ failureThreshold: 2 }) };
    expect(healthCourse(0, 65 * S, probes)).toEqual({
      readyUs: 0,
      unreadyUs: 91 * S,
      killUs: 81 * S,
    });
  });

  it('is a container that takes longer to start than its liveness probe waits: 30, 40 and 50 s', () => {
    const liveness = probe({ initialDelayUs: 30 * S });
    expect(healthCourse(51 * S, NEVER, { liveness }).killUs).toBe(50 * S);
    expect(healthCourse(50 * S, NEVER, { liveness }).killUs).toBe(NEVER);
  });

  it('begins with the success of the startup probe, at which readiness looks at once', () => {
    const startup = probe({ periodUs: 4 * S, failureThreshold: 30 });
    const probes = { startup, liveness: DEFAULT_PROBE, readiness: DEFAULT_PROBE };
    // Looks of the startup probe: 0, 4 ... 104; the liveness probe alone would have killed at 20 s.
    expect(healthCourse(102 * S, NEVER, probes)).toEqual({
      readyUs: 104 * S,
      unreadyUs: NEVER,
      killUs: NEVER,
    });
    expect(healthCourse(102 * S, NEVER, { startup }).readyUs).toBe(104 * S);
  });

  it('is a start that takes longer than the startup probe waits: 0, 10 and 20 s', () => {
    const probes = { startup: DEFAULT_PROBE, readiness: DEFAULT_PROBE };
    expect(healthCourse(21 * S, NEVER, probes)).toEqual({
      readyUs: NEVER,
      unreadyUs: NEVER,
      killUs: 20 * S,
    });
  });

  it('is never ready when it hangs before the first success', () => {
    const { readyUs, killUs } = healthCourse(3 * S, 9 * S, {
      readiness: DEFAULT_PROBE,
      liveness: DEFAULT_PROBE,
    });
    // Liveness failures at 0 (not up), 10, 20, 30; believed from 10 on, as it answered in between only to nobody.
    expect([readyUs, killUs]).toEqual([NEVER, 31 * S]);
  });
});
