/**
 * What does a placement by kube-scheduler's default profile cost? One release and one placement at 80 % fill: 32 Deployments,
 * resources, balance and soft topology spread scored, on the sampled window of nodes and on every node.
 *
 * Against    the same cycle node by node on the engine's columns, and as objects with plugins and the same sampling.
 * Prints     ns of processor time per release and placement, how many times as long the others take, and a hash of the
 *            nodes chosen: all must choose the same node for every pod, as far as the slowest came.
 * Run        npx tsx bench/placement/default-profile.ts [--smoke] [--json]
 */

import { alignedTable } from '../aligned-table.ts';
import { figureOf, printFigures } from '../runner/figure.ts';
import { median } from '../runner/middle.ts';
import { pathToFileURL } from 'node:url';
import { race } from './default-profile-race.ts';
import type { Figure } from '../runner/figure.ts';
import type { Heat, ProfileRace } from './default-profile-race.ts';

const DEPLOYMENTS = 32;
const ADAPTIVE = 0;
const EVERY_NODE = 100;

const FULL: readonly Heat[] = [
  ...[1_000, 5_000, 10_000].map((hosts) => heatOf(hosts, ADAPTIVE, 400_000)),
  ...[1_000, 10_000].map((hosts) => heatOf(hosts, EVERY_NODE, 400_000)),
];
const SMOKE: readonly Heat[] = [
  heatOf(90, ADAPTIVE, 40_000),
  heatOf(400, ADAPTIVE, 40_000),
  heatOf(300, EVERY_NODE, 40_000),
];

function heatOf(hosts: number, percentage: number, steps: number): Heat {
  return { hosts, percentage, templates: DEPLOYMENTS, steps };
}

export function smokeRaces(): ProfileRace[] {
  return SMOKE.map((heat) => race(heat, 2, 20));
}

export function raceTable(races: readonly ProfileRace[]): string {
  return alignedTable(
    [
      'hosts',
      'scored',
      'index ns',
      'loop ns',
      'objects ns',
      'loop/index',
      'objects/index',
      'steps',
      'hash',
      'nodes chosen',
    ],
    races.map(({ hosts, percentage, ns, steps, hash, agree }) => [
      `${hosts}`,
      percentage === ADAPTIVE ? 'a sample' : 'every node',
      median(ns.index).toFixed(0),
      median(ns.loop).toFixed(0),
      median(ns.objects).toFixed(0),
      median(ratios(ns.loop, ns.index)).toFixed(1),
      median(ratios(ns.objects, ns.index)).toFixed(1),
      `${steps}`,
      hash.toString(16).padStart(8, '0'),
      agree ? 'same' : 'DIFFER',
    ]),
  );
}

function ratios(costs: readonly number[], of: readonly number[]): number[] {
  return costs.map((cost, round) => cost / of[round]!);
}

function figuresOf(races: readonly ProfileRace[]): Figure[] {
  return races.flatMap(({ hosts, percentage, ns, hash, agree }) =>
    (['loop', 'objects'] as const).map((twin) =>
      figureOf({
        name: 'place default-profile',
        workload: percentage === ADAPTIVE ? 'a sample scored' : 'every node scored',
        size: `${hosts} hosts`,
        unit: 'ns',
        twin,
        costs: ns.index,
        twinCosts: ns[twin],
        hash,
        agree,
      }),
    ),
  );
}

function main(args: readonly string[]): void {
  const races = args.includes('--smoke') ? smokeRaces() : FULL.map((heat) => race(heat, 7, 200));
  if (args.includes('--json')) printFigures(figuresOf(races));
  else console.log(raceTable(races));
  if (races.some(({ agree }) => !agree)) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
