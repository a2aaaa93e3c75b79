/**
 * How fast is the whole loop: tasks arrive, are placed, start, end and free their room, on the way that `berth run` takes
 * (scenario text, assembly, run, tables), with metrics, digest, auditors and cost on. Rows of tasks go to a sink that
 * drops them; reading and writing files is left out.
 *
 * Prints     processor and wall time of the run, tasks and digest folds (`events`) a second of processor time, peak memory
 *            of the process, fill, digest. The digest must not change when the program gets faster.
 * Processes  each size runs in one of its own, so that memory and compiled code are its own.
 * Run        npx tsx bench/simulation/loop.ts [--hosts N] [--tasks N] [--policy first-fit|least-allocated-balanced] [--smoke]
 */

import { alignedTable } from '../aligned-table.ts';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { knownPolicies } from '../../src/scenario/registry.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { loopModel, loopScenario } from './loop-scenario.ts';
import { parseArgs } from 'node:util';
import { runCell } from '../../src/experiment/run-cell.ts';
import { spawnSync } from 'node:child_process';
import type { LoopPolicy, LoopSize } from './loop-scenario.ts';
import type { SummaryRow, TaskRow } from '../../src/metrics/rows.ts';

export interface Loop {
  readonly size: LoopSize;
  readonly wallMs: number;
  /** User and system, the collector's threads among them. */
  readonly processorMs: number;
  readonly peakBytes: number;
  /** Highest share of the fleet's CPU and memory that was asked for at a sample. */
  readonly fill: number;
  readonly steps: number;
  readonly summary: SummaryRow;
}

const BYTES_PER_KIB = 1_024;
const BYTES_PER_MIB = 1_048_576;
const US_PER_MS = 1_000;
const MS_PER_S = 1_000;

/** `onRow` is given the rows of tasks, which go nowhere else. */
export function runLoop(size: LoopSize, onRow: (row: TaskRow) => void = () => {}): Loop {
  const text = loopScenario(size, loopModel(size));
  const { variants, seed } = loadScenario(text, 'loop.yaml', { knownPolicies: knownPolicies() });
  const startMs = performance.now();
  const startUsage = process.cpuUsage();
  const result = runCell(
    variants[0]!,
    seed,
    { traces: {}, hosts: {}, manifests: {}, nodePools: {} },
    { recordDecisions: false, policies: [], taskSink: { write: onRow } },
  );
  const { user, system } = process.cpuUsage(startUsage);
  const wallMs = performance.now() - startMs;
  return {
    size,
    wallMs,
    processorMs: (user + system) / US_PER_MS,
    peakBytes: process.resourceUsage().maxRSS * BYTES_PER_KIB,
    fill: result.timeseries.reduce((fill, sample) => {
      const cpu = sample.cpuRequestedMilli / sample.cpuAllocatableMilli;
      const memory = sample.memoryRequestedBytes / sample.memoryAllocatableBytes;
      return Math.max(fill, cpu, memory);
    }, 0),
    steps: result.stepCount,
    summary: result.summary,
  };
}

const SMOKE: readonly LoopSize[] = [
  { hosts: 100, tasks: 2_000, policy: 'first-fit' },
  { hosts: 100, tasks: 2_000, policy: 'least-allocated-balanced' },
];
const FULL: readonly LoopSize[] = [
  { hosts: 10_000, tasks: 1_000_000, policy: 'first-fit' },
  { hosts: 10_000, tasks: 1_000_000, policy: 'least-allocated-balanced' },
];

export function smokeLoops(): Loop[] {
  return SMOKE.map((size) => runLoop(size));
}

function loopTable(loops: readonly Loop[]): string {
  const titles = [
    'policy',
    'hosts',
    'tasks',
    'wall s',
    'processor s',
    'tasks/s',
    'events/s',
    'peak MiB',
    'fill',
    'digest',
  ];
  return alignedTable(
    titles,
    loops.map(({ size, wallMs, processorMs, peakBytes, fill, summary }) => [
      size.policy,
      `${size.hosts}`,
      `${summary.tasksCompleted}`,
      (wallMs / MS_PER_S).toFixed(1),
      (processorMs / MS_PER_S).toFixed(1),
      `${Math.round((summary.tasksCompleted * MS_PER_S) / processorMs)}`,
      `${Math.round((summary.events * MS_PER_S) / processorMs)}`,
      `${Math.round(peakBytes / BYTES_PER_MIB)}`,
      `${Math.round(fill * 100)}%`,
      summary.digest,
    ]),
  );
}

const OF_SIZE = '--of-size';

export function loopInProcess(size: LoopSize, nodeOptions: readonly string[] = []): Loop {
  const { stdout, status } = spawnSync(
    process.execPath,
    [
      ...process.execArgv,
      ...nodeOptions,
      fileURLToPath(import.meta.url),
      OF_SIZE,
      JSON.stringify(size),
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  if (status !== 0) throw new Error(`the loop of ${JSON.stringify(size)} ended with ${status}`);
  return JSON.parse(stdout) as Loop;
}

/** One size when any of it is stated; else all. */
function sizesOf(args: { hosts?: string; tasks?: string; policy?: string }): readonly LoopSize[] {
  if (Object.keys(args).length === 0) return FULL;
  const { hosts = '10000', tasks = '100000', policy } = args;
  const policies = FULL.map((size) => size.policy).filter((one) => one === (policy ?? one));
  return policies.map((one: LoopPolicy) => ({ hosts: +hosts, tasks: +tasks, policy: one }));
}

function main(args: string[]): void {
  if (args[0] === OF_SIZE) {
    process.stdout.write(JSON.stringify(runLoop(JSON.parse(args[1]!) as LoopSize)));
    return;
  }
  const text = { type: 'string' } as const;
  const { smoke, ...size } = parseArgs({
    args,
    options: { hosts: text, tasks: text, policy: text, smoke: { type: 'boolean' } },
  }).values;
  console.log(
    loopTable(smoke === true ? smokeLoops() : sizesOf(size).map((one) => loopInProcess(one))),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
