import { describe, expect, it } from 'vitest';
import { NEVER, US_PER_HOUR } from '../../src/base/units.ts';
import { AssumedParameters } from '../../src/cloud/assumptions.ts';
import { findInstanceType } from '../../src/cloud/catalogue.ts';
import {
  fargateSpotHazardPerHour,
  hazardPerHour,
  spotHazardPerHour,
  spotReclaimAfterUs,
} from '../../src/cloud/spot.ts';

describe('the hazard of a spot instance', () => {
  it('is 3.5e-5 an hour in band 0 and 4.0e-4 in band 4 (aws.md 10.6)', () => {
    const parameters = new AssumedParameters();
    const hazard = (name: string): number =>
      spotHazardPerHour(findInstanceType(name)!, 'us-east-1', parameters);
    expect(hazard('t3.micro')).toBeCloseTo(3.5e-5, 6);
    expect(hazard('m5.xlarge')).toBeCloseTo(4.0e-4, 6);
    expect(parameters.used()).toEqual([
      'spot.band-0-monthly-probability',
      'spot.band-4-monthly-probability',
    ]);
  });

  it('falls back to a named assumption where no band is published', () => {
    const parameters = new AssumedParameters();
    const hazard = spotHazardPerHour(findInstanceType('m5.large')!, 'us-gov-west-1', parameters);
    expect(hazard).toBe(hazardPerHour(0.125));
    expect(parameters.used()).toEqual(['spot.unknown-band-monthly-probability']);
  });

  it('is 0 at probability 0 and without end at probability 1', () => {
    expect(hazardPerHour(0)).toBe(0);
    expect(hazardPerHour(1)).toBe(Infinity);
    const calm = new AssumedParameters({ 'spot.fargate-monthly-probability': 0 });
    expect(fargateSpotHazardPerHour(calm)).toBe(0);
  });
});

describe('the time until a reclaim', () => {
  it('never comes at hazard 0, and at once when certain', () => {
    expect(spotReclaimAfterUs(0, 'seed', 1)).toBe(NEVER);
    expect(spotReclaimAfterUs(Infinity, 'seed', 1)).toBe(0);
  });

  it('is exponential: mean 1/lambda, and a share p reclaimed within 30 days', () => {
    const lambda = hazardPerHour(0.25);
    const hours = Array.from(
      { length: 10_000 },
      (_, i) => spotReclaimAfterUs(lambda, 42, i) / US_PER_HOUR,
    );
    const mean = hours.reduce((a, b) => a + b, 0) / hours.length;
    // standard error 1 %, of the share 0.43 %: four of each
    expect(Math.abs(mean * lambda - 1)).toBeLessThan(0.04);
    const within = hours.filter((h) => h <= 720).length / hours.length;
    expect(Math.abs(within - 0.25)).toBeLessThan(0.0173);
  });
});
