/**
 * The hold model: pop the earliest event, push one a random increment later, with the number of pending events constant.
 *
 * Increments of mean 1 s, drawn before the clock starts, used over and over: exponential; bimodal (one in ten is ten
 *            times the mean of the rest, to within 10 %); lognormal of sigma 2 (its longest of 16,384 is near 400
 *            times its mean); all at the same time. Phases go round, so that ties in time are common there.
 * Hash       of the ids in order of popping, from the first hold on: equal hashes mean the same order, event by event.
 * Time       of the process, so that what other programs do counts less.
 */

import { HeapCalendar } from '../../test/support/heap-calendar.ts';
import { HeapOfObjects } from '../../test/support/heap-of-objects.ts';
import { LadderCalendar } from '../../src/kernel/ladder-calendar.ts';
import { Streams } from '../../src/random/streams.ts';
import { US_PER_SECOND } from '../../src/base/units.ts';
import { cos, exp, ln } from '../../src/random/portable-math.ts';
import type { Calendar, CalendarEvent } from '../../src/kernel/calendar.ts';

const SEED = 42;
const PHASE_COUNT = 9;
const INCREMENTS = 16_384;

/** From two uniform draws in [0, 1) to an increment in seconds, of mean 1. */
const DISTRIBUTIONS = {
  exponential: (u: number) => -ln(1 - u),
  // Means a and 10 a with weights 0.9 and 0.1: 0.9 a + 1 a = 1, so a = 1 / 1.9.
  bimodal: (u: number, v: number) => (u < 0.9 ? 1 : 10) * (0.9 + 0.2 * v) * (1 / 1.9),
  // exp(mu + 2 z) has mean exp(mu + 2^2 / 2) = 1 with mu = -2; z is standard normal after Box and Muller.
  'heavy-tail': (u: number, v: number) =>
    exp(-2 + 2 * Math.sqrt(-2 * ln(1 - u)) * cos(2 * 3.141_592_653_589_793 * v)),
  'all-at-once': () => 0,
} as const;

export type Distribution = keyof typeof DISTRIBUTIONS;
export const DISTRIBUTION_NAMES = Object.keys(DISTRIBUTIONS) as readonly Distribution[];

export const ENGINES = ['ladder', 'heap', 'objects'] as const;
export type Engine = (typeof ENGINES)[number];

/** What a number of holds cost, and the hash of all events popped so far. */
export interface HoldTime {
  readonly nsPerHold: number;
  readonly hash: number;
}

/** Plays with a calendar that was filled when it was made. */
export class HoldModel {
  private readonly increments: Float64Array;
  private readonly play: Play;
  private id: number;
  private hash = 0;

  constructor(engine: Engine, distribution: Distribution, pending: number) {
    this.increments = drawIncrements(distribution);
    this.id = pending;
    if (engine === 'objects') this.play = playObjects(this.increments, pending);
    else {
      const calendar = engine === 'ladder' ? new LadderCalendar() : new HeapCalendar();
      this.play = playCalendar(calendar, this.increments, pending);
    }
  }

  hold(holds: number): HoldTime {
    const before = process.cpuUsage();
    this.hash = this.play(this.id, holds, this.hash);
    const { user, system } = process.cpuUsage(before);
    this.id += holds;
    return { nsPerHold: ((user + system) * 1_000) / holds, hash: this.hash };
  }
}

/** So many holds, the first with the given id; folds what was popped into the hash. */
type Play = (firstId: number, holds: number, hash: number) => number;

function drawIncrements(distribution: Distribution): Float64Array {
  const stream = new Streams(SEED).open(`hold/${distribution}`);
  const increment = DISTRIBUTIONS[distribution];
  return Float64Array.from({ length: INCREMENTS }, () =>
    Math.round(increment(stream.next(), stream.next()) * US_PER_SECOND),
  );
}

function playCalendar(calendar: Calendar, increments: Float64Array, pending: number): Play {
  for (let id = 0; id < pending; id++) {
    calendar.push(firstTimeUs(increments, id), id % PHASE_COUNT, 0, id, 0, false);
  }
  const event: CalendarEvent = {
    timeUs: 0,
    phase: 0,
    kind: 0,
    subject: 0,
    detail: 0,
    background: false,
  };
  return (firstId, holds, hashBefore) => {
    let hash = hashBefore;
    for (let id = firstId; id < firstId + holds; id++) {
      calendar.pop(event);
      hash = fold(hash, event.subject);
      calendar.push(event.timeUs + incrementOf(increments, id), id % PHASE_COUNT, 0, id, 0, false);
    }
    return hash;
  };
}

function playObjects(increments: Float64Array, pending: number): Play {
  const heap = new HeapOfObjects();
  for (let id = 0; id < pending; id++) {
    heap.push(firstTimeUs(increments, id), id % PHASE_COUNT, id);
  }
  return (firstId, holds, hashBefore) => {
    let hash = hashBefore;
    for (let id = firstId; id < firstId + holds; id++) {
      const event = heap.pop()!;
      hash = fold(hash, event.id);
      heap.push(event.timeUs + incrementOf(increments, id), id % PHASE_COUNT, id);
    }
    return hash;
  };
}

function incrementOf(increments: Float64Array, id: number): number {
  return increments[id % INCREMENTS]!;
}

/** Spreads the events that fill the calendar out below the grid of the increments, so that they do not repeat. */
function firstTimeUs(increments: Float64Array, id: number): number {
  const increment = incrementOf(increments, id * 7_919);
  return increment === 0 ? 0 : increment + Math.floor(id / INCREMENTS);
}

function fold(hash: number, id: number): number {
  return Math.imul(hash ^ id, 0x01000193) >>> 0;
}
