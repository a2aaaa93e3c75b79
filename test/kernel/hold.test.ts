import { expect, it } from 'vitest';
import { SMOKE_SIZES, holdTable, runHolds } from '../../bench/kernel/hold.ts';

it('the hold benchmark pops the same events from the calendar and its twin, in every distribution', () => {
  const results = runHolds(SMOKE_SIZES);
  // 4 distributions x 2 sizes
  expect(results).toHaveLength(8);
  for (const { calendarHash, twinHash } of results) expect(calendarHash).toBe(twinHash);
  expect(new Set(results.map((one) => one.calendarHash)).size).toBe(8);
});

it('the hold benchmark prints one aligned row a distribution and size', () => {
  const result = {
    distribution: 'exponential',
    pending: 1_000,
    holds: 10,
    calendarNs: 100.4,
    twinNs: 250,
    calendarHash: 0xab,
    twinHash: 0xab,
  };
  // 250 / 100.4 = 2.49
  expect(holdTable([result]).split('\n')).toEqual([
    'increments   pending  ns/hold  twin ns/hold  twin/calendar      hash  order',
    'exponential     1000      100           250           2.49  000000ab   same',
  ]);
});
