/**
 * What one pop and one push cost with so many events pending: the ladder calendar against a heap on typed arrays and a
 * heap of objects. The model is in hold-model.ts.
 *
 * Prints     medians of several rounds; in each round every engine runs once in a process of its own, one after the
 *            other, so that a compiler warmed up on one does not judge another and a busy minute falls on all.
 * Run        npx tsx bench/kernel/hold.ts [--smoke]
 */

import { execFileSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DISTRIBUTION_NAMES, ENGINES, measureHold } from './hold-model.ts';
import type { Distribution, Engine, HoldSize, HoldTime } from './hold-model.ts';

const ROUNDS = 3;

export interface HoldResult {
  readonly distribution: Distribution;
  readonly pending: number;
  readonly times: Readonly<Record<Engine, HoldTime>>;
}

const FULL_SIZES: readonly HoldSize[] = [
  { pending: 10, holds: 2_000_000, warmUpHolds: 1_000_000 },
  { pending: 100, holds: 2_000_000, warmUpHolds: 1_000_000 },
  { pending: 1_000, holds: 2_000_000, warmUpHolds: 1_000_000 },
  { pending: 100_000, holds: 2_000_000, warmUpHolds: 1_000_000 },
  { pending: 1_000_000, holds: 2_000_000, warmUpHolds: 1_000_000 },
];
export const SMOKE_SIZES: readonly HoldSize[] = [
  { pending: 10, holds: 2_000, warmUpHolds: 0 },
  { pending: 1_000, holds: 2_000, warmUpHolds: 0 },
];

type Measure = (engine: Engine, distribution: Distribution, size: HoldSize) => HoldTime;

export function runHolds(
  sizes: readonly HoldSize[],
  rounds: number,
  measure: Measure = measureHold,
): HoldResult[] {
  return DISTRIBUTION_NAMES.flatMap((distribution) =>
    sizes.map((size) => {
      const perRound = Array.from({ length: rounds }, () =>
        ENGINES.map((engine) => measure(engine, distribution, size)),
      );
      const times = ENGINES.map((engine, i) => [engine, median(perRound.map((all) => all[i]!))]);
      return {
        distribution,
        pending: size.pending,
        times: Object.fromEntries(times) as HoldResult['times'],
      };
    }),
  );
}

function median(times: readonly HoldTime[]): HoldTime {
  return times.toSorted((a, b) => a.nsPerHold - b.nsPerHold)[times.length >> 1]!;
}

function measureInFreshProcess(
  engine: Engine,
  distribution: Distribution,
  size: HoldSize,
): HoldTime {
  const argv = [fileURLToPath(import.meta.url), JSON.stringify([engine, distribution, size])];
  const output = execFileSync(process.execPath, [...process.execArgv, ...argv]);
  return JSON.parse(output.toString()) as HoldTime;
}

export function isSameOrder({ times }: HoldResult): boolean {
  return ENGINES.every((engine) => times[engine].hash === times.ladder.hash);
}

export function holdTable(results: readonly HoldResult[]): string {
  const head = [
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
  const rows = results.map((one) => {
    const { ladder, heap, objects } = one.times;
    return [
      one.distribution,
      `${one.pending}`,
      ladder.nsPerHold.toFixed(0),
      heap.nsPerHold.toFixed(0),
      objects.nsPerHold.toFixed(0),
      (heap.nsPerHold / ladder.nsPerHold).toFixed(2),
      (objects.nsPerHold / ladder.nsPerHold).toFixed(2),
      ladder.hash.toString(16).padStart(8, '0'),
      isSameOrder(one) ? 'same' : 'DIFFERS',
    ];
  });
  const widths = head.map((title, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]!.length), title.length),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ');
  return [head, ...rows].map(line).join('\n');
}

function main(argument: string | undefined): void {
  if (argument?.startsWith('[') === true) {
    const task = JSON.parse(argument) as Parameters<Measure>;
    console.log(JSON.stringify(measureHold(...task)));
    return;
  }
  const results =
    argument === '--smoke'
      ? runHolds(SMOKE_SIZES, 1)
      : runHolds(FULL_SIZES, ROUNDS, measureInFreshProcess);
  console.log(holdTable(results));
  if (!results.every(isSameOrder)) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv[2]);
