/** The races of the placement engines as figures: each other engine against the index, and the growth with hosts. */

import { figureOf, type Aim, type Figure } from '../runner/figure.ts';
import type { EngineName, Race } from './race.ts';

/** Of the largest cluster, against the smallest of the policy. Rejection sampling waits for the memory of each host it draws. */
const GROWTH_AIM: Aim = { atMost: 4 };
const WITHOUT_GROWTH_AIM = 'random';

interface Ratios {
  readonly naive?: number;
  readonly scan?: number;
}

/** How many times as much the others should cost at least, with 32 templates: by hosts, then policy. */
const AIMS: Readonly<Record<number, Readonly<Record<string, Ratios>>>> = {
  10_000: {
    'first-fit': { naive: 100, scan: 5 },
    'least-allocated-balanced': { naive: 300, scan: 40 },
    'best-fit': { naive: 150 },
    'worst-fit': { naive: 150 },
    'binpack-cpu': { naive: 150 },
    'binpack-memory': { naive: 150 },
    spread: { naive: 80 },
    'own-policy': { naive: 50 },
  },
  100_000: { 'least-allocated-balanced': { naive: 2_000 } },
};
const TEMPLATES_OF_AIMS = 32;

function aimOf({ hosts, templates, policy, neverRepeating }: Race, engine: EngineName) {
  const ratios = AIMS[hosts]?.[policy];
  const isAimed = templates === TEMPLATES_OF_AIMS && neverRepeating !== true && engine !== 'index';
  const atLeast = isAimed ? ratios?.[engine] : undefined;
  return atLeast === undefined ? {} : { aim: { atLeast } };
}

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
          ...aimOf(race, engine),
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
      ...(race.policy === WITHOUT_GROWTH_AIM ? {} : { aim: GROWTH_AIM }),
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
