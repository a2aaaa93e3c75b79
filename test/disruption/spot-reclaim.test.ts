import { describe, expect, it } from 'vitest';
import { AssumedParameters } from '../../src/cloud/assumptions.ts';
import { ec2SpotReclaim, fargateSpotReclaim } from '../../src/disruption/spot-reclaim.ts';
import { findInstanceType } from '../../src/cloud/catalogue.ts';
import { spotHazardPerHour } from '../../src/cloud/spot.ts';

const parameters = new AssumedParameters();
const type = findInstanceType('m6i.2xlarge')!;
const pool = { type, region: 'us-east-1', zone: 'a' };
const HOUR = 3_600_000_000;

describe('a spot reclaim', () => {
  it('comes 2 minutes after its notice (aws.md 2.2, 4.3)', () => {
    for (const { noticeUs, reclaimUs } of [
      ec2SpotReclaim(pool, parameters, 42, 0, 1000),
      fargateSpotReclaim(parameters, 42, 0, 1000),
    ]) {
      expect(noticeUs).toBeGreaterThan(1000);
      expect(reclaimUs - noticeUs).toBe(120_000_000);
      expect(Number.isSafeInteger(noticeUs)).toBe(true);
    }
  });

  it('depends on seed, pool and ordinal alone, and moves with the start', () => {
    const notice = (changes: { zone?: string; ordinal?: number; runningUs?: number }): number => {
      const { zone = 'a', ordinal = 3, runningUs = 0 } = changes;
      return ec2SpotReclaim({ ...pool, zone }, parameters, 42, ordinal, runningUs).noticeUs;
    };
    expect(notice({})).toBe(notice({}));
    expect(notice({ runningUs: HOUR })).toBe(notice({}) + HOUR);
    expect(notice({ zone: 'b' })).not.toBe(notice({}));
    expect(notice({ ordinal: 4 })).not.toBe(notice({}));
  });

  it('strikes at the hazard of its pool (aws.md 2.2)', () => {
    const ratePerHour = spotHazardPerHour(type, 'us-east-1', parameters);
    const hosts = 4000;
    let sumHours = 0;
    for (let ordinal = 0; ordinal < hosts; ordinal++) {
      sumHours += ec2SpotReclaim(pool, parameters, 7, ordinal, 0).noticeUs / HOUR;
    }
    // The mean life is 1 / lambda; its standard error is 1 / sqrt(4000) = 1.6 % of it.
    expect(Math.abs((sumHours / hosts) * ratePerHour - 1)).toBeLessThan(0.05);
  });

  it('never comes at hazard 0', () => {
    const safe = new AssumedParameters({ 'spot.fargate-monthly-probability': 0 });
    expect(fargateSpotReclaim(safe, 42, 0, 0)).toEqual({ noticeUs: Infinity, reclaimUs: Infinity });
  });
});
