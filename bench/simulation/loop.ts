/**
 * How fast is the whole loop: tasks arrive, are placed, start, end and free their room, with metrics, digest, auditors and
 * cost on (run-loop.ts), among the hosts and templates of the placement benchmark; and how many times as long takes the
 * same model in objects (object-twin-race.ts)?
 *
 * Prints     wall and processor time from assembly to the end of the run, processor time of the tables after it, tasks and
 *            digest folds (`events`) a second of processor time, peak memory of the process, highest fill, digest. The digest must not change when the program gets faster.
 * Processes  each size runs in one of its own, so that memory and compiled code are its own.
 * Run        npx tsx bench/simulation/loop.ts [--hosts N] [--tasks N] [--policy first-fit|least-allocated-balanced]
 *            [--smoke] [--json]; with a size stated, that alone and no twin
 */

import { alignedTable } from '../aligned-table.ts';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { figureOf, printFigures } from '../runner/figure.ts';
import { parseArgs } from 'node:util';
import { raceTwin, twinAgrees, twinFigure, twinTable } from './object-twin-race.ts';
import { runLoop } from './run-loop.ts';
import { spawnSync } from 'node:child_process';
import type { Figure } from '../runner/figure.ts';
import type { Loop } from './run-loop.ts';
import type { LoopPolicy, LoopSize } from './loop-scenario.ts';
import type { TwinRace, TwinSize } from './object-twin-race.ts';

const BYTES_PER_MIB = 1_048_576;
const MS_PER_S = 1_000;
const US_PER_MS = 1_000;

const POLICIES: readonly LoopPolicy[] = ['first-fit', 'least-allocated-balanced'];

interface Sizes {
  /** Smallest first: the last is judged against the others. */
  readonly loops: readonly Omit<LoopSize, 'policy'>[];
  readonly twins: readonly TwinSize[];
}

const SMOKE: Sizes = {
  loops: [
    { hosts: 50, tasks: 500 },
    { hosts: 100, tasks: 1_000 },
  ],
  twins: POLICIES.flatMap((policy) => [
    { hosts: 60, tasks: 1_500, policy, from: 0, decided: 1_500 },
    { hosts: 60, tasks: 1_500, policy, from: 1_000, decided: 200 },
  ]),
};
const FULL: Sizes = {
  loops: [
    { hosts: 1_000, tasks: 300_000 },
    { hosts: 10_000, tasks: 300_000 },
  ],
  twins: [
    // The twin chooses every host.
    ...POLICIES.map((policy) => ({ hosts: 500, tasks: 20_000, policy, from: 0, decided: 20_000 })),
    // The twin chooses in a window near the end.
    { hosts: 10_000, tasks: 600_000, policy: 'first-fit', from: 540_000, decided: 20_000 },
    {
      hosts: 10_000,
      tasks: 600_000,
      policy: 'least-allocated-balanced',
      from: 540_000,
      decided: 5_000,
    },
  ],
};

interface Results {
  readonly loops: readonly Loop[];
  readonly twins: readonly TwinRace[];
}

export function smokeResults(): Results {
  return resultsOf(SMOKE, runLoop, raceTwin);
}

function resultsOf(
  { loops, twins }: Sizes,
  run: (size: LoopSize) => Loop,
  race: (size: TwinSize) => TwinRace,
): Results {
  return {
    loops: POLICIES.flatMap((policy) => loops.map((size) => run({ ...size, policy }))),
    twins: twins.map((size) => race(size)),
  };
}

/** Of each policy: the loop against its twin, and the largest size against the smallest. */
function figuresOf({ loops, twins }: Results): Figure[] {
  const growths = POLICIES.map((policy) => {
    const ofPolicy = loops.filter(({ size }) => size.policy === policy);
    const [small, large] = [ofPolicy[0]!, ofPolicy.at(-1)!];
    return figureOf({
      name: 'whole loop, growth',
      workload: policy,
      size: sizeText(large),
      unit: 'us',
      costs: [usPerTask(large)],
      twin: sizeText(small),
      twinCosts: [usPerTask(small)],
      isGrowth: true,
      hash: large.summary.digest,
      agree: ofPolicy.every(({ size, summary }) => summary.tasksCompleted === size.tasks),
    });
  });
  return [...twins.map(twinFigure), ...growths];
}

function sizeText({ size: { hosts, tasks } }: Loop): string {
  return `${hosts} hosts, ${tasks} tasks`;
}

function usPerTask({ processorMs, size }: Loop): number {
  return (processorMs * US_PER_MS) / size.tasks;
}

function loopTable(loops: readonly Loop[]): string {
  const titles = [
    'policy',
    'hosts',
    'tasks',
    'wall s',
    'processor s',
    'tables s',
    'tasks/s',
    'events/s',
    'peak MiB',
    'fill',
    'digest',
  ];
  return alignedTable(
    titles,
    loops.map(({ size, wallMs, processorMs, tablesMs, peakBytes, fill, summary }) => [
      size.policy,
      `${size.hosts}`,
      `${summary.tasksCompleted}`,
      (wallMs / MS_PER_S).toFixed(1),
      (processorMs / MS_PER_S).toFixed(1),
      (tablesMs / MS_PER_S).toFixed(1),
      `${Math.round((summary.tasksCompleted * MS_PER_S) / processorMs)}`,
      `${Math.round((summary.events * MS_PER_S) / processorMs)}`,
      `${Math.round(peakBytes / BYTES_PER_MIB)}`,
      `${Math.round(fill * 100)}%`,
      summary.digest,
    ]),
  );
}

const OF_LOOP = '--of-loop';
const OF_TWIN = '--of-twin';

function inProcess(what: string, size: LoopSize, nodeOptions: readonly string[] = []): unknown {
  const self = fileURLToPath(import.meta.url);
  const { stdout, status } = spawnSync(
    process.execPath,
    [...process.execArgv, ...nodeOptions, self, what, JSON.stringify(size)],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  if (status !== 0) throw new Error(`the run of ${JSON.stringify(size)} ended with code ${status}`);
  return JSON.parse(stdout);
}

export function loopInProcess(size: LoopSize, nodeOptions: readonly string[] = []): Loop {
  return inProcess(OF_LOOP, size, nodeOptions) as Loop;
}

function main(args: string[]): void {
  if (args[0] === OF_LOOP || args[0] === OF_TWIN) {
    const size = JSON.parse(args[1]!) as TwinSize;
    process.stdout.write(JSON.stringify(args[0] === OF_LOOP ? runLoop(size) : raceTwin(size)));
    return;
  }
  const [text, flag] = [{ type: 'string' }, { type: 'boolean' }] as const;
  const options = { hosts: text, tasks: text, policy: text, smoke: flag, json: flag } as const;
  const { smoke = false, json = false, hosts, tasks, policy } = parseArgs({ args, options }).values;
  if (hosts !== undefined || tasks !== undefined || policy !== undefined) {
    const policies = POLICIES.filter((one) => one === (policy ?? one));
    const size = { hosts: Number(hosts ?? 10_000), tasks: Number(tasks ?? 100_000) };
    console.log(loopTable(policies.map((one) => loopInProcess({ ...size, policy: one }))));
    return;
  }
  const results = smoke
    ? smokeResults()
    : resultsOf(
        FULL,
        (size) => loopInProcess(size),
        (size) => inProcess(OF_TWIN, size) as TwinRace,
      );
  if (json) printFigures(figuresOf(results));
  else console.log(`${loopTable(results.loops)}\n\n${twinTable(results.twins)}`);
  if (!results.twins.every(twinAgrees)) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
