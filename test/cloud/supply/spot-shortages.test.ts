import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NEVER, US_PER_HOUR } from '../../../src/base/units.ts';
import { SpotShortages } from '../../../src/cloud/supply/spot-shortages.ts';
import { hazardPerHour } from '../../../src/cloud/spot.ts';

const HOUR = US_PER_HOUR;
const MACHINES = Array.from({ length: 200 }, (_, i) => `group/${i}`);

function shortagesOf(hazard: number, share = 0.6, pool = 'us-east-1a/m5.large', seed = 1) {
  return new SpotShortages({ hazardPerHour: hazard, share, lengthUs: HOUR / 2 }, seed, pool);
}

describe('shortages of a spot pool (aws.md 2.2)', () => {
  it('aws.md 10.6: band 0 is a hazard of 3.5e-5 an hour, band 4 one of 4.0e-4', () => {
    // -ln(1 - 0.025) / 720 = 3.516e-5; -ln(1 - 0.25) / 720 = 3.996e-4
    expect(hazardPerHour(0.025)).toBeCloseTo(3.5e-5, 6);
    expect(hazardPerHour(0.25)).toBeCloseTo(4.0e-4, 5);
  });

  it('take machines of one pool together: they share the instants at which they go', () => {
    const shortages = shortagesOf(0.01);
    const strikes = MACHINES.map((machine) => shortages.strikeUs(0, machine));
    const instants = new Set(strikes);
    // Each shortage takes 60 %: of 200 machines some 120, then 48, 19, 8, 3, ... so a handful of instants holds them all.
    expect(instants.size).toBeLessThan(15);
    const first = Math.min(...strikes);
    const together = strikes.filter((strike) => strike === first).length;
    expect(together).toBeGreaterThan(90);
    expect(together).toBeLessThan(150);
  });

  it('strike one machine at the hazard of its band, whatever the share', () => {
    for (const share of [0.3, 0.6, 1]) {
      let sumHours = 0;
      const pools = 3000;
      for (let pool = 0; pool < pools; pool++) {
        sumHours += shortagesOf(0.02, share, `pool-${pool}`).strikeUs(0, 'group/0') / HOUR;
      }
      // Mean life 1 / 0.02 = 50 h, standard error 50 / sqrt(3000) = 1.8 %.
      expect(Math.abs(sumHours / pools / 50 - 1)).toBeLessThan(0.06);
    }
  });

  it('keep the pool short for a while: nothing is launched from the strike on', () => {
    const shortages = shortagesOf(0.05);
    const strikeUs = shortages.strikeUs(0, 'group/1');
    expect(shortages.isShort(strikeUs - 1)).toBe(false);
    expect(shortages.isShort(strikeUs)).toBe(true);
    expect(shortages.isShort(strikeUs + 10 * HOUR)).toBe(false);
  });

  it('are the same in whatever order they are asked about', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(5_000), fc.nat(20)), { minLength: 1, maxLength: 20 }),
        (questions) => {
          const ask = (list: typeof questions) => {
            const shortages = shortagesOf(0.02);
            return list.map(([hour, machine]) =>
              shortages.strikeUs(hour * HOUR, MACHINES[machine]!),
            );
          };
          expect(ask([...questions].reverse()).reverse()).toEqual(ask(questions));
        },
      ),
      { seed: 11, numRuns: 50 },
    );
  });

  it('are those of the pool: another zone has others', () => {
    const strike = (pool: string, seed = 1) =>
      shortagesOf(0.02, 0.6, pool, seed).strikeUs(0, 'g/0');
    expect(strike('us-east-1a/m5.large')).not.toBe(strike('us-east-1b/m5.large'));
    expect(strike('us-east-1a/m5.large')).not.toBe(strike('us-east-1a/m5.large', 2));
  });

  it('never come at hazard 0', () => {
    expect(shortagesOf(0).strikeUs(0, 'group/0')).toBe(NEVER);
    expect(shortagesOf(0).isShort(HOUR)).toBe(false);
  });
});
