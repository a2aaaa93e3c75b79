/**
 * Is there a host with so much CPU and memory free at once? Asked before a cycle: a full cluster refuses most pods of a long
 * queue, and each of them in a few steps.
 *
 * Tree       the most CPU and the most memory below each node, 16 children a node. A search goes down where both would do.
 * Answers    no is certain; yes says nothing of labels, taints and devices.
 * Cost       of a changed host: its ancestors, as far as their maxima move. Of a question in a full cluster: the top.
 */

import { CPU_FREE, MEMORY_FREE, RECORD } from '../../../placement/index/host-slots.ts';
import { NO_SLOT, SlotReader } from '../../../placement/index/slot-reader.ts';
import type { HostSlots } from '../../../placement/index/host-slots.ts';

const FAN_OUT_BITS = 4;
const FAN_OUT = 1 << FAN_OUT_BITS;
const NO_ROOM = -1;

interface Level {
  readonly cpu: Float64Array;
  readonly memory: Float64Array;
}

export class FreeRoom {
  private readonly slots: HostSlots;
  private readonly reader: SlotReader;
  /** Slots, then their parents, up to at most 16 nodes. */
  private levels: Level[] = [];

  constructor(slots: HostSlots) {
    this.slots = slots;
    this.reader = new SlotReader(slots);
  }

  mayHold(cpuTicks: number, memoryBytes: number): boolean {
    this.catchUp();
    return this.search(this.levels.length - 1, 0, cpuTicks, memoryBytes);
  }

  /** Among the siblings of a level that begin at `from`, and below them. */
  private search(level: number, from: number, cpuTicks: number, memoryBytes: number): boolean {
    const { cpu, memory } = this.levels[level]!;
    for (let at = from; at < from + FAN_OUT; at++) {
      if (cpuTicks > cpu[at]! || memoryBytes > memory[at]!) continue;
      if (level === 0 || this.search(level - 1, at << FAN_OUT_BITS, cpuTicks, memoryBytes)) {
        return true;
      }
    }
    return false;
  }

  private catchUp(): void {
    const { reader } = this;
    if (!reader.canCatchUp) return this.make();
    for (let slot = reader.next(); slot !== NO_SLOT; slot = reader.next()) this.update(slot);
  }

  private make(): void {
    const { slots } = this;
    this.levels = [];
    let nodes = slots.rows.length;
    for (;;) {
      const padded = (nodes + FAN_OUT - 1) & -FAN_OUT;
      this.levels.push({
        cpu: new Float64Array(padded).fill(NO_ROOM),
        memory: new Float64Array(padded).fill(NO_ROOM),
      });
      if (padded <= FAN_OUT) break;
      nodes = padded >> FAN_OUT_BITS;
    }
    for (let slot = 0; slot < slots.count; slot++) this.update(slot);
    this.reader.skipAll();
  }

  private update(slot: number): void {
    const { records } = this.slots;
    let cpu = records[slot * RECORD + CPU_FREE]!;
    let memory = cpu < 0 ? NO_ROOM : records[slot * RECORD + MEMORY_FREE]!;
    let at = slot;
    for (const level of this.levels) {
      if (level.cpu[at] === cpu && level.memory[at] === memory) return;
      level.cpu[at] = cpu;
      level.memory[at] = memory;
      const first = at & -FAN_OUT;
      cpu = largest(level.cpu, first);
      memory = largest(level.memory, first);
      at >>= FAN_OUT_BITS;
    }
  }
}

function largest(values: Float64Array, first: number): number {
  let most = values[first]!;
  for (let i = first + 1; i < first + FAN_OUT; i++) if (values[i]! > most) most = values[i]!;
  return most;
}
