/** What every calendar must do, whatever it is made of. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeapOfObjects, comesBefore } from '../support/heap-of-objects.ts';
import { InvariantError } from '../../src/base/assert.ts';
import { NO_EVENT, PHASES_MAX } from '../../src/kernel/calendar.ts';
import { PHASE } from '../../src/simulation/phases.ts';
import type { Calendar, CalendarEvent } from '../../src/kernel/calendar.ts';
import type { PlainEvent } from '../support/heap-of-objects.ts';

function emptyRecord(): CalendarEvent {
  return { timeUs: 0, phase: 0, kind: 0, subject: 0, detail: 0, background: false };
}

/** Subjects in order of popping. */
function popAll(calendar: Calendar): number[] {
  const subjects: number[] = [];
  const event = emptyRecord();
  while (calendar.pop(event)) subjects.push(event.subject);
  return subjects;
}

/** Push with few times and phases, so that ties are common; the others pick a victim by a number modulo what is there. */
type Operation =
  | {
      readonly kind: 'push';
      readonly timeUs: number;
      readonly phase: number;
      readonly background: boolean;
    }
  | { readonly kind: 'cancel' | 'cancel-gone'; readonly pick: number }
  | { readonly kind: 'pop' | 'save-and-restore' | 'restore-into-fresh' };

const operations = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('push' as const),
        timeUs: fc.oneof(fc.nat(5), fc.nat(1_000_000)),
        phase: fc.nat(PHASES_MAX - 1),
        background: fc.boolean(),
      }),
    },
    { weight: 4, arbitrary: fc.constant({ kind: 'pop' as const }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), pick: fc.nat() }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('cancel-gone' as const), pick: fc.nat() }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'save-and-restore' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'restore-into-fresh' as const }) },
  ),
  // Without the size, fast-check draws lists of ten at most.
  { maxLength: 120, size: 'max' },
);

interface Pending extends PlainEvent {
  readonly background: boolean;
  readonly handle: number;
}

/** In a function, so that the lockstep may compare outside a test. */
function expectSame(actual: unknown, expected: unknown): void {
  expect(actual).toEqual(expected);
}

/** Drives the calendar, a heap of objects and a sorted array together and compares them after every operation. */
class Lockstep {
  private readonly create: () => Calendar;
  private calendar: Calendar;
  private readonly twin = new HeapOfObjects();
  private readonly sorted: Pending[] = [];
  private readonly goneHandles: number[] = [];
  private pushes = 0;

  constructor(create: () => Calendar) {
    this.create = create;
    this.calendar = create();
  }

  apply(operation: Operation): void {
    switch (operation.kind) {
      case 'push':
        this.push(operation.timeUs, operation.phase, operation.background);
        break;
      case 'pop':
        this.pop();
        break;
      case 'cancel':
        this.cancel(operation.pick);
        break;
      case 'cancel-gone':
        this.cancelGone(operation.pick);
        break;
      case 'save-and-restore':
        this.calendar.restore(this.calendar.save());
        break;
      case 'restore-into-fresh': {
        const fresh = this.create();
        fresh.restore(this.calendar.save());
        this.calendar = fresh;
        break;
      }
    }
    expectSame(this.calendar.size, this.sorted.length);
    expectSame(
      this.calendar.foregroundSize,
      this.sorted.filter(({ background }) => !background).length,
    );
    expectSame(this.calendar.nextTimeUs(), this.sorted[0]?.timeUs ?? Infinity);
  }

  drain(): void {
    while (this.sorted.length > 0) this.pop();
    this.pop();
  }

  private push(timeUs: number, phase: number, background: boolean): void {
    const id = this.pushes++;
    const handle = this.calendar.push(timeUs, phase, id % 7, id, id * 0.5, background);
    this.twin.push(timeUs, phase, id);
    this.sorted.push({ timeUs, phase, sequence: id, id, background, handle });
    this.sorted.sort((a, b) => (comesBefore(a, b) ? -1 : 1));
  }

  private pop(): void {
    const event = emptyRecord();
    const expected = this.sorted.shift();
    expectSame(this.twin.pop()?.id, expected?.id);
    expectSame(this.calendar.pop(event), expected !== undefined);
    if (expected === undefined) return;
    const { timeUs, phase, id, background, handle } = expected;
    expectSame(event, {
      timeUs,
      phase,
      kind: id % 7,
      subject: id,
      detail: id * 0.5,
      background,
    });
    this.goneHandles.push(handle);
  }

  private cancel(pick: number): void {
    if (this.sorted.length === 0) return;
    const [victim] = this.sorted.splice(pick % this.sorted.length, 1);
    expectSame(this.twin.cancel(victim!.id), true);
    expectSame(this.calendar.cancel(victim!.handle), true);
    this.goneHandles.push(victim!.handle);
  }

  private cancelGone(pick: number): void {
    const { goneHandles } = this;
    const handle = goneHandles.length === 0 ? NO_EVENT : goneHandles[pick % goneHandles.length]!;
    expectSame(this.calendar.cancel(handle), false);
  }
}

export function describeCalendar(name: string, create: () => Calendar): void {
  describe(name, () => {
    it('agrees with a heap of objects and a sorted array under any operations', () => {
      fc.assert(
        fc.property(operations, (list) => {
          const lockstep = new Lockstep(create);
          for (const operation of list) lockstep.apply(operation);
          lockstep.drain();
        }),
        { numRuns: 200, seed: 42 },
      );
    });

    it('agrees with a heap of objects over 200,000 holds with ties', () => {
      const calendar = create();
      const twin = new HeapOfObjects();
      const event = emptyRecord();
      // A full-period generator of 16 bits is random enough here: x -> 5 x + 1 mod 2^16.
      let state = 1;
      const next = (): number => (state = (state * 5 + 1) % 65_536);
      let id = 0;
      let differences = 0;
      for (; id < 1_000; id++) {
        const timeUs = next() % 100;
        calendar.push(timeUs, id % PHASES_MAX, 0, id, 0, false);
        twin.push(timeUs, id % PHASES_MAX, id);
      }
      for (let hold = 0; hold < 200_000; hold++, id++) {
        calendar.pop(event);
        if (event.subject !== twin.pop()!.id) differences++;
        const timeUs = event.timeUs + (next() % 50);
        calendar.push(timeUs, next() % PHASES_MAX, 0, id, 0, false);
        twin.push(timeUs, state % PHASES_MAX, id);
      }
      expect(differences).toBe(0);
    });

    it('lets a completion come before an arrival in the same instant', () => {
      const calendar = create();
      calendar.push(5, PHASE.arrival, 0, 1, 0, false);
      calendar.push(5, PHASE.completion, 0, 2, 0, false);
      expect(popAll(calendar)).toEqual([2, 1]);
    });

    it('keeps the order of pushes among events of one instant and phase', () => {
      const calendar = create();
      for (let id = 0; id < 100; id++) calendar.push(5, 3, 0, id, 0, false);
      expect(popAll(calendar)).toEqual(Array.from({ length: 100 }, (_, id) => id));
    });

    it('puts an earlier time before a later one whatever their phases', () => {
      const calendar = create();
      calendar.push(6, 0, 0, 1, 0, false);
      calendar.push(5, 15, 0, 2, 0, false);
      expect(popAll(calendar)).toEqual([2, 1]);
    });

    it('is exact to the microsecond and the phase up to 17 years, and takes no later event', () => {
      const calendar = create();
      const event = emptyRecord();
      // 2^53 / 16 us = 2^49 us = 562,949,953.4 s = 17.8 years; the last microsecond below it still has 16 phases.
      const lastUs = 562_949_953_421_311;
      calendar.push(lastUs, 15, 0, 1, 0, false);
      calendar.push(lastUs, 14, 0, 2, 0, false);
      calendar.push(lastUs - 1, 15, 0, 3, 0, false);
      calendar.pop(event);
      expect([event.timeUs, event.phase, event.subject]).toEqual([lastUs - 1, 15, 3]);
      calendar.pop(event);
      expect([event.timeUs, event.phase, event.subject]).toEqual([lastUs, 14, 2]);
      calendar.pop(event);
      expect([event.timeUs, event.phase, event.subject]).toEqual([lastUs, 15, 1]);
      expect(() => calendar.push(lastUs + 1, 0, 0, 0, 0, false)).toThrow(InvariantError);
    });

    it.each([0.5, 0.0625, NaN, Infinity])(
      'refuses the time %d us, which is not whole',
      (timeUs) => {
        // 0.5 x 16 = 8 would be read back as time 0, phase 8.
        expect(() => create().push(timeUs, 0, 0, 0, 0, false)).toThrow(InvariantError);
      },
    );

    it.each([-1, 16])('refuses the phase %d', (phase) => {
      expect(() => create().push(0, phase, 0, 0, 0, false)).toThrow(InvariantError);
    });

    it('grows past its first 64 events and forgets none', () => {
      const calendar = create();
      for (let id = 0; id < 10_000; id++) calendar.push(10_000 - id, 0, 0, id, 0, false);
      expect(calendar.size).toBe(10_000);
      expect(popAll(calendar)).toEqual(Array.from({ length: 10_000 }, (_, i) => 9_999 - i));
      expect(calendar.size).toBe(0);
    });

    it('does not take the handle of a popped event for the event that now has its slot', () => {
      const calendar = create();
      const first = calendar.push(1, 0, 0, 1, 0, false);
      calendar.pop(emptyRecord());
      const second = calendar.push(2, 0, 0, 2, 0, false);
      expect(calendar.cancel(first)).toBe(false);
      expect(calendar.size).toBe(1);
      expect(calendar.cancel(second)).toBe(true);
      expect(calendar.cancel(second)).toBe(false);
      expect(calendar.nextTimeUs()).toBe(Infinity);
    });

    it('gives the same handles after a restore on a used calendar as on a new one', () => {
      const source = create();
      source.push(1, 0, 0, 1, 0, false);
      const used = create();
      for (let id = 0; id < 10; id++) used.push(id, 0, 0, id, 0, false);
      popAll(used);
      const fresh = create();
      used.restore(source.save());
      fresh.restore(source.save());
      for (const calendar of [used, fresh]) calendar.push(2, 0, 0, 2, 0, false);
      expect(used.save()).toEqual(fresh.save());
    });
  });
}
