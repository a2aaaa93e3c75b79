import { expect, it } from 'vitest';
import { figuresOf, smokeRace } from '../../bench/simulation/mmc.ts';

it('every customer of M/M/100 waits as long by kernel, engine and objects, and by SimPy where it is', () => {
  const race = smokeRace();
  expect([...race.runs.keys()].slice(0, 3)).toEqual(['kernel', 'engine', 'objects']);
  const [first, ...others] = [...race.runs.values()].flat().map(({ waitMeanUs }) => waitMeanUs);
  expect(first).toBeGreaterThan(0);
  for (const waitMeanUs of others) expect(waitMeanUs).toBe(first);
  expect(figuresOf(race).every(({ agree }) => agree)).toBe(true);
});
