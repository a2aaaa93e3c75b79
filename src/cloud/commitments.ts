/**
 * Reserved instances and savings plans: what is promised is paid for every hour, whether it is used or not, and covers on-demand
 * use of that hour.
 *
 *   reserved instance   so many instances of one type, in any zone of the region; each covers a whole instance-hour
 *   savings plan        so many USD an hour, spent at the plan's rates: on-demand x (1 - discount); of one family, or of all
 *
 * Order       reserved instances, then plans of a family, then plans of all, each as listed; an hour of use is covered once.
 * Hours       clock hours of the run; a part of an hour promises that part.
 * Exact       on-demand use in nano-USD x microseconds by BigInt, one rounding a line, to micro-USD.
 * Departs     plans for all cover EC2 alone here, where real ones cover Fargate and Lambda too; one discount a plan, where real rates
 *             differ by type; reserved instances have no size flexibility.
 * Source      the terms of AWS savings plans and regional reserved instances; discounts are the user's, since no list is kept here.
 */

import { US_PER_HOUR } from '../base/units.ts';

export interface ReservedInstances {
  readonly instanceType: string;
  readonly count: number;
  /** What each costs an hour, upfront payments spread. */
  readonly nanoUsdPerHour: number;
}

export interface SavingsPlan {
  /** Undefined for a plan of all families. */
  readonly family: string | undefined;
  readonly commitmentNanoUsdPerHour: number;
  /** Per cent off on-demand, whole. */
  readonly discountPercent: number;
}

export interface Commitments {
  readonly reserved: readonly ReservedInstances[];
  readonly plans: readonly SavingsPlan[];
}

/** On-demand use of one instance type in one hour of the run. */
export interface TypeUse {
  readonly instanceType: string;
  readonly family: string;
  readonly nanoUsdPerHour: number;
  /** Instance-time. */
  readonly timeUs: number;
}

/** What one hour's promises take off the bill: micro-USD x 10^3 x 3.6 x 10^9, that is nano-USD x microseconds. */
export interface Covered {
  readonly reserved: readonly bigint[];
  readonly plans: readonly bigint[];
}

/** The use of an hour of `hourUs` (less than one at the ends of a run) that each promise covers. */
export function coverHour(
  { reserved, plans }: Commitments,
  uses: readonly TypeUse[],
  hourUs: number,
): Covered {
  const left = uses.map(({ timeUs }) => BigInt(timeUs));
  const price = uses.map(({ nanoUsdPerHour }) => BigInt(nanoUsdPerHour));
  const byReserved = reserved.map(({ instanceType, count }) => {
    const index = uses.findIndex((use) => use.instanceType === instanceType);
    if (index < 0) return 0n;
    const taken = least(left[index]!, BigInt(count) * BigInt(hourUs));
    left[index]! -= taken;
    return taken * price[index]!;
  });
  const ordered = [...plans.entries()].sort(
    ([i, a], [j, b]) => Number(a.family === undefined) - Number(b.family === undefined) || i - j,
  );
  const byPlan = plans.map(() => 0n);
  for (const [plan, { family, commitmentNanoUsdPerHour, discountPercent }] of ordered) {
    const rate = BigInt(100 - discountPercent);
    // What the commitment buys, as on-demand: commitment / (1 - discount).
    let worth = (BigInt(commitmentNanoUsdPerHour) * BigInt(hourUs) * 100n) / rate;
    for (const [index, use] of uses.entries()) {
      if (family !== undefined && use.family !== family) continue;
      const value = least(left[index]! * price[index]!, worth);
      worth -= value;
      byPlan[plan]! += value;
      // Time that is left: what is covered in part counts by its value.
      left[index]! -= (value + price[index]! - 1n) / price[index]!;
    }
  }
  return { reserved: byReserved, plans: byPlan };
}

/** Nano-USD x microseconds (of a price an hour) as micro-USD, half up. */
export function valueMicroUsd(nanoUsdUs: bigint): number {
  const below = BigInt(US_PER_HOUR) * 1_000n;
  return Number((2n * nanoUsdUs + below) / (2n * below));
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
