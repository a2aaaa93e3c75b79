/**
 * The hold model: pop the earliest event, push one a random increment later, with the number of pending events constant.
 * The calendar against a heap of objects that orders by the same (time, phase, sequence).
 *
 * Prints     ns per hold (one pop and one push) of both, their ratio, and a hash of the ids in order of popping: equal
 *            hashes mean the same order, event by event.
 * Increments of mean 1 s, drawn before the clock starts: exponential; bimodal (one in ten is ten times the mean of the
 *            rest, to within 10 %); heavy tail (Pareto, shape 1.5); all at the same time.
 * Run        npx tsx bench/kernel/hold.ts [--smoke]
 */

import { HeapCalendar } from '../../src/kernel/heap-calendar.ts';
import { HeapOfObjects } from '../../test/support/heap-of-objects.ts';
import { Streams } from '../../src/random/streams.ts';
import { US_PER_SECOND } from '../../src/base/units.ts';
import { ln, pow } from '../../src/random/portable-math.ts';
import { pathToFileURL } from 'node:url';
import type { CalendarEvent } from '../../src/kernel/calendar.ts';

const SEED = 42;
const PHASE_COUNT = 9;

export interface HoldSize {
  readonly pending: number;
  readonly holds: number;
}

export interface HoldResult extends HoldSize {
  readonly distribution: string;
  readonly calendarNs: number;
  readonly twinNs: number;
  readonly calendarHash: number;
  readonly twinHash: number;
}

/** From a uniform draw in [0, 1) to an increment in seconds, of mean 1. */
const INCREMENTS: Readonly<Record<string, (uniform: number) => number>> = {
  exponential: (u) => -ln(1 - u),
  // Means a and 10 a with weights 0.9 and 0.1: 0.9 a + 1 a = 1, so a = 1 / 1.9.
  bimodal: (u) => (u < 0.9 ? 1 : 10) * (0.9 + 0.2 * ((u * 1_000) % 1)) * (1 / 1.9),
  // Pareto of shape 1.5 and minimum 1/3: mean 1.5 / 0.5 / 3 = 1.
  'heavy-tail': (u) => pow(1 - u, -1 / 1.5) / 3,
  'all-at-once': () => 0,
};

export const FULL_SIZES: readonly HoldSize[] = [
  { pending: 1_000, holds: 1_000_000 },
  { pending: 100_000, holds: 1_000_000 },
  { pending: 1_000_000, holds: 1_000_000 },
];
export const SMOKE_SIZES: readonly HoldSize[] = [
  { pending: 100, holds: 2_000 },
  { pending: 1_000, holds: 2_000 },
];

export function runHolds(sizes: readonly HoldSize[]): HoldResult[] {
  return Object.keys(INCREMENTS).flatMap((distribution) =>
    sizes.map((size) => runHold(distribution, size)),
  );
}

function runHold(distribution: string, size: HoldSize): HoldResult {
  const delays = drawDelays(distribution, size);
  const calendar = timeCalendar(size, delays);
  const twin = timeTwin(size, delays);
  return {
    ...size,
    distribution,
    calendarNs: calendar.ns,
    twinNs: twin.ns,
    calendarHash: calendar.hash,
    twinHash: twin.hash,
  };
}

/** One delay for every push: those that fill, then those of the holds. */
function drawDelays(distribution: string, { pending, holds }: HoldSize): Float64Array {
  const stream = new Streams(SEED).open(`hold/${distribution}`);
  const increment = INCREMENTS[distribution]!;
  const delays = new Float64Array(pending + holds);
  for (let i = 0; i < delays.length; i++) {
    delays[i] = Math.round(increment(stream.next()) * US_PER_SECOND);
  }
  return delays;
}

interface Timed {
  readonly ns: number;
  readonly hash: number;
}

function timeCalendar({ pending, holds }: HoldSize, delays: Float64Array): Timed {
  const calendar = new HeapCalendar();
  const event: CalendarEvent = {
    timeUs: 0,
    phase: 0,
    kind: 0,
    subject: 0,
    detail: 0,
    background: false,
  };
  for (let id = 0; id < pending; id++) {
    calendar.push(delays[id]!, id % PHASE_COUNT, 0, id, 0, false);
  }
  let hash = 0;
  const start = process.hrtime.bigint();
  for (let id = pending; id < pending + holds; id++) {
    calendar.pop(event);
    hash = fold(hash, event.subject);
    calendar.push(event.timeUs + delays[id]!, id % PHASE_COUNT, 0, id, 0, false);
  }
  return { ns: nsPerHold(start, holds), hash };
}

function timeTwin({ pending, holds }: HoldSize, delays: Float64Array): Timed {
  const twin = new HeapOfObjects();
  for (let id = 0; id < pending; id++) twin.push(delays[id]!, id % PHASE_COUNT, id);
  let hash = 0;
  const start = process.hrtime.bigint();
  for (let id = pending; id < pending + holds; id++) {
    const event = twin.pop()!;
    hash = fold(hash, event.id);
    twin.push(event.timeUs + delays[id]!, id % PHASE_COUNT, id);
  }
  return { ns: nsPerHold(start, holds), hash };
}

function fold(hash: number, id: number): number {
  return Math.imul(hash ^ id, 0x01000193) >>> 0;
}

function nsPerHold(start: bigint, holds: number): number {
  return Number(process.hrtime.bigint() - start) / holds;
}

export function holdTable(results: readonly HoldResult[]): string {
  const head = [
    'increments',
    'pending',
    'ns/hold',
    'twin ns/hold',
    'twin/calendar',
    'hash',
    'order',
  ];
  const rows = results.map((one) => [
    one.distribution,
    `${one.pending}`,
    one.calendarNs.toFixed(0),
    one.twinNs.toFixed(0),
    (one.twinNs / one.calendarNs).toFixed(2),
    one.calendarHash.toString(16).padStart(8, '0'),
    one.calendarHash === one.twinHash ? 'same' : 'DIFFERS',
  ]);
  const widths = head.map((title, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]!.length), title.length),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ');
  return [head, ...rows].map(line).join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const results = runHolds(process.argv.includes('--smoke') ? SMOKE_SIZES : FULL_SIZES);
  console.log(holdTable(results));
  if (results.some((one) => one.calendarHash !== one.twinHash)) process.exitCode = 1;
}
