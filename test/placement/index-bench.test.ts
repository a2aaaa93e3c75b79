import { expect, it } from 'vitest';
import { CONTESTANTS } from '../../bench/placement/contestants.ts';
import { raceTable } from '../../bench/placement/race-table.ts';
import { smokeRaces } from '../../bench/placement/place.ts';

it('the placement benchmark: index, scan and objects choose the same host for every task, under every policy', () => {
  const races = smokeRaces();
  expect(new Set(races.map(({ policy }) => policy)).size).toBe(CONTESTANTS.length);
  expect(races.filter(({ agree }) => !agree).map(({ policy }) => policy)).toEqual([]);
  for (const { laps } of races) {
    for (const { steps } of laps) expect(steps).toBeGreaterThanOrEqual(4);
  }
  const lines = raceTable(races).split('\n');
  expect(lines).toHaveLength(1 + races.length);
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
});
