/**
 * The best hosts for a request that is not remembered: scores the hosts that have room, and passes over blocks of hosts none
 * of which has enough CPU, or none enough memory.
 *
 * Cost       two comparisons a block of 16, then as a scan; hosts that all score the same are searched up to the first with
 *            room. In a full cluster most blocks are passed over, in an evenly filled one none.
 */

import { CPU_FREE, MEMORY_FREE, NEWEST, RECORD } from './host-slots.ts';
import { Room } from './room.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostClasses } from './host-classes.ts';
import type { HostSlots } from './host-slots.ts';
import type { PlacementRequest, ScorePolicy } from '../policy.ts';
import type { Ranking } from './ranking.ts';

const BLOCK_BITS = 4;
const NONE = -1;

export class BlockSearch implements Ranking<PlacementRequest> {
  private readonly view: ClusterView;
  private readonly policies: readonly ScorePolicy[];
  private readonly slots: HostSlots;
  private readonly classes: HostClasses;
  private cpuMost = new Float64Array(0);
  private memoryMost = new Float64Array(0);
  private position = 0;
  private generation = -1;
  private request: PlacementRequest = { spec: 0, workload: 0 };
  private room: Room | undefined;
  private first = NONE;
  /** Scores of the best host. */
  private readonly best: number[] = [];

  constructor(
    view: ClusterView,
    policies: readonly ScorePolicy[],
    slots: HostSlots,
    classes: HostClasses,
  ) {
    this.view = view;
    this.policies = policies;
    this.slots = slots;
    this.classes = classes;
  }

  rank(request: PlacementRequest): boolean {
    this.catchUp();
    this.request = request;
    this.room = new Room(this.view, this.classes, request);
    this.first = this.policies.length === 0 ? this.nextWithRoom(0) : this.firstMaximum();
    return this.first !== NONE;
  }

  firstBest(from: number): number {
    if (from <= this.first) return this.first;
    for (let slot = from; ; slot++) {
      slot = this.nextWithRoom(slot);
      if (slot === NONE || this.compare(slot) === 0) return slot;
    }
  }

  isBest(slot: number): boolean {
    const { rows, records } = this.slots;
    return this.room!.has(rows[slot]!, records, slot * RECORD) && this.compare(slot) === 0;
  }

  private firstMaximum(): number {
    const { policies, best, slots, request, view } = this;
    if (policies.length === 1) return this.firstMaximumOf(policies[0]!);
    let first = NONE;
    for (let slot = this.nextWithRoom(0); slot !== NONE; slot = this.nextWithRoom(slot + 1)) {
      if (first !== NONE && this.compare(slot) <= 0) continue;
      first = slot;
      const host = slots.rows[slot]!;
      for (let i = 0; i < policies.length; i++) best[i] = policies[i]!.score(host, request, view);
    }
    return first;
  }

  /** The same for a list of one, with nothing but the scores in the loop. */
  private firstMaximumOf(policy: ScorePolicy): number {
    const { request, view, cpuMost, memoryMost } = this;
    const { rows, records, count } = this.slots;
    const room = this.room!;
    let first = NONE;
    let most = -Infinity;
    for (let block = 0; block << BLOCK_BITS < count; block++) {
      if (!room.mayFit(cpuMost[block]!, memoryMost[block]!)) continue;
      const end = Math.min((block + 1) << BLOCK_BITS, count);
      for (let slot = block << BLOCK_BITS; slot < end; slot++) {
        const host = rows[slot]!;
        if (!room.has(host, records, slot * RECORD)) continue;
        const score = policy.score(host, request, view);
        if (score <= most) continue;
        most = score;
        first = slot;
      }
    }
    this.best[0] = most;
    return first;
  }

  /** Sign of (slot - best so far). */
  private compare(slot: number): number {
    const { policies, best, request, view } = this;
    const host = this.slots.rows[slot]!;
    for (let i = 0; i < policies.length; i++) {
      const difference = policies[i]!.score(host, request, view) - best[i]!;
      if (difference !== 0) return difference;
    }
    return 0;
  }

  private nextWithRoom(from: number): number {
    const { slots, cpuMost, memoryMost } = this;
    const { rows, records, count } = slots;
    const room = this.room!;
    for (let slot = from; slot < count;) {
      const block = slot >> BLOCK_BITS;
      const end = Math.min((block + 1) << BLOCK_BITS, count);
      if (room.mayFit(cpuMost[block]!, memoryMost[block]!)) {
        for (; slot < end; slot++) {
          if (room.has(rows[slot]!, records, slot * RECORD)) return slot;
        }
      }
      slot = end;
    }
    return NONE;
  }

  private catchUp(): void {
    const { slots, position } = this;
    const isBehind = slots.head - position > slots.ring.length;
    if (this.generation !== slots.generation || isBehind) {
      const blocks = slots.rows.length >> BLOCK_BITS;
      this.cpuMost = new Float64Array(blocks);
      this.memoryMost = new Float64Array(blocks);
      for (let block = 0; block < blocks; block++) this.measure(block);
      this.generation = slots.generation;
    } else {
      const { ring, records, head } = slots;
      const last = ring.length - 1;
      for (let entry = position; entry < head; entry++) {
        const slot = ring[entry & last]!;
        if (records[slot * RECORD + NEWEST] === entry) this.measure(slot >> BLOCK_BITS);
      }
    }
    this.position = slots.head;
  }

  /** Takes the maxima of a block again; empty slots have room for nothing. */
  private measure(block: number): void {
    const { records, count } = this.slots;
    let cpu = -1;
    let memory = -1;
    const end = Math.min((block + 1) << BLOCK_BITS, count);
    for (let slot = block << BLOCK_BITS; slot < end; slot++) {
      cpu = Math.max(cpu, records[slot * RECORD + CPU_FREE]!);
      memory = Math.max(memory, records[slot * RECORD + MEMORY_FREE]!);
    }
    this.cpuMost[block] = cpu;
    this.memoryMost[block] = memory;
  }
}
