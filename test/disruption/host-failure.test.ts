import { describe, expect, it } from 'vitest';
import { backAfterUs, failsAfterUs } from '../../src/disruption/host-failure.ts';
import { isZoneOut } from '../../src/disruption/zone-outage.ts';

const HOUR = 3_600_000_000;
const process = {
  afterUs: { kind: 'exponential', mean: 100 * HOUR },
  repairUs: { kind: 'constant', value: HOUR },
  outOfServiceUs: Infinity,
} as const;

describe('a machine of a pool', () => {
  const host = (ordinal: number, failures = 0) => ({ pool: 'base', ordinal, failures });

  it('fails at the same age in every variant, and at another after each failure', () => {
    expect(failsAfterUs(process, 1, host(3))).toBe(failsAfterUs(process, 1, host(3)));
    expect(failsAfterUs(process, 1, host(3))).not.toBe(failsAfterUs(process, 1, host(3, 1)));
    expect(failsAfterUs(process, 1, host(3))).not.toBe(failsAfterUs(process, 2, host(3)));
  });

  it('fails after the stated mean', () => {
    const ages = Array.from({ length: 4_000 }, (_, i) => failsAfterUs(process, 7, host(i)) / HOUR);
    const mean = ages.reduce((sum, age) => sum + age, 0) / ages.length;
    // Standard error 100 / sqrt(4000) = 1.6
    expect(Math.abs(mean - 100)).toBeLessThan(5);
  });

  it('is back after its repair, or never', () => {
    expect(backAfterUs(process, 1, host(0, 1))).toBe(HOUR);
    const { repairUs: _, ...gone } = process;
    expect(backAfterUs(gone, 1, host(0, 1))).toBe(Infinity);
  });
});

describe('a zone', () => {
  it('is out from the beginning of an outage to just before its end', () => {
    const outages = [{ zone: 1, fromUs: 10, untilUs: 20 }];
    expect([9, 10, 19, 20].map((nowUs) => isZoneOut(outages, 1, nowUs))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isZoneOut(outages, 0, 15)).toBe(false);
  });
});
