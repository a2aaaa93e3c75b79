import { expect, it } from 'vitest';
import { raceTable, smokeRaces } from '../../bench/placement/default-profile.ts';

it('the benchmark of the default profile: index, loop and objects choose the same node for every pod', () => {
  const races = smokeRaces();
  expect(races.map(({ agree }) => agree)).toEqual([true, true, true]);
  for (const { steps } of races) expect(steps).toBeGreaterThan(16);
  const lines = raceTable(races).split('\n');
  expect(lines).toHaveLength(1 + races.length);
});
