/**
 * What the pending events carry, each in a slot that keeps its place while keys and slot numbers move about.
 *
 * Handle     slot + generation x 2^26. A slot moves to its next generation when it is freed, so a handle of an event
 *            that is gone names nothing. Generations wrap at 2^27, which keeps a handle below 2^53.
 * Cancelled  a slot stays taken until the record that points to it is met: `isPending` tells the two apart.
 * Memory     24 bytes a slot, side by side because a pop reads all of it: one cache line, not five.
 * Reuse      the slot freed last is taken first, while it is still in the cache.
 */

import { assert } from '../base/assert.ts';
import { NO_EVENT } from './calendar.ts';
import type { CalendarEvent, EventHandle } from './calendar.ts';

const SLOTS_MAX = 67_108_864;
const GENERATIONS = 134_217_728;

/** A slot in words of 4 bytes; the first two hold `detail` as a double. */
const WORDS = 6;
const DOUBLES = WORDS / 2;
const SUBJECT = 2;
const KIND = 3;
const GENERATION = 4;
const STATE = 5;

/** Free, or cancelled with a record still about. */
const GONE = 0;
const FOREGROUND = 1;
const BACKGROUND = 2;

export class EventSlots {
  /** Pending events of either sort. */
  size = 0;
  foregroundSize = 0;
  /** Cancelled slots whose records are still about. */
  cancelledCount = 0;

  private capacity = 64;
  private words = new Int32Array(this.capacity * WORDS);
  private doubles = new Float64Array(this.words.buffer);
  private slotCount = 0;
  private free = new Int32Array(this.capacity);
  private freeCount = 0;

  take(kind: number, subject: number, detail: number, background: boolean): number {
    const slot = this.freeCount > 0 ? this.free[--this.freeCount]! : this.newSlot();
    this.fill(slot, kind, subject, detail, background);
    return slot;
  }

  handleOf(slot: number): EventHandle {
    return slot + this.words[slot * WORDS + GENERATION]! * SLOTS_MAX;
  }

  isPending(slot: number): boolean {
    return this.words[slot * WORDS + STATE]! !== GONE;
  }

  isBackground(slot: number): boolean {
    return this.words[slot * WORDS + STATE] === BACKGROUND;
  }

  /**
   * How many of the first `count` slots are of events that are gone. The loop does nothing else, so that the memory brings
   * many slots at once, where pops would wait for one after the other.
   */
  countGone(slots: Int32Array, count: number): number {
    const { words } = this;
    let gone = 0;
    for (let i = 0; i < count; i++) {
      const state = words[slots[i]! * WORDS + STATE];
      if (state === GONE) gone++;
    }
    return gone;
  }

  /** False when the handle names no pending event. */
  cancel(handle: EventHandle): boolean {
    if (handle === NO_EVENT) return false;
    const generation = Math.floor(handle / SLOTS_MAX);
    const slot = handle - generation * SLOTS_MAX;
    if (slot >= this.slotCount || !this.isPending(slot)) return false;
    if (this.words[slot * WORDS + GENERATION] !== generation) return false;
    this.leave(slot);
    this.cancelledCount++;
    return true;
  }

  /** Copies a pending event out and frees its slot. Time and phase are the caller's. */
  release(slot: number, into: CalendarEvent): void {
    this.read(slot, into);
    this.leave(slot);
    this.recycle(slot);
  }

  /** Frees the slot of a cancelled event, now that no record points to it. */
  dropCancelled(slot: number): void {
    this.cancelledCount--;
    this.recycle(slot);
  }

  /** All but time and phase. */
  read(slot: number, into: CalendarEvent): void {
    const { words } = this;
    const at = slot * WORDS;
    into.kind = words[at + KIND]!;
    into.subject = words[at + SUBJECT]!;
    into.detail = this.doubles[slot * DOUBLES]!;
    into.background = words[at + STATE] === BACKGROUND;
  }

  generations(): number[] {
    return Array.from(
      { length: this.slotCount },
      (_, slot) => this.words[slot * WORDS + GENERATION]!,
    );
  }

  freeSlots(): number[] {
    return [...this.free.subarray(0, this.freeCount)];
  }

  /** Forgets all events; those pending are put back by `refill`. */
  restore(generations: readonly number[], freeSlots: readonly number[]): void {
    this.size = this.foregroundSize = this.cancelledCount = this.slotCount = 0;
    for (const generation of generations) {
      const slot = this.newSlot();
      this.words[slot * WORDS + GENERATION] = generation;
      this.words[slot * WORDS + STATE] = GONE;
    }
    this.words.fill(0, this.slotCount * WORDS);
    this.free.set(freeSlots);
    this.freeCount = freeSlots.length;
  }

  /** Puts an event back under the handle it had; gives its slot. */
  refill(
    handle: EventHandle,
    kind: number,
    subject: number,
    detail: number,
    background: boolean,
  ): number {
    const slot = handle % SLOTS_MAX;
    this.fill(slot, kind, subject, detail, background);
    return slot;
  }

  private fill(
    slot: number,
    kind: number,
    subject: number,
    detail: number,
    background: boolean,
  ): void {
    const { words } = this;
    const at = slot * WORDS;
    words[at + SUBJECT] = subject;
    words[at + KIND] = kind;
    words[at + STATE] = background ? BACKGROUND : FOREGROUND;
    this.doubles[slot * DOUBLES] = detail;
    this.size++;
    if (!background) this.foregroundSize++;
  }

  private leave(slot: number): void {
    const at = slot * WORDS + STATE;
    this.size--;
    if (this.words[at] === FOREGROUND) this.foregroundSize--;
    this.words[at] = GONE;
  }

  private recycle(slot: number): void {
    const at = slot * WORDS + GENERATION;
    this.words[at] = (this.words[at]! + 1) & (GENERATIONS - 1);
    this.free[this.freeCount++] = slot;
  }

  private newSlot(): number {
    if (this.slotCount === this.capacity) this.grow();
    return this.slotCount++;
  }

  private grow(): void {
    assert(this.capacity < SLOTS_MAX, () => `pending events must be below ${SLOTS_MAX}`);
    const { words, free } = this;
    this.capacity *= 2;
    this.words = new Int32Array(this.capacity * WORDS);
    this.words.set(words);
    this.doubles = new Float64Array(this.words.buffer);
    this.free = new Int32Array(this.capacity);
    this.free.set(free);
  }
}
