/** The races of the placement engines as figures: each other engine against the index, and the growth with hosts. */

import { figureOf, type Aim, type Figure } from '../runner/figure.ts';
import type { EngineName, Race } from './race.ts';

/** Of the largest cluster, against the smallest of the policy. */
const GROWTH_AIM: Aim = { atMost: 5 };
const OBJECTS_AIM: Aim = { atLeast: 100 };
const HOSTS_OF_OBJECTS_AIM = 10_000;

export function placementFigures(races: readonly Race[]): Figure[] {
  return races.flatMap((race) => [
    ...race.laps
      .filter(({ engine }) => engine !== 'index')
      .map(({ engine, ns }) =>
        figureOf({
          ...labelsOf(race),
          twin: engine,
          costs: [nsOf(race, 'index')],
          twinCosts: [ns],
          ...(engine === 'naive' && race.hosts === HOSTS_OF_OBJECTS_AIM
            ? { aim: OBJECTS_AIM }
            : {}),
        }),
      ),
    ...growthOf(race, races),
  ]);
}

function growthOf(race: Race, races: readonly Race[]): Figure[] {
  const comparable = races.filter(
    (other) =>
      other.policy === race.policy &&
      other.templates === race.templates &&
      other.neverRepeating === race.neverRepeating,
  );
  const smallest = comparable[0]!;
  if (comparable.length === 1 || race !== comparable.at(-1)) return [];
  return [
    figureOf({
      ...labelsOf(race),
      twin: `index, ${smallest.hosts} hosts`,
      costs: [nsOf(race, 'index')],
      twinCosts: [nsOf(smallest, 'index')],
      isGrowth: true,
      aim: GROWTH_AIM,
    }),
  ];
}

function labelsOf(race: Race) {
  return {
    name: `place ${race.policy}`,
    workload: race.neverRepeating === true ? 'no two alike' : `${race.templates} templates`,
    size: `${race.hosts} hosts`,
    unit: 'ns',
    hash: race.laps.find(({ engine }) => engine === 'index')!.hash,
    agree: race.agree,
  };
}

function nsOf({ laps }: Race, name: EngineName): number {
  return laps.find(({ engine }) => engine === name)!.ns;
}
