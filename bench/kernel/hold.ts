/**
 * What one pop and one push cost with so many events pending: the ladder calendar against a heap on typed arrays and a
 * heap of objects. The model is in hold-model.ts.
 *
 * Prints     medians of several rounds. Every calendar is filled and warmed up in a process of its own, so that a compiler
 *            warmed up on one does not judge another; then they take turns, so that a busy minute falls on all.
 * Aims       with 10^6 pending a heap of objects takes 20 times as long, and the ladder 2.5 times as long as with 10^3.
 * Run        npx tsx bench/kernel/hold.ts [--smoke] [--json]
 */

import { fork } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DISTRIBUTION_NAMES, ENGINES, HoldModel } from './hold-model.ts';
import { alignedTable } from '../aligned-table.ts';
import { figureOf, printFigures } from '../runner/figure.ts';
import { median } from '../runner/middle.ts';
import type { Distribution, Engine, HoldTime } from './hold-model.ts';
import type { Figure } from '../runner/figure.ts';

const LARGEST = 1_000_000;
const SMALLEST_TO_GROW = 1_000;
const OBJECTS_AIM = { atLeast: 20 };
const GROWTH_AIM = { atMost: 2.5 };

export interface HoldSize {
  readonly pending: readonly number[];
  readonly distributions: readonly Distribution[];
  readonly rounds: number;
  /** Of a round. */
  readonly holds: number;
  readonly warmUpHolds: number;
}

export interface HoldResult {
  readonly distribution: Distribution;
  readonly pending: number;
  /** One a round. */
  readonly times: Readonly<Record<Engine, readonly HoldTime[]>>;
}

const ROUNDS = { rounds: 4, holds: 250_000, warmUpHolds: 400_000 };
const FULL: readonly HoldSize[] = [
  { ...ROUNDS, distributions: ['exponential'], pending: [10, 100, 1_000, 100_000, LARGEST] },
  {
    ...ROUNDS,
    distributions: ['bimodal', 'heavy-tail', 'all-at-once'],
    pending: [SMALLEST_TO_GROW, LARGEST],
  },
];
export const SMOKE: readonly HoldSize[] = [
  {
    pending: [10, SMALLEST_TO_GROW],
    distributions: DISTRIBUTION_NAMES,
    rounds: 1,
    holds: 2_000,
    warmUpHolds: 0,
  },
];

/** One calendar, here or in another process. */
export interface Player {
  hold(holds: number): HoldTime | Promise<HoldTime>;
  close?(): void;
}

type Open = (engine: Engine, distribution: Distribution, pending: number) => Player;

const openHere: Open = (engine, distribution, pending) =>
  new HoldModel(engine, distribution, pending);

export async function runHolds(
  sizes: readonly HoldSize[],
  open: Open = openHere,
): Promise<HoldResult[]> {
  const results: HoldResult[] = [];
  for (const size of sizes) {
    for (const distribution of size.distributions) {
      for (const pending of size.pending) {
        results.push(await runHold(size, distribution, pending, open));
      }
    }
  }
  return results;
}

async function runHold(
  size: HoldSize,
  distribution: Distribution,
  pending: number,
  open: Open,
): Promise<HoldResult> {
  const times: Record<Engine, HoldTime[]> = { ladder: [], heap: [], objects: [] };
  const players = ENGINES.map((engine) => ({
    engine,
    player: open(engine, distribution, pending),
  }));
  if (size.warmUpHolds > 0) {
    for (const { player } of players) await player.hold(size.warmUpHolds);
  }
  for (let round = 0; round < size.rounds; round++) {
    for (const { engine, player } of players) times[engine].push(await player.hold(size.holds));
  }
  for (const { player } of players) player.close?.();
  return { distribution, pending, times };
}

const HOLD_HERE = '--hold';

const openProcess: Open = (engine, distribution, pending) => {
  const child = fork(fileURLToPath(import.meta.url), [
    HOLD_HERE,
    JSON.stringify([engine, distribution, pending]),
  ]);
  return {
    hold(holds) {
      child.send(holds);
      return new Promise((resolve, reject) => {
        const fail = (code: number | null): void =>
          reject(new Error(`the ${engine} calendar ended with code ${code}`));
        child.once('exit', fail);
        child.once('message', (time) => {
          child.off('exit', fail);
          resolve(time as HoldTime);
        });
      });
    },
    close: () => child.disconnect(),
  };
};

function holdOnDemand(parameters: string): void {
  const model = new HoldModel(...(JSON.parse(parameters) as Parameters<Open>));
  process.on('message', (holds) => process.send!(model.hold(holds as number)));
}

function nsOf({ times }: HoldResult, engine: Engine): number[] {
  return times[engine].map(({ nsPerHold }) => nsPerHold);
}

function hashOf({ times }: HoldResult): number {
  return times.ladder.at(-1)!.hash;
}

export function isSameOrder({ times }: HoldResult): boolean {
  return ENGINES.every((engine) =>
    times[engine].every(({ hash }, round) => hash === times.ladder[round]!.hash),
  );
}

export function holdFigures(results: readonly HoldResult[]): Figure[] {
  return results.flatMap((result) => {
    const { distribution, pending } = result;
    const measured = {
      name: 'hold',
      workload: `${distribution} increments`,
      size: `${pending} pending`,
      unit: 'ns',
      costs: nsOf(result, 'ladder'),
      hash: hashOf(result),
      agree: isSameOrder(result),
    };
    const isLargest = pending === LARGEST;
    const figures = [
      figureOf({ ...measured, twin: 'heap on typed arrays', twinCosts: nsOf(result, 'heap') }),
      figureOf({
        ...measured,
        twin: 'fastpriorityqueue of objects',
        twinCosts: nsOf(result, 'objects'),
        ...(isLargest ? { aim: OBJECTS_AIM } : {}),
      }),
    ];
    const small = results.find(
      (other) => other.distribution === distribution && other.pending === SMALLEST_TO_GROW,
    );
    if (isLargest && small !== undefined) {
      figures.push(
        figureOf({
          ...measured,
          twin: `itself, ${SMALLEST_TO_GROW} pending`,
          twinCosts: nsOf(small, 'ladder'),
          isGrowth: true,
          aim: GROWTH_AIM,
        }),
      );
    }
    return figures;
  });
}

const TITLES = [
  'increments',
  'pending',
  'ladder ns',
  'heap ns',
  'objects ns',
  'heap/ladder',
  'objects/ladder',
  'hash',
  'order',
];

export function holdTable(results: readonly HoldResult[]): string {
  const rows = results.map((one) => {
    const [ladder, heap, objects] = ENGINES.map((engine) => median(nsOf(one, engine)));
    return [
      one.distribution,
      `${one.pending}`,
      ladder!.toFixed(0),
      heap!.toFixed(0),
      objects!.toFixed(0),
      (heap! / ladder!).toFixed(2),
      (objects! / ladder!).toFixed(2),
      hashOf(one).toString(16).padStart(8, '0'),
      isSameOrder(one) ? 'same' : 'DIFFERS',
    ];
  });
  return alignedTable(TITLES, rows);
}

async function main(args: readonly string[]): Promise<void> {
  if (args[0] === HOLD_HERE) return holdOnDemand(args[1]!);
  const results = args.includes('--smoke')
    ? await runHolds(SMOKE)
    : await runHolds(FULL, openProcess);
  if (args.includes('--json')) printFigures(holdFigures(results));
  else console.log(holdTable(results));
  if (!results.every(isSameOrder)) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await main(process.argv.slice(2));
