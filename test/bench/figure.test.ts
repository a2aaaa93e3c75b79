import { expect, it } from 'vitest';
import { figureOf, type Measured } from '../../bench/runner/figure.ts';
import { median, middleOf } from '../../bench/runner/middle.ts';

const MEASURED: Measured = {
  name: 'hold',
  workload: 'exponential increments',
  size: '10 pending',
  unit: 'ns',
  costs: [10, 20, 10],
  twin: 'heap',
  twinCosts: [20, 100, 90],
  hash: 0xab,
  agree: true,
};

it('the median is the middle value, or the mean of the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([9, 1, 5, 6])).toBe(5.5);
});

it('the spread goes from the lowest to the highest, and from four values on leaves a quarter out at each end', () => {
  expect(middleOf([3, 1, 2])).toEqual([1, 3]);
  expect(middleOf([5, 1, 2, 9])).toEqual([2, 5]);
});

it('a ratio is how many times as much the twin costs, the median over the rounds', () => {
  const figure = figureOf(MEASURED);
  // 20 / 10 = 2, 100 / 20 = 5, 90 / 10 = 9
  expect(figure.ratio).toBe(5);
  expect(figure.spread).toEqual([2, 9]);
  expect(figure.rounds).toBe(3);
  expect([figure.value, figure.twinValue]).toEqual([10, 90]);
  expect(figure.hash).toBe('000000ab');
});

it('the ratio of a growth is how many times as much the larger size costs', () => {
  const figure = figureOf({ ...MEASURED, isGrowth: true, aim: { atMost: 2.5 } });
  // 10 / 20, 20 / 100, 10 / 90
  expect(figure.ratio).toBe(0.2);
  expect(figure.aim).toEqual({ atMost: 2.5 });
});
