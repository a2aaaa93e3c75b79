/**
 * One solve of Karpenter's provisioning: so many waiting pods of fifty kinds, no node to fill, and all types of three categories
 * to choose from, on demand and spot in three zones.
 *
 * Aim        20,000 pods in under 2 s.
 * Twin       plain loops over claims and types (plain-solve.ts) on the same pods, as many as they can do in some seconds: both
 *            make the same claims of the same pods and types. Spreads are timed without a twin's answer to compare.
 * Real one   its own benchmark asks for 100 pods a second. That is another program on another machine: told beside.
 * Hash       of all claims.
 * Run        npx tsx bench/autoscaling/karpenter-solve.ts [--smoke] [--json]
 */

import { pathToFileURL } from 'node:url';
import { alignedTable } from '../aligned-table.ts';
import { figureOf, printFigures } from '../runner/figure.ts';
import { plainSolve, told } from './plain-solve.ts';
import { waitingPods } from './waiting-pods.ts';
import type { Figure } from '../runner/figure.ts';
import type { WaitingPods } from './waiting-pods.ts';

const ROUNDS = 5;
const FULL = { twin: 8_000, few: 2_000, many: 20_000 };
const SMOKE = { twin: 40, few: 100, many: 200 };
const GOAL_SECONDS = 2;

interface Solved {
  readonly seconds: number;
  readonly claims: readonly string[];
}

export interface Round {
  readonly pods: number;
  readonly types: number;
  readonly ours: Solved;
  readonly twin: Solved;
}

/** Both on the same pods. */
export function solveBoth(pods: number): Round {
  const scene = sceneOf(pods, false);
  const types = new Set(scene.provisioner.templates.flatMap((one) => one.types)).size / 2;
  return { pods, types, ours: timed(() => solve(scene)), twin: timed(() => plainSolve(scene)) };
}

function sceneOf(pods: number, spreads: boolean): WaitingPods {
  const scene = waitingPods(pods, spreads);
  // What is made once for a run: types, and their prices.
  void scene.provisioner.templates;
  return scene;
}

function solve({ provisioner, pods }: WaitingPods): string[] {
  const { claims } = provisioner.plan(pods, new Set());
  return claims.map((claim) =>
    told(
      claim.template,
      claim.pods.map(({ task }) => task),
      claim.types.map(({ name }) => name),
    ),
  );
}

function timed(run: () => string[]): Solved {
  const start = process.cpuUsage();
  const claims = run();
  const { user, system } = process.cpuUsage(start);
  return { seconds: (user + system) / 1e6, claims };
}

function hashOf(claims: readonly string[]): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(claims.join('\n'))) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

export function solveFigures(sizes: typeof FULL, rounds: number): Figure[] {
  const both = Array.from({ length: rounds }, () => solveBoth(sizes.twin));
  const [{ pods, types, ours }] = both as [Round];
  const raced = figureOf({
    name: 'solve',
    workload: `50 kinds of pods, ${types} types`,
    size: `${pods} pods`,
    unit: 's',
    costs: both.map((round) => round.ours.seconds),
    twin: 'plain loops over claims and types',
    twinCosts: both.map((round) => round.twin.seconds),
    hash: hashOf(ours.claims),
    agree: both.every((round) => round.ours.claims.join('\n') === round.twin.claims.join('\n')),
    ...(sizes === FULL ? { aim: { atLeast: 10 } } : {}),
  });
  return [raced, growth(sizes, rounds, false), growth(sizes, rounds, true)];
}

/** Time for many pods against time for few: what a pod costs should not grow. */
function growth({ few, many }: typeof FULL, rounds: number, spreads: boolean): Figure {
  const small = Array.from({ length: rounds }, () => {
    const scene = sceneOf(few, spreads);
    return timed(() => solve(scene));
  });
  const large = Array.from({ length: rounds }, () => {
    const scene = sceneOf(many, spreads);
    return timed(() => solve(scene));
  });
  return figureOf({
    name: 'solve',
    workload: spreads ? 'a fifth of the kinds over zones' : '50 kinds of pods',
    size: `${many} pods`,
    unit: 's',
    costs: large.map(({ seconds }) => seconds),
    twin: `itself, ${few} pods`,
    twinCosts: small.map(({ seconds }) => seconds),
    isGrowth: true,
    hash: hashOf(large[0]!.claims),
    agree: large.every(({ claims }) => claims.join('\n') === large[0]!.claims.join('\n')),
  });
}

function table(figures: readonly Figure[]): string {
  return alignedTable(
    ['pods', 'workload', 's', 'pods/s', 'against', 'ratio', `under ${GOAL_SECONDS} s`, ''],
    figures.map(({ size, workload, value, twin, ratio, agree }) => [
      size,
      workload,
      value.toFixed(3),
      Math.round(Number.parseInt(size, 10) / value).toString(),
      twin,
      ratio.toFixed(1),
      value < GOAL_SECONDS ? 'yes' : 'NO',
      agree ? 'same' : 'DIFFERS',
    ]),
  );
}

function main(args: readonly string[]): void {
  const isSmoke = args.includes('--smoke');
  const figures = solveFigures(isSmoke ? SMOKE : FULL, isSmoke ? 1 : ROUNDS);
  if (args.includes('--json')) printFigures(figures);
  else console.log(table(figures));
  if (figures.some(({ agree }) => !agree)) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
