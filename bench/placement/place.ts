/**
 * What does it cost to choose a host? One release and one placement at 80 % fill, by the index, by a hand-tuned scan and by
 * objects, filter, map and sort.
 *
 * Prints     ns of processor time per release and placement, how many times as long the others take, and a hash of the
 *            hosts chosen: the engines must choose the same host for every task, as far as the slowest came.
 * Parts      every policy at 1,000 to 100,000 hosts, and some with 8 to 512 request templates. never-repeating.ts measures
 *            requests that never come again.
 * Processes  each policy runs in one of its own, so that no formula is compiled for several policies at once.
 * Run        npx tsx bench/placement/place.ts [--smoke] [--only POLICY] [--json]
 */

import { CONTESTANTS } from './contestants.ts';
import { race } from './race.ts';
import { raceTable } from './race-table.ts';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { spawnSync } from 'node:child_process';
import type { EngineName, Race } from './race.ts';
import type { LoadSize } from './load.ts';

interface Heat {
  readonly size: LoadSize;
  readonly engines: readonly EngineName[];
  readonly budgetMs: number;
}

const ALL: readonly EngineName[] = ['naive', 'scan', 'index'];
const FAST: readonly EngineName[] = ['scan', 'index'];
const STEPS = 200_000;
const TEMPLATES = 32;

const SMOKE: readonly Heat[] = [
  { size: { hosts: 300, templates: 8, steps: 256 }, engines: ALL, budgetMs: 200 },
  { size: { hosts: 100, templates: 40, steps: 128 }, engines: ALL, budgetMs: 100 },
  {
    size: { hosts: 100, templates: 4, steps: 64, neverRepeating: true },
    engines: ALL,
    budgetMs: 100,
  },
];

const BY_HOSTS: readonly Heat[] = [1_000, 10_000, 100_000].map((hosts) => ({
  size: { hosts, templates: TEMPLATES, steps: STEPS },
  engines: ALL,
  budgetMs: hosts > 10_000 ? 2_000 : 1_000,
}));
const BY_TEMPLATES: readonly Heat[] = [8, 64, 128, 512].map((templates) => ({
  size: { hosts: 10_000, templates, steps: STEPS },
  engines: FAST,
  budgetMs: 1_000,
}));
/** The policies whose cost by templates is measured. */
const MEASURED_DEEPER = ['first-fit', 'least-allocated-balanced', 'best-fit'];

export function smokeRaces(): Race[] {
  return CONTESTANTS.flatMap((contestant) =>
    SMOKE.map(({ size, engines, budgetMs }) => race(contestant, size, engines, budgetMs)),
  );
}

function fullRaces(name: string): Race[] {
  const contestant = CONTESTANTS.find((one) => one.name === name)!;
  const deeper = MEASURED_DEEPER.includes(name) ? BY_TEMPLATES : [];
  return [...BY_HOSTS, ...deeper].map(({ size, engines, budgetMs }) =>
    race(contestant, size, engines, budgetMs),
  );
}

const RACES = '--races-of';

/** Runs the races of one policy in a process of its own. */
function racesInProcess(name: string): Race[] {
  const { stdout, status } = spawnSync(
    process.execPath,
    [...process.execArgv, fileURLToPath(import.meta.url), RACES, name],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 },
  );
  if (status !== 0) throw new Error(`the races of ${name} ended with code ${status}`);
  return JSON.parse(stdout) as Race[];
}

function main(args: readonly string[]): void {
  const ofPolicy = args.indexOf(RACES);
  if (ofPolicy >= 0) {
    process.stdout.write(JSON.stringify(fullRaces(args[ofPolicy + 1]!)));
    return;
  }
  const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : undefined;
  const names = CONTESTANTS.map(({ name }) => name).filter((name) => name === (only ?? name));
  const races = args.includes('--smoke') ? smokeRaces() : names.flatMap(racesInProcess);
  console.log(args.includes('--json') ? JSON.stringify(races) : raceTable(races));
  if (races.some(({ agree }) => !agree)) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
