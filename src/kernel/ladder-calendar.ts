/**
 * A calendar whose cost hardly grows with the number of pending events: records (key, slot) wait in regions that follow
 * each other in time, roughly ordered when far away and sorted only when their turn is near.
 *
 *     front, near   the records of the next bucket, sorted, with a cursor; what came later for before their end
 *     rungs         buckets of equal width, the finest rung first; a rung was made of one bucket of the rung behind it
 *     far           all behind the last rung, in the order of their pushes
 *
 * Regions    each ends at the largest key that it was made of, and a push goes to the first region that ends above its
 *            key. An end is a key and nothing computed, so no rounding can put a record on the wrong side of it; a key
 *            equal to an end goes behind. So among equal keys an older one is never in a later region than a younger one,
 *            and within a region they keep their order: pops are in order of (time, phase, push).
 * Refill     a bucket of at most 32 records, or of one key, is sorted and becomes the front; a larger one becomes a finer
 *            rung. A rung spans an eighth of the rung behind it at most, whatever the distribution, so there are few.
 * Few        with at most 24 records left, near takes everything: a plain heap. When near has grown above 64, it is
 *            spread as a rung; so one event at the end of a long run does not keep thousands in the heap.
 * Cancelled  records are dropped when they are met, and all at once when they outnumber the pending events.
 * Cost       push, pop and cancel O(1) amortized; O(log n) while near takes more than 64 before a long front of one key.
 *            No object per event; the engine may box a double where it does not inline a call.
 * Memory     24 bytes an event for what it carries, 12 for each place a record is or was in; doubled when full.
 * Source     Tang, Goh and Thng, "Ladder queue: an O(1) priority queue structure for large-scale discrete event
 *            simulation", ACM TOMACS 15(3), 2005. Other than there: chunks in place of linked records, a heap where
 *            they keep a sorted list, the order of pushes among equals.
 */

import { Chunks } from './chunks.ts';
import { EventSlots } from './event-slots.ts';
import { NearHeap } from './near-heap.ts';
import { Run } from './run.ts';
import { Rung } from './rung.ts';
import { eventKey, phaseOfKey, timeUsOfKey } from './event-key.ts';
import type { Calendar, CalendarEvent, CalendarState, EventHandle } from './calendar.ts';

const SORTED_RECORDS_MAX = 32;
const FEW_RECORDS_MAX = 24;
const NEAR_RECORDS_MAX = 64;
const CANCELLED_MIN = 1024;

export class LadderCalendar implements Calendar {
  private readonly slots = new EventSlots();
  private front = new Run();
  private cursor = 0;
  /** Keys below go to near; Infinity when near takes everything. */
  private frontEnd = Infinity;
  private near = new NearHeap();
  private chunks = new Chunks();
  /** The rungs in use are the first `rungCount`, the finest last. */
  private rungs: Rung[] = [];
  private rungCount = 0;
  private far = new Run();
  /** Records on their way from one region to another. */
  private moving = new Run();

  get size(): number {
    return this.slots.size;
  }

  get foregroundSize(): number {
    return this.slots.foregroundSize;
  }

  push(
    timeUs: number,
    phase: number,
    kind: number,
    subject: number,
    detail: number,
    background: boolean,
  ): EventHandle {
    const key = eventKey(timeUs, phase);
    const slot = this.slots.take(kind, subject, detail, background);
    if (key < this.frontEnd) {
      this.near.push(key, slot);
      if (this.near.count > NEAR_RECORDS_MAX) this.relieveNear();
    } else {
      this.file(key, slot);
    }
    return this.slots.handleOf(slot);
  }

  cancel(handle: EventHandle): boolean {
    const { slots } = this;
    if (!slots.cancel(handle)) return false;
    if (slots.cancelledCount > CANCELLED_MIN && slots.cancelledCount > slots.size) {
      this.dropAllCancelled();
    }
    return true;
  }

  pop(into: CalendarEvent): boolean {
    if (!this.settle()) return false;
    let key: number;
    let slot: number;
    if (this.isFrontFirst()) {
      key = this.front.keys[this.cursor]!;
      slot = this.front.slots[this.cursor++]!;
    } else {
      key = this.near.keys[0]!;
      slot = this.near.take();
    }
    const timeUs = timeUsOfKey(key);
    into.timeUs = timeUs;
    into.phase = phaseOfKey(key);
    this.slots.release(slot, into);
    return true;
  }

  nextTimeUs(): number {
    if (!this.settle()) return Infinity;
    return timeUsOfKey(this.isFrontFirst() ? this.front.keys[this.cursor]! : this.near.keys[0]!);
  }

  /** Drops what is cancelled first: so the copy and the original hand out the same handles from here. */
  save(): CalendarState {
    this.dropAllCancelled();
    const { far, slots } = this;
    const order = Array.from({ length: far.count }, (_, i) => i);
    order.sort((a, b) => far.keys[a]! - far.keys[b]! || a - b);
    const events = order.map((i) => this.eventOf(far.keys[i]!, far.slots[i]!));
    return {
      timeUs: events.map((event) => event.timeUs),
      phase: events.map((event) => event.phase),
      kind: events.map((event) => event.kind),
      subject: events.map((event) => event.subject),
      detail: events.map((event) => event.detail),
      background: events.map((event) => (event.background ? 1 : 0)),
      handle: order.map((i) => slots.handleOf(far.slots[i]!)),
      generations: slots.generations(),
      freeSlots: slots.freeSlots(),
    };
  }

  restore(state: CalendarState): void {
    this.slots.restore(state.generations, state.freeSlots);
    this.near = new NearHeap();
    this.chunks = new Chunks();
    this.rungs = [];
    const pending = new Run();
    for (let i = 0; i < state.handle.length; i++) {
      const slot = this.slots.refill(
        state.handle[i]!,
        state.kind[i]!,
        state.subject[i]!,
        state.detail[i]!,
        state.background[i] === 1,
      );
      pending.append(eventKey(state.timeUs[i]!, state.phase[i]!), slot);
    }
    this.holdFar(pending);
  }

  /** Puts a record that is not before the end of the front where it belongs. */
  private file(key: number, slot: number): void {
    for (let i = this.rungCount - 1; i >= 0; i--) {
      const rung = this.rungs[i]!;
      if (key < rung.limit) {
        rung.append(key, slot);
        return;
      }
    }
    this.far.append(key, slot);
  }

  /** Among equals the front is older. */
  private isFrontFirst(): boolean {
    const { front, near, cursor } = this;
    if (cursor === front.count) return false;
    return near.count === 0 || front.keys[cursor]! <= near.keys[0]!;
  }

  /** Sees to it that the first record is that of a pending event; false when there is none. */
  private settle(): boolean {
    const { slots, near } = this;
    for (;;) {
      if (this.isFrontFirst()) {
        const slot = this.front.slots[this.cursor]!;
        if (slots.isPending(slot)) return true;
        this.cursor++;
        slots.dropCancelled(slot);
      } else if (near.count > 0) {
        if (slots.isPending(near.slots[0]!)) return true;
        slots.dropCancelled(near.take());
      } else if (!this.refill()) {
        return false;
      }
    }
  }

  /** Front and near are empty: brings up the records that come next; false when there are none. */
  private refill(): boolean {
    for (;;) {
      if (this.rungCount > 0) {
        const rung = this.rungs[this.rungCount - 1]!;
        const isTaken = rung.takeNext(this.moving);
        if (!isTaken || rung.isSpent) this.rungCount--;
        if (!isTaken) continue;
      } else {
        if (this.far.count <= FEW_RECORDS_MAX) return this.moveFarToNear();
        const { far } = this;
        this.far = this.moving;
        this.far.clear();
        this.moving = far;
      }
      if (this.isSortable(this.moving)) {
        this.moveToFront();
        return true;
      }
      this.spread(this.moving);
    }
  }

  private isSortable(run: Run): boolean {
    return run.count <= SORTED_RECORDS_MAX || run.keyMin === run.keyMax;
  }

  private moveToFront(): void {
    const run = this.moving;
    if (run.keyMin < run.keyMax) run.sortByKey();
    this.dropCancelled(run);
    this.moving = this.front;
    this.front = run;
    this.cursor = 0;
    this.frontEnd = run.keyMax;
  }

  private dropCancelled(run: Run): void {
    const { slots } = this;
    const { count } = run;
    if (slots.countGone(run.slots, count) === 0) return;
    run.count = 0;
    for (let i = 0; i < count; i++) {
      const slot = run.slots[i]!;
      if (slots.isPending(slot)) {
        run.keys[run.count] = run.keys[i]!;
        run.slots[run.count++] = slot;
      } else {
        slots.dropCancelled(slot);
      }
    }
  }

  private moveFarToNear(): boolean {
    const { far, near } = this;
    for (let i = 0; i < far.count; i++) near.push(far.keys[i]!, far.slots[i]!);
    far.clear();
    this.frontEnd = Infinity;
    return near.count > 0;
  }

  /** Adds a rung before all others. */
  private spread(run: Run): void {
    if (this.rungCount === this.rungs.length) this.rungs.push(new Rung(this.chunks));
    this.rungs[this.rungCount++]!.spread(run);
    this.frontEnd = -Infinity;
  }

  /**
   * Spreads near and what is left of the front, or makes them the front when they are all of one key. Not while the front
   * is the larger part: it would be moved again and again.
   */
  private relieveNear(): void {
    if (this.front.count - this.cursor > this.near.count) return;
    this.moving.clear();
    this.moveHeadTo(this.moving);
    if (this.moving.keyMin === this.moving.keyMax) this.moveToFront();
    else this.spread(this.moving);
  }

  /** Moves front and near to the end of a run; among equals what was in the front is older. */
  private moveHeadTo(run: Run): void {
    const { front, near } = this;
    while (this.cursor < front.count) {
      run.append(front.keys[this.cursor]!, front.slots[this.cursor]!);
      this.cursor++;
    }
    while (near.count > 0) {
      const key = near.keys[0]!;
      run.append(key, near.take());
    }
  }

  private dropAllCancelled(): void {
    const records = new Run();
    this.moveHeadTo(records);
    while (this.rungCount > 0) {
      const rung = this.rungs[--this.rungCount]!;
      while (rung.takeNext(this.moving)) appendAll(this.moving, records);
    }
    appendAll(this.far, records);
    const pending = new Run();
    for (let i = 0; i < records.count; i++) {
      const slot = records.slots[i]!;
      if (this.slots.isPending(slot)) pending.append(records.keys[i]!, slot);
      else this.slots.dropCancelled(slot);
    }
    this.holdFar(pending);
  }

  /** Makes a run all that is pending, to be spread when the next event is asked for. */
  private holdFar(pending: Run): void {
    this.far = pending;
    this.rungCount = 0;
    this.front.clear();
    this.cursor = 0;
    this.frontEnd = -Infinity;
  }

  private eventOf(key: number, slot: number): CalendarEvent {
    const event = {
      timeUs: timeUsOfKey(key),
      phase: phaseOfKey(key),
      kind: 0,
      subject: 0,
      detail: 0,
      background: false,
    };
    this.slots.read(slot, event);
    return event;
  }
}

function appendAll(from: Run, to: Run): void {
  for (let i = 0; i < from.count; i++) to.append(from.keys[i]!, from.slots[i]!);
}
