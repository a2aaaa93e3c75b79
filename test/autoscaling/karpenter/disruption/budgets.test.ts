import { expect, it } from 'vitest';
import { US_PER_DAY, US_PER_HOUR } from '../../../../src/base/units.ts';
import { allowedDisruptions } from '../../../../src/autoscaling/karpenter/disruption/budgets.ts';

const TEN_PERCENT = [{ nodes: { percent: 10 }, reasons: [] }];

it('pitfall 14.7: a percentage of nodes is rounded up', () => {
  // aws.md 10.1 (5): 10 % of 5 is 0.5, of 11 is 1.1.
  expect(allowedDisruptions(TEN_PERCENT, 'Empty', 5, 0)).toBe(1);
  expect(allowedDisruptions(TEN_PERCENT, 'Empty', 11, 0)).toBe(2);
});

it('nodes that leave already use the budget up', () => {
  expect(allowedDisruptions(TEN_PERCENT, 'Empty', 11, 1)).toBe(1);
  expect(allowedDisruptions(TEN_PERCENT, 'Empty', 11, 5)).toBe(0);
});

it('the tightest budget that names the reason counts', () => {
  const budgets = [
    { nodes: { percent: 100 }, reasons: [] },
    { nodes: { count: 2 }, reasons: ['Underutilized', 'Drifted'] as const },
  ];
  expect(allowedDisruptions(budgets, 'Empty', 10, 0)).toBe(10);
  expect(allowedDisruptions(budgets, 'Underutilized', 10, 0)).toBe(2);
});

it('without a budget for the reason everything may go', () => {
  expect(allowedDisruptions([], 'Empty', 10, 0)).toBe(Infinity);
});

it('a budget with a schedule holds from its times for its duration', () => {
  // aws.md 10.1 (6): weekdays 09:00 for 8 h. 1970-01-06 was a Tuesday.
  const window = { schedule: '0 9 * * 1-5', durationUs: 8 * US_PER_HOUR };
  const budgets = [{ nodes: { count: 0 }, reasons: [], window }];
  const allowedAt = (hour: number, day = 5) =>
    allowedDisruptions(budgets, 'Empty', 10, 0, day * US_PER_DAY + hour * US_PER_HOUR);
  expect(allowedAt(10)).toBe(0);
  expect(allowedAt(9)).toBe(0);
  // At 17:00 the next time after 09:00 is that of Wednesday.
  expect(allowedAt(17)).toBe(Infinity);
  expect(allowedAt(8)).toBe(Infinity);
  // A Saturday.
  expect(allowedAt(10, 9)).toBe(Infinity);
});
