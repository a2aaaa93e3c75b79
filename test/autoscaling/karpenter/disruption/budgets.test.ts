import { expect, it } from 'vitest';
import { allowedDisruptions } from '../../../../src/autoscaling/karpenter/disruption/budgets.ts';

const TEN_PERCENT = [{ nodes: { percent: 10 }, reasons: [] }];

it('a percentage of nodes is rounded up', () => {
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
