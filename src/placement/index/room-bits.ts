/**
 * Which slots may have room for a request: for either resource and each of 64 rungs, a bit for every slot that has at least
 * that much free. The words of two rungs together leave the slots that are worth a look, 32 at a time.
 *
 * Rungs      four an octave, down from the largest amount: exponent and two bits of the mantissa in single precision, which
 *            order as the amounts do. What is below the lowest rung stands on it; a slot that takes no task, on none.
 * Cost       of a changed host: a bit for each rung that it passed. Of a search: two words for 32 slots, and a look at the slots
 *            that stand on the rung of the request.
 */

import { CPU_FREE, MEMORY_FREE, RECORD } from './host-slots.ts';
import { NO_SLOT, SlotReader } from './slot-reader.ts';
import type { HostSlots } from './host-slots.ts';

const RUNGS = 64;
const NO_RUNG = 0;
const WORD_BITS = 5;
const MANTISSA_BITS_LEFT_OUT = 21;

const single = new Float32Array(1);
const bitsOfSingle = new Int32Array(single.buffer);

function octaveQuarter(amount: number): number {
  single[0] = amount;
  return bitsOfSingle[0]! >> MANTISSA_BITS_LEFT_OUT;
}

/** The rungs of one resource. */
class Ladder {
  /** Words of each rung, one row after the other; nothing stands on row 0. */
  words = new Int32Array(0);
  private rungs = new Uint8Array(0);
  private width = 0;
  private below = 0;

  clear(slots: number, largest: number): void {
    this.width = slots >> WORD_BITS;
    this.words = new Int32Array((RUNGS + 1) * this.width);
    this.rungs = new Uint8Array(slots);
    this.below = octaveQuarter(largest) - RUNGS;
  }

  rungOf(amount: number): number {
    if (amount < 0) return NO_RUNG;
    return Math.min(RUNGS, Math.max(1, octaveQuarter(amount) - this.below));
  }

  set(slot: number, amount: number): void {
    const { words, rungs, width } = this;
    const old = rungs[slot]!;
    const rung = this.rungOf(amount);
    if (old === rung) return;
    rungs[slot] = rung;
    const bit = 1 << (slot & 31);
    const last = Math.max(old, rung);
    let at = (Math.min(old, rung) + 1) * width + (slot >> WORD_BITS);
    for (const end = last * width + (slot >> WORD_BITS); at <= end; at += width) words[at]! ^= bit;
  }

  /** Where the words start of the slots that may have `amount`. */
  at(amount: number): number {
    return this.rungOf(amount) * this.width;
  }
}

export class RoomBits {
  private readonly slots: HostSlots;
  private readonly cpu = new Ladder();
  private readonly memory = new Ladder();
  private readonly reader: SlotReader;

  constructor(slots: HostSlots) {
    this.slots = slots;
    this.reader = new SlotReader(slots);
  }

  catchUp(): void {
    const { reader } = this;
    if (!reader.canCatchUp) return this.make();
    for (let slot = reader.next(); slot !== NO_SLOT; slot = reader.next()) this.update(slot);
  }

  /** First slot, not before `from`, that may have room; -1 when there is none. */
  next(from: number, cpuTicks: number, memoryBytes: number): number {
    const cpuWords = this.cpu.words;
    const memoryWords = this.memory.words;
    const cpuAt = this.cpu.at(cpuTicks);
    const memoryAt = this.memory.at(memoryBytes);
    const end = (this.slots.count + 31) >> WORD_BITS;
    let word = from >> WORD_BITS;
    if (word >= end) return -1;
    let bits = cpuWords[cpuAt + word]! & memoryWords[memoryAt + word]! & (-1 << (from & 31));
    while (bits === 0) {
      if (++word >= end) return -1;
      bits = cpuWords[cpuAt + word]! & memoryWords[memoryAt + word]!;
    }
    return (word << WORD_BITS) + 31 - Math.clz32(bits & -bits);
  }

  private make(): void {
    const { slots } = this;
    const { records, count } = slots;
    let cpuMost = 1;
    let memoryMost = 1;
    for (let at = 0; at < count * RECORD; at += RECORD) {
      cpuMost = Math.max(cpuMost, records[at + CPU_FREE]!);
      memoryMost = Math.max(memoryMost, records[at + MEMORY_FREE]!);
    }
    this.cpu.clear(slots.rows.length, cpuMost);
    this.memory.clear(slots.rows.length, memoryMost);
    for (let slot = 0; slot < count; slot++) this.update(slot);
    this.reader.skipAll();
  }

  private update(slot: number): void {
    const { records } = this.slots;
    this.cpu.set(slot, records[slot * RECORD + CPU_FREE]!);
    this.memory.set(slot, records[slot * RECORD + MEMORY_FREE]!);
  }
}
