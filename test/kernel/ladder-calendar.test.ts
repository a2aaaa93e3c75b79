import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeapCalendar } from '../support/heap-calendar.ts';
import { LadderCalendar } from '../../src/kernel/ladder-calendar.ts';
import { PHASES_MAX } from '../../src/kernel/calendar.ts';
import { Streams } from '../../src/random/streams.ts';
import { describeCalendar } from './calendar-contract.ts';
import { exp } from '../../src/random/portable-math.ts';
import type { CalendarEvent } from '../../src/kernel/calendar.ts';
import type { Stream } from '../../src/random/streams.ts';

/** The last microsecond that a calendar takes. */
const LAST_US = 562_949_953_421_311;

function emptyRecord(): CalendarEvent {
  return { timeUs: 0, phase: 0, kind: 0, subject: 0, detail: 0, background: false };
}

const ANY_TIME = 'any time, past or to come';

function popTimes(calendar: LadderCalendar): number[] {
  const times: number[] = [];
  const event = emptyRecord();
  while (calendar.pop(event)) times.push(event.timeUs);
  return times;
}

/** Delays that are hard on a calendar which sorts by buckets, from a uniform draw in [0, 1). */
const DELAYS: Readonly<Record<string, (uniform: number, other: number) => number>> = {
  'one instant': () => 0,
  'three instants': (u) => Math.floor(u * 3),
  uniform: (u) => Math.floor(u * 1e6),
  'heavy tail': (u) => Math.floor(exp(30 * u * u * u)),
  'bursts and a far end': (u, v) => (u < 0.01 ? 1e12 : Math.floor(v * 4) * 1_000),
  'two scales': (u, v) => Math.floor(u < 0.5 ? v * 10 : 1e9 + v * 10),
  'every scale': (u) => Math.floor(exp(u * 26)),
  // Not counted from the present but from the start: the calendar takes what the kernel would refuse as past.
  [ANY_TIME]: (u, v) => Math.floor(u < 0.5 ? v * 1_000 : exp(u * 26)),
  'one far event': (u, v) => (u < 0.000_5 ? 1e12 : Math.floor(v * 100)),
};

/** Does the same to a ladder and to a heap, and counts the differences. */
class Lockstep {
  differences = 0;
  pops = 0;
  private ladder = new LadderCalendar();
  private readonly heap = new HeapCalendar();
  private nowUs: number;
  private readonly advances: boolean;
  private readonly ladderEvent = emptyRecord();
  private readonly heapEvent = emptyRecord();
  /** Handles of both, of events pending or gone. */
  private readonly handles: { ladder: number; heap: number }[] = [];
  private readonly stream: Stream;
  private readonly delayUs: (uniform: number, other: number) => number;

  constructor(stream: Stream, distribution: string, startUs: number) {
    this.stream = stream;
    this.delayUs = DELAYS[distribution]!;
    this.nowUs = startUs;
    this.advances = distribution !== ANY_TIME;
  }

  push(): void {
    const { stream } = this;
    const delayUs = this.delayUs(stream.next(), stream.next());
    const timeUs = Math.min(this.nowUs + delayUs, LAST_US);
    const phase = Math.floor(stream.next() * PHASES_MAX);
    const background = stream.next() < 0.25;
    const subject = this.handles.length;
    this.handles.push({
      ladder: this.ladder.push(timeUs, phase, 1, subject, subject / 4, background),
      heap: this.heap.push(timeUs, phase, 1, subject, subject / 4, background),
    });
  }

  pop(): void {
    const { ladderEvent, heapEvent } = this;
    this.ladder.pop(ladderEvent);
    if (!this.heap.pop(heapEvent)) return;
    this.pops++;
    if (this.advances) this.nowUs = heapEvent.timeUs;
    const isSame =
      ladderEvent.subject === heapEvent.subject &&
      ladderEvent.timeUs === heapEvent.timeUs &&
      ladderEvent.phase === heapEvent.phase &&
      ladderEvent.detail === heapEvent.detail &&
      ladderEvent.background === heapEvent.background;
    if (!isSame) this.differences++;
  }

  cancel(): void {
    const victim = this.handles[Math.floor(this.stream.next() * this.handles.length)];
    if (victim === undefined) return;
    const isPending = this.heap.cancel(victim.heap);
    if (this.ladder.cancel(victim.ladder) !== isPending) this.differences++;
  }

  saveAndRestore(): void {
    const fresh = new LadderCalendar();
    fresh.restore(this.ladder.save());
    this.ladder = fresh;
  }

  compareCounts(): void {
    const { ladder, heap } = this;
    if (ladder.size !== heap.size || ladder.foregroundSize !== heap.foregroundSize) {
      this.differences++;
    }
    if (ladder.nextTimeUs() !== heap.nextTimeUs()) this.differences++;
  }

  drain(): void {
    while (this.heap.size > 0) this.pop();
    this.compareCounts();
    if (this.ladder.pop(this.ladderEvent)) this.differences++;
  }
}

/** A stretch of operations in which the calendar grows, shrinks, loses most of its events or stays as it is. */
function stretch(both: Lockstep, stream: Stream, operations: number): void {
  const pushShare = [0.2, 0.5, 0.8, 0.95][Math.floor(stream.next() * 4)]!;
  const cancelShare = stream.next() < 0.25 ? 0.6 : 0.05;
  for (let i = 0; i < operations; i++) {
    if (stream.next() < cancelShare) both.cancel();
    else if (stream.next() < pushShare) both.push();
    else both.pop();
  }
  both.compareCounts();
  if (stream.next() < 0.3) both.saveAndRestore();
}

describeCalendar('the ladder calendar', () => new LadderCalendar());

describe('the ladder calendar', () => {
  it.each(Object.keys(DELAYS))(
    'pops what a heap pops while it grows and shrinks, with delays of %s',
    (distribution) => {
      fc.assert(
        fc.property(
          fc.integer(),
          fc.constantFrom(0, 1e12, LAST_US - 2e6),
          fc.integer({ min: 1, max: 600 }),
          (seed, startUs, operations) => {
            const stream = new Streams(seed).open('ladder');
            const both = new Lockstep(stream, distribution, startUs);
            for (let i = 0; i < 6; i++) stretch(both, stream, operations);
            both.drain();
            expect(both.differences).toBe(0);
          },
        ),
        // 9 distributions x 150 = 1,350 sequences of up to 3,600 operations
        { numRuns: 150, seed: 42 },
      );
    },
  );

  it.each(Object.keys(DELAYS))(
    'pops what a heap pops from 30,000 events, with delays of %s',
    (distribution) => {
      const stream = new Streams(42).open(distribution);
      const both = new Lockstep(stream, distribution, 0);
      for (let i = 0; i < 30_000; i++) both.push();
      for (let i = 0; i < 30_000; i++) {
        both.pop();
        both.push();
      }
      both.compareCounts();
      both.drain();
      expect(both.pops).toBe(60_000);
      expect(both.differences).toBe(0);
    },
  );

  it('spreads events over spans of nearly 2^53 keys, where a bucket rounds up', () => {
    const stream = new Streams(42).open('spans');
    for (let trial = 0; trial < 200; trial++) {
      const calendar = new LadderCalendar();
      const endUs = Math.floor(LAST_US * (0.5 + stream.next() / 2));
      const times = Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? endUs - i : i));
      times.push(endUs);
      for (const timeUs of times) calendar.push(timeUs, 15, 0, 0, 0, false);
      expect(popTimes(calendar)).toEqual(times.toSorted((a, b) => a - b));
    }
  });

  it('takes events long before all that it has spread closely', () => {
    const calendar = new LadderCalendar();
    const late = Array.from({ length: 200 }, (_, i) => 1e12 + i);
    const early = Array.from({ length: 200 }, (_, i) => i * 4e9);
    for (const timeUs of [...late, ...early]) calendar.push(timeUs, 0, 0, 0, 0, false);
    expect(popTimes(calendar)).toEqual([...early, ...late]);
  });

  it('files nothing in a rung whose last bucket is empty', () => {
    const calendar = new LadderCalendar();
    const event = emptyRecord();
    for (let timeUs = 0; timeUs < 10_000; timeUs++) calendar.push(timeUs, 0, 0, 0, 0, false);
    for (let i = 0; i < 10_000; i++) calendar.pop(event);
    // Enough for a rung of their own, which ends before the times that come next.
    const early = Array.from({ length: 200 }, (_, i) => i);
    const late = Array.from({ length: 200 }, (_, i) => 5_000 + i);
    for (const timeUs of [...early, ...late]) calendar.push(timeUs, 0, 0, 0, 0, false);
    expect(popTimes(calendar)).toEqual([...early, ...late]);
  });

  it('uses the slots of cancelled events again, however far ahead they were', () => {
    const calendar = new LadderCalendar();
    calendar.push(0, 0, 0, 0, 0, false);
    for (let i = 0; i < 100_000; i++) {
      calendar.cancel(calendar.push(1e12 + i, 0, 0, 0, 0, false));
    }
    // Cancelled events are dropped together when there are more than 1,024 of them.
    expect(calendar.save().generations.length).toBeLessThan(1_100);
    expect(popTimes(calendar)).toEqual([0]);
  });
});
