/**
 * How far one structure has read the log of changed slots: it hears of each slot once, however often that changed, and is told
 * when it must look at all of them instead.
 */

import { NEWEST, RECORD } from './host-slots.ts';
import type { HostSlots } from './host-slots.ts';

/** There is no further slot. */
export const NO_SLOT = -1;

const NEVER = -1;

export class SlotReader {
  private readonly slots: HostSlots;
  private position = 0;
  private generation = NEVER;

  constructor(slots: HostSlots) {
    this.slots = slots;
  }

  /** False when slots were renumbered since all were looked at. */
  get isNumbered(): boolean {
    return this.generation === this.slots.generation;
  }

  /** False when all must be looked at: slots were renumbered, or more has changed than the log holds. */
  get canCatchUp(): boolean {
    const { slots } = this;
    return this.isNumbered && slots.head - this.position <= slots.ring.length;
  }

  /** Slots to look at, at most. */
  get backlog(): number {
    const { slots } = this;
    return this.isNumbered ? Math.min(slots.count, slots.head - this.position) : slots.count;
  }

  /** The next slot that has changed, or NO_SLOT. Only while `canCatchUp`. */
  next(): number {
    const { ring, records, head } = this.slots;
    const last = ring.length - 1;
    while (this.position < head) {
      const entry = this.position++;
      const slot = ring[entry & last]!;
      if (records[slot * RECORD + NEWEST] === entry) return slot;
    }
    return NO_SLOT;
  }

  /** Everything was looked at: nothing is left to hear of. */
  skipAll(): void {
    this.position = this.slots.head;
    this.generation = this.slots.generation;
  }

  /** What was read is void. */
  forget(): void {
    this.generation = NEVER;
  }
}
