/**
 * M/M/100 at rho 0.9: the engine's kernel with a bare queue, and the whole engine, against SimPy and against objects.
 *
 * Prints     processor time of one customer (arrival, wait, departure), compiling among it, draws apart: medians of rounds
 *            in which each program runs once in a process of its own. The mean wait must be the same to the last digit.
 * Without    Python or SimPy those lines are left out, and a sentence on standard error says what was looked for.
 * Run        npx tsx bench/simulation/mmc.ts [--smoke] [--json]
 */

import { PROGRAMS } from './mmc-programs.ts';
import { RHO, SERVERS, drawCustomers, readDraws, writeDraws } from './mmc-draws.ts';
import { WITHOUT_SIMPY, findSimPy, runSimPy } from './simpy-runner.ts';
import { alignedTable } from '../aligned-table.ts';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { figureOf, printFigures } from '../runner/figure.ts';
import { join } from 'node:path';
import { median } from '../runner/middle.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import type { Figure } from '../runner/figure.ts';
import type { MmcRun } from './mmc-draws.ts';
import type { ProgramName } from './mmc-programs.ts';

interface Contestant {
  readonly name: string;
  readonly run: (drawsFile: string) => MmcRun;
}

export interface MmcRace {
  readonly customers: number;
  /** Of each contestant, one a round; the kernel first. */
  readonly runs: ReadonlyMap<string, readonly MmcRun[]>;
}

const CUSTOMERS = 1_000_000;
const ROUNDS = 3;
const SMOKE_CUSTOMERS = 10_000;
const SIMPY_AIM = 30;
const NAMES = Object.keys(PROGRAMS) as ProgramName[];

function runHere(name: ProgramName, drawsFile: string): MmcRun {
  const draws = readDraws(drawsFile);
  const start = process.cpuUsage();
  const waitMeanUs = PROGRAMS[name](draws);
  const { user, system } = process.cpuUsage(start);
  return { us: user + system, waitMeanUs };
}

const OF_PROGRAM = '--of-program';

function runInProcess(name: ProgramName, drawsFile: string): MmcRun {
  const self = fileURLToPath(import.meta.url);
  const { stdout, status } = spawnSync(
    process.execPath,
    [...process.execArgv, self, OF_PROGRAM, name, drawsFile],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  if (status !== 0) throw new Error(`${name} ended with code ${status}`);
  return JSON.parse(stdout) as MmcRun;
}

function raceOf(
  customers: number,
  rounds: number,
  run: (name: ProgramName, drawsFile: string) => MmcRun,
): MmcRace {
  const contestants: Contestant[] = NAMES.map((name) => ({
    name,
    run: (drawsFile) => run(name, drawsFile),
  }));
  const simPy = findSimPy();
  if (simPy === undefined) process.stderr.write(`${WITHOUT_SIMPY}\n`);
  else {
    const name = `SimPy ${simPy.version}`;
    contestants.push({ name, run: (drawsFile) => runSimPy(simPy, drawsFile) });
  }
  const folder = mkdtempSync(join(tmpdir(), 'berth-mmc-'));
  try {
    const drawsFile = join(folder, 'draws');
    writeDraws(drawsFile, drawCustomers(customers));
    const runs = new Map<string, MmcRun[]>(contestants.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const contestant of contestants) {
        runs.get(contestant.name)!.push(contestant.run(drawsFile));
      }
    }
    return { customers, runs };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function smokeRace(): MmcRace {
  return raceOf(SMOKE_CUSTOMERS, 1, runHere);
}

export function figuresOf({ customers, runs }: MmcRace): Figure[] {
  const costsOf = (name: string): number[] => runs.get(name)!.map(({ us }) => us / customers);
  const waits = [...runs.values()].flat().map(({ waitMeanUs }) => waitMeanUs);
  const twins = [...runs.keys()].filter((name) => name !== 'kernel' && name !== 'engine');
  return ['kernel', 'engine'].flatMap((name) =>
    twins.map((twin) =>
      figureOf({
        name: `M/M/${SERVERS} by the ${name}`,
        workload: `rho ${RHO}`,
        size: `${customers} customers`,
        unit: 'us',
        costs: costsOf(name),
        twin,
        twinCosts: costsOf(twin),
        hash: `mean wait ${waits[0]} us`,
        agree: new Set(waits).size === 1,
        ...(name === 'kernel' && twin.startsWith('SimPy') ? { aim: { atLeast: SIMPY_AIM } } : {}),
      }),
    ),
  );
}

function raceTable({ customers, runs }: MmcRace): string {
  const usOf = (name: string): number => median(runs.get(name)!.map(({ us }) => us)) / customers;
  return alignedTable(
    ['program', 'customers', 'us a customer', 'times the kernel', 'mean wait us'],
    [...runs].map(([name, ofRounds]) => [
      name,
      `${customers}`,
      usOf(name).toFixed(3),
      (usOf(name) / usOf('kernel')).toFixed(1),
      `${ofRounds[0]!.waitMeanUs}`,
    ]),
  );
}

function main(args: readonly string[]): void {
  if (args[0] === OF_PROGRAM) {
    process.stdout.write(JSON.stringify(runHere(args[1] as ProgramName, args[2]!)));
    return;
  }
  const race = args.includes('--smoke') ? smokeRace() : raceOf(CUSTOMERS, ROUNDS, runInProcess);
  const figures = figuresOf(race);
  if (args.includes('--json')) printFigures(figures);
  else console.log(raceTable(race));
  if (figures.some(({ agree }) => !agree)) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
