import { expect, it } from 'vitest';
import { RequestTable } from '../../src/placement/index/request-table.ts';

const LIMIT = 2;

function numberOf(table: RequestTable, spec: number, workload = 0): number | undefined {
  return table.find({ spec, workload }, LIMIT, 1)?.number;
}

it('a request is remembered from its second use on', () => {
  const table = new RequestTable(false);
  expect([numberOf(table, 7), numberOf(table, 7), numberOf(table, 7)]).toEqual([undefined, 0, 0]);
});

it('a second use too long after the first counts as a first', () => {
  const table = new RequestTable(false);
  numberOf(table, 7);
  // At most 4 x 2 uses ago: nine others are too many.
  for (let spec = 100; spec < 109; spec++) numberOf(table, spec);
  expect(numberOf(table, 7)).toBeUndefined();
  expect(numberOf(table, 7)).toBe(0);
});

it('the number that was not used for longest goes to the next, and comes with another object', () => {
  const table = new RequestTable(false);
  for (const spec of [1, 1, 2, 2, 1]) numberOf(table, spec);
  const before = table.find({ spec: 2, workload: 0 }, LIMIT, 1);
  numberOf(table, 1);
  numberOf(table, 3);
  expect(numberOf(table, 3)).toBe(1);
  expect(table.find({ spec: 3, workload: 0 }, LIMIT, 1)).not.toBe(before);
  expect(numberOf(table, 1)).toBe(0);
  // 2 was used lately, so it is remembered at once again, in place of 3, used before 1.
  expect(numberOf(table, 2)).toBe(1);
  expect(numberOf(table, 3)).toBe(0);
});

it('requests of several workloads are one request, unless told apart', () => {
  const together = new RequestTable(false);
  numberOf(together, 7, 0);
  expect(numberOf(together, 7, 1)).toBe(0);
  const apart = new RequestTable(true);
  numberOf(apart, 7, 0);
  expect(numberOf(apart, 7, 1)).toBeUndefined();
});

it('those who wait get their numbers together, when they have been asked for often enough', () => {
  const table = new RequestTable(false);
  const ask = (spec: number): number | undefined => table.find({ spec, workload: 0 }, 8, 4)?.number;
  // First uses do not count; then 7, 7, 8 and 9 are asked for again.
  const asked = [7, 8, 9, 7, 7, 8].map(ask);
  expect(asked).toEqual([undefined, undefined, undefined, undefined, undefined, undefined]);
  expect([ask(9), ask(7), ask(8)]).toEqual([2, 0, 1]);
  expect([table.at(1)?.spec, table.at(3)]).toEqual([8, undefined]);
});
