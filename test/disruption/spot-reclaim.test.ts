import { describe, expect, it } from 'vitest';
import { AssumedParameters } from '../../src/cloud/assumptions.ts';
import { fargateSpotNoticeUs } from '../../src/disruption/spot-reclaim.ts';
import { fargateSpotHazardPerHour } from '../../src/cloud/spot.ts';
import { NEVER, US_PER_HOUR } from '../../src/base/units.ts';

const parameters = new AssumedParameters();

describe('Fargate Spot takes a task back', () => {
  it('at a time that depends on seed and ordinal alone, and moves with the start', () => {
    const notice = (ordinal: number, runningUs: number) =>
      fargateSpotNoticeUs(parameters, 42, ordinal, runningUs);
    expect(notice(3, 0)).toBe(notice(3, 0));
    expect(notice(3, US_PER_HOUR)).toBe(notice(3, 0) + US_PER_HOUR);
    expect(notice(4, 0)).not.toBe(notice(3, 0));
    expect(Number.isSafeInteger(notice(3, 0))).toBe(true);
  });

  it('at the hazard of its assumed monthly probability', () => {
    const tasks = 4000;
    let sumHours = 0;
    for (let ordinal = 0; ordinal < tasks; ordinal++) {
      sumHours += fargateSpotNoticeUs(parameters, 7, ordinal, 0) / US_PER_HOUR;
    }
    // The mean life is 1 / lambda; its standard error is 1 / sqrt(4000) = 1.6 % of it.
    const ratio = (sumHours / tasks) * fargateSpotHazardPerHour(parameters);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.05);
  });

  it('never at hazard 0', () => {
    const safe = new AssumedParameters({ 'spot.fargate-monthly-probability': 0 });
    expect(fargateSpotNoticeUs(safe, 42, 0, 0)).toBe(NEVER);
  });
});
