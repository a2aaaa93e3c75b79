import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NANO_USD_PER_USD, US_PER_HOUR } from '../../src/base/units.ts';
import { coverHour, valueMicroUsd } from '../../src/cloud/commitments.ts';
import type { Commitments, TypeUse } from '../../src/cloud/commitments.ts';

const HOUR = US_PER_HOUR;
const usd = (amount: number) => Math.round(amount * NANO_USD_PER_USD);

const LARGE: TypeUse = {
  instanceType: 'm6i.large',
  family: 'm6i',
  nanoUsdPerHour: usd(0.096),
  timeUs: 4 * HOUR,
};
const C5: TypeUse = {
  instanceType: 'c5.xlarge',
  family: 'c5',
  nanoUsdPerHour: usd(0.17),
  timeUs: 2 * HOUR,
};

function covered(commitments: Partial<Commitments>, uses = [LARGE, C5], hourUs = HOUR) {
  const { reserved, plans } = coverHour({ reserved: [], plans: [], ...commitments }, uses, hourUs);
  return { reserved: reserved.map(valueMicroUsd), plans: plans.map(valueMicroUsd) };
}

describe('what was promised covers on-demand use of its hour', () => {
  it('a reserved instance covers a whole instance-hour of its type, however many there are', () => {
    const three = { instanceType: 'm6i.large', count: 3, nanoUsdPerHour: usd(0.06) };
    // 3 of 4 instance-hours: 3 x 0.096 = 0.288; of 9 promised only 4 are used: 0.384.
    expect(covered({ reserved: [three] }).reserved).toEqual([288_000]);
    expect(covered({ reserved: [{ ...three, count: 9 }] }).reserved).toEqual([384_000]);
    expect(covered({ reserved: [{ ...three, instanceType: 'm5.large' }] }).reserved).toEqual([0]);
  });

  it('a savings plan covers what its commitment buys at its rates', () => {
    // 0.14 USD an hour at 30 % off buys 0.14 / 0.7 = 0.20 USD of on-demand.
    const plan = { family: 'm6i', commitmentNanoUsdPerHour: usd(0.14), discountPercent: 30 };
    expect(covered({ plans: [plan] }).plans).toEqual([200_000]);
    // 1 USD buys more than the 0.384 of the family: the rest is lost.
    expect(covered({ plans: [{ ...plan, commitmentNanoUsdPerHour: usd(1) }] }).plans).toEqual([
      384_000,
    ]);
  });

  it('reserved instances come first, then plans of a family, then plans of all', () => {
    const reserved = [{ instanceType: 'm6i.large', count: 2, nanoUsdPerHour: usd(0.06) }];
    const all = { family: undefined, commitmentNanoUsdPerHour: usd(9), discountPercent: 50 };
    const own = { family: 'm6i', commitmentNanoUsdPerHour: usd(0.048), discountPercent: 50 };
    // 4 large: 2 reserved (0.192); the family's plan buys 0.048 / 0.5 = 0.096; the other takes 0.096 + 2 x 0.17.
    expect(covered({ reserved, plans: [all, own] })).toEqual({
      reserved: [192_000],
      plans: [436_000, 96_000],
    });
  });

  it('part of an hour promises a part', () => {
    const reserved = [{ instanceType: 'm6i.large', count: 4, nanoUsdPerHour: usd(0.06) }];
    const uses = [{ ...LARGE, timeUs: 4 * (HOUR / 2) }];
    expect(covered({ reserved }, uses, HOUR / 2).reserved).toEqual([192_000]);
  });

  it('never covers more than was used, nor more than was promised', () => {
    fc.assert(
      fc.property(
        fc.nat(5_000_000),
        fc.integer({ min: 0, max: 99 }),
        fc.nat(6),
        (microUsd, discountPercent, count) => {
          const commitmentNanoUsdPerHour = microUsd * 1_000;
          const result = coverHour(
            {
              reserved: [{ instanceType: 'm6i.large', count, nanoUsdPerHour: 1 }],
              plans: [{ family: undefined, commitmentNanoUsdPerHour, discountPercent }],
            },
            [LARGE, C5],
            HOUR,
          );
          const used = [LARGE, C5].reduce(
            (sum, { timeUs, nanoUsdPerHour }) => sum + BigInt(timeUs) * BigInt(nanoUsdPerHour),
            0n,
          );
          const [byReserved, byPlan] = [result.reserved[0]!, result.plans[0]!];
          expect(byReserved + byPlan <= used).toBe(true);
          const spent = (byPlan * BigInt(100 - discountPercent)) / 100n;
          expect(spent <= BigInt(commitmentNanoUsdPerHour) * BigInt(HOUR)).toBe(true);
        },
      ),
      { seed: 5, numRuns: 200 },
    );
  });
});
