/**
 * What does it cost to choose a host when no two requests are alike, so that nothing can be remembered? One release and one
 * placement at 80 % fill, by the index and by a hand-tuned scan of typed columns.
 *
 * Prints     ns of processor time per release and placement, how many times as long the scan takes, and a hash of the hosts
 *            chosen: both must choose the same host for every task.
 * Policies   those that score all hosts, by trend and by bound, and first fit; at 1,000 to 100,000 hosts.
 * Processes  each policy runs in one of its own, so that no formula is compiled for several policies at once.
 * Run        npx tsx bench/placement/never-repeating.ts [--smoke] [--only POLICY] [--hosts N] [--json]
 */

import { spawnSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { alignedTable } from '../aligned-table.ts';
import { figureOf, printFigures } from '../runner/figure.ts';
import { UNLIKE_CONTESTANTS } from './never-repeating-contestants.ts';
import { race } from './race.ts';
import type { Aim, Figure } from '../runner/figure.ts';
import type { Contestant } from './contestants.ts';

const HOSTS = [1_000, 10_000, 100_000];
const STEPS = 20_000;
const TEMPLATES = 32;
const BUDGET_MS = 1_000;
/** From this number of hosts on a search has to be so many times as fast as a scan. */
const HOSTS_OF_AIM = 10_000;
const SCORED: Aim = { atLeast: 10 };
const UNSCORED: Aim = { atLeast: 1 };

const SMOKE = { hosts: 300, steps: 300, budgetMs: 60 };
const PART = '--figures-of';

function figure(contestant: Contestant, hosts: number, steps: number, budgetMs: number): Figure {
  const size = { hosts, templates: TEMPLATES, steps, neverRepeating: true };
  const { laps, agree } = race(contestant, size, ['scan', 'index'], budgetMs);
  const [scan, index] = laps;
  const aim = contestant.scan === 'first' ? UNSCORED : SCORED;
  return figureOf({
    name: `place ${contestant.name}`,
    workload: 'no two alike',
    size: `${hosts} hosts`,
    unit: 'ns',
    costs: [index!.ns],
    twin: 'scan',
    twinCosts: [scan!.ns],
    hash: index!.hash,
    agree,
    ...(hosts === HOSTS_OF_AIM ? { aim } : {}),
  });
}

export function smokeFigures(): Figure[] {
  return UNLIKE_CONTESTANTS.map((one) => figure(one, SMOKE.hosts, SMOKE.steps, SMOKE.budgetMs));
}

/** The figures of one policy, measured in a process of its own. */
function figuresInProcess(name: string, hosts: string): Figure[] {
  const { stdout, status } = spawnSync(
    process.execPath,
    [...process.execArgv, fileURLToPath(import.meta.url), PART, name, '--hosts', hosts],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  if (status !== 0) throw new Error(`the races of ${name} ended with code ${status}`);
  return JSON.parse(stdout) as Figure[];
}

function table(figures: readonly Figure[]): string {
  return alignedTable(
    ['policy', 'hosts', 'index ns', 'scan ns', 'scan/index', 'hash', 'hosts chosen'],
    figures.map(({ name, size, value, twinValue, ratio, hash, agree }) => [
      name.replace('place ', ''),
      size.replace(' hosts', ''),
      value.toFixed(0),
      twinValue.toFixed(0),
      ratio.toFixed(1),
      hash,
      agree ? 'same' : 'DIFFER',
    ]),
  );
}

function main(args: readonly string[]): void {
  const valueOf = (option: string): string | undefined => {
    const at = args.indexOf(option);
    return at < 0 ? undefined : args[at + 1];
  };
  const sizes = valueOf('--hosts') ?? HOSTS.join();
  const part = valueOf(PART);
  if (part !== undefined) {
    const one = UNLIKE_CONTESTANTS.find(({ name }) => name === part)!;
    const counts = sizes.split(',').map(Number);
    printFigures(counts.map((hosts) => figure(one, hosts, STEPS, BUDGET_MS)));
    return;
  }
  const only = valueOf('--only');
  const figures = args.includes('--smoke')
    ? smokeFigures()
    : UNLIKE_CONTESTANTS.filter(({ name }) => name === (only ?? name)).flatMap(({ name }) =>
        figuresInProcess(name, sizes),
      );
  if (args.includes('--json')) printFigures(figures);
  else console.log(table(figures));
  if (figures.some(({ agree }) => !agree)) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
