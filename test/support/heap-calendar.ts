/**
 * The plain twin of the ladder calendar: a 4-ary heap of slots ordered by (key, sequence), slots recycled with a generation.
 *
 * Cost       push and pop O(log n), cancel O(1): a cancelled slot is dropped when it reaches the root.
 * Memory     41 bytes an event, doubled when full, no allocation per event.
 */

import { eventKey } from '../../src/kernel/event-key.ts';
import { PHASES_MAX } from '../../src/kernel/calendar.ts';
import type {
  Calendar,
  CalendarEvent,
  CalendarState,
  EventHandle,
} from '../../src/kernel/calendar.ts';

/** Slots below 2^26, generations below 2^27: a handle stays an exact double. */
const GENERATION_UNIT = 67_108_864;

export class HeapCalendar implements Calendar {
  size = 0;
  foregroundSize = 0;

  private heap = new Int32Array(64);
  private heapSize = 0;
  private key = new Float64Array(64);
  private sequence = new Float64Array(64);
  private kind = new Int32Array(64);
  private subject = new Int32Array(64);
  private detail = new Float64Array(64);
  private background = new Uint8Array(64);
  private generation = new Int32Array(64);
  private alive = new Uint8Array(64);
  private freeSlots: number[] = [];
  private slotCount = 0;
  private pushes = 0;

  push(
    timeUs: number,
    phase: number,
    kind: number,
    subject: number,
    detail: number,
    background: boolean,
  ): EventHandle {
    const key = eventKey(timeUs, phase);
    const slot = this.freeSlots.pop() ?? this.newSlot();
    this.key[slot] = key;
    this.sequence[slot] = this.pushes++;
    this.kind[slot] = kind;
    this.subject[slot] = subject;
    this.detail[slot] = detail;
    this.background[slot] = background ? 1 : 0;
    this.alive[slot] = 1;
    this.size++;
    if (!background) this.foregroundSize++;
    this.siftUp(this.heapSize++, slot);
    return slot + this.generation[slot]! * GENERATION_UNIT;
  }

  cancel(handle: EventHandle): boolean {
    if (handle < 0) return false;
    const slot = handle % GENERATION_UNIT;
    const generation = (handle - slot) / GENERATION_UNIT;
    if (this.generation[slot] !== generation || this.alive[slot] === 0) return false;
    this.alive[slot] = 0;
    this.size--;
    if (this.background[slot] === 0) this.foregroundSize--;
    return true;
  }

  pop(into: CalendarEvent): boolean {
    this.dropCancelled();
    if (this.heapSize === 0) return false;
    const slot = this.removeRoot();
    const key = this.key[slot]!;
    into.phase = key % PHASES_MAX;
    into.timeUs = (key - into.phase) / PHASES_MAX;
    into.kind = this.kind[slot]!;
    into.subject = this.subject[slot]!;
    into.detail = this.detail[slot]!;
    into.background = this.background[slot] === 1;
    this.alive[slot] = 0;
    this.size--;
    if (!into.background) this.foregroundSize--;
    this.recycle(slot);
    return true;
  }

  nextTimeUs(): number {
    this.dropCancelled();
    if (this.heapSize === 0) return Infinity;
    const key = this.key[this.heap[0]!]!;
    return (key - (key % PHASES_MAX)) / PHASES_MAX;
  }

  save(): CalendarState {
    const slots = [...this.heap.subarray(0, this.heapSize)].filter(
      (slot) => this.alive[slot] === 1,
    );
    slots.sort((a, b) => this.key[a]! - this.key[b]! || this.sequence[a]! - this.sequence[b]!);
    const inUse = new Set(slots);
    const free = new Set(this.freeSlots);
    return {
      timeUs: slots.map((slot) => Math.floor(this.key[slot]! / PHASES_MAX)),
      phase: slots.map((slot) => this.key[slot]! % PHASES_MAX),
      kind: slots.map((slot) => this.kind[slot]!),
      subject: slots.map((slot) => this.subject[slot]!),
      detail: slots.map((slot) => this.detail[slot]!),
      background: slots.map((slot) => this.background[slot]!),
      handle: slots.map((slot) => slot + this.generation[slot]! * GENERATION_UNIT),
      // A cancelled slot that still sits in the heap is free in the copy, under a generation of its own.
      generations: Array.from(this.generation.subarray(0, this.slotCount), (generation, slot) =>
        inUse.has(slot) || free.has(slot) ? generation : generation + 1,
      ),
      freeSlots: [
        ...this.freeSlots,
        ...Array.from({ length: this.slotCount }, (_, slot) => slot).filter(
          (slot) => !inUse.has(slot) && !free.has(slot),
        ),
      ],
    };
  }

  restore(state: CalendarState): void {
    this.size = this.foregroundSize = this.heapSize = this.pushes = 0;
    this.slotCount = 0;
    while (this.slotCount < state.generations.length) this.newSlot();
    this.generation.fill(0);
    this.generation.set(state.generations);
    this.alive.fill(0);
    const slots = state.handle.map((handle) => handle % GENERATION_UNIT);
    // `push` takes the last free slot: handing the slots out in order keeps every handle valid.
    this.freeSlots = [...slots].reverse();
    for (let i = 0; i < slots.length; i++) {
      this.push(
        state.timeUs[i]!,
        state.phase[i]!,
        state.kind[i]!,
        state.subject[i]!,
        state.detail[i]!,
        state.background[i] === 1,
      );
    }
    this.freeSlots = [...state.freeSlots];
  }

  private newSlot(): number {
    if (this.slotCount === this.key.length) this.grow();
    return this.slotCount++;
  }

  private grow(): void {
    const capacity = this.key.length * 2;
    const copy = <T extends Int32Array | Float64Array | Uint8Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.heap = copy(this.heap, new Int32Array(capacity));
    this.key = copy(this.key, new Float64Array(capacity));
    this.sequence = copy(this.sequence, new Float64Array(capacity));
    this.kind = copy(this.kind, new Int32Array(capacity));
    this.subject = copy(this.subject, new Int32Array(capacity));
    this.detail = copy(this.detail, new Float64Array(capacity));
    this.background = copy(this.background, new Uint8Array(capacity));
    this.generation = copy(this.generation, new Int32Array(capacity));
    this.alive = copy(this.alive, new Uint8Array(capacity));
  }

  private recycle(slot: number): void {
    this.generation[slot]!++;
    this.freeSlots.push(slot);
  }

  private dropCancelled(): void {
    while (this.heapSize > 0 && this.alive[this.heap[0]!] === 0) this.recycle(this.removeRoot());
  }

  private before(a: number, b: number): boolean {
    const keyA = this.key[a]!;
    const keyB = this.key[b]!;
    return keyA < keyB || (keyA === keyB && this.sequence[a]! < this.sequence[b]!);
  }

  private siftUp(hole: number, slot: number): void {
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const above = this.heap[parent]!;
      if (!this.before(slot, above)) break;
      this.heap[hole] = above;
      hole = parent;
    }
    this.heap[hole] = slot;
  }

  private removeRoot(): number {
    const root = this.heap[0]!;
    const last = this.heap[--this.heapSize]!;
    if (this.heapSize > 0) this.siftDown(last);
    return root;
  }

  private siftDown(slot: number): void {
    let hole = 0;
    for (;;) {
      const first = hole * 4 + 1;
      if (first >= this.heapSize) break;
      let best = first;
      const end = Math.min(first + 4, this.heapSize);
      for (let child = first + 1; child < end; child++) {
        if (this.before(this.heap[child]!, this.heap[best]!)) best = child;
      }
      if (!this.before(this.heap[best]!, slot)) break;
      this.heap[hole] = this.heap[best]!;
      hole = best;
    }
    this.heap[hole] = slot;
  }
}
