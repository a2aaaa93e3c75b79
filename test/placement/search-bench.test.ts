import { expect, it } from 'vitest';
import { UNLIKE_CONTESTANTS } from '../../bench/placement/never-repeating-contestants.ts';
import { smokeFigures } from '../../bench/placement/never-repeating.ts';

it('the benchmark of requests that never repeat: index and scan choose the same host for every task', () => {
  const figures = smokeFigures();
  expect(figures).toHaveLength(UNLIKE_CONTESTANTS.length);
  expect(figures.filter(({ agree }) => !agree).map(({ name }) => name)).toEqual([]);
});
