/**
 * The hosts of an index in the order in which ties are broken, and a log of those that changed.
 *
 * Slots      a host keeps its slot until the slots are numbered anew, which `generation` tells. Slots run in row order, or
 *            in the order of a permutation. A host that has ended leaves its slot empty.
 * Log        a ring of changed slots. Each structure on top remembers how far it has read (`head` when it was done) and
 *            may skip an entry that is not the newest of its slot.
 * Records    what every structure asks of a changed host lies side by side, so that it comes with one access to memory:
 *            at RECORD x slot, free CPU (-1 when the host takes no task), free memory, class, newest entry of the log,
 *            allocatable CPU and memory. 64 bytes, so that a record comes with one line of the cache, or two.
 * Renumbered when the slots are used up, without the ended hosts, with as many slots free as used; and when a host
 *            joins a permutation, which has no place for it. Then everything on top is made again on its next use.
 */

import { HOST_STATE } from '../../cluster/hosts.ts';
import { TAKES_NONE } from './host-classes.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostClasses } from './host-classes.ts';

export const RECORD = 8;
export const CPU_FREE = 0;
export const MEMORY_FREE = 1;
export const CLASS = 2;
export const NEWEST = 3;
export const CPU_ALL = 4;
export const MEMORY_ALL = 5;

const NO_SLOT = -1;
const TAKES_NO_TASK = -1;
const SLOTS_MIN = 64;
/** Log entries per slot: a structure that is further behind is made again. */
const ENTRIES_PER_SLOT = 4;

export class HostSlots {
  /** Row of the host in each slot. */
  rows = new Int32Array(SLOTS_MIN);
  records = new Float64Array(SLOTS_MIN * RECORD);
  count = 0;
  generation = 0;

  /** Number of changes so far. */
  head = 0;
  ring = new Int32Array(SLOTS_MIN * ENTRIES_PER_SLOT);

  private readonly view: ClusterView;
  private readonly classes: HostClasses;
  /** Place of a row in a permutation; undefined for row order. */
  private readonly placeOf: ((row: number) => number) | undefined;
  private slotOf = new Int32Array(SLOTS_MIN).fill(NO_SLOT);
  private newcomers: number[] = [];

  constructor(view: ClusterView, classes: HostClasses, placeOf?: (row: number) => number) {
    this.view = view;
    this.classes = classes;
    this.placeOf = placeOf;
  }

  /** Adds a host; rows come in ascending order. */
  add(row: number): void {
    if (this.placeOf !== undefined || this.count === this.rows.length) {
      this.newcomers.push(row);
      return;
    }
    this.append(row);
    this.log(row, this.count - 1);
  }

  /** Notes that something about the host has changed. */
  touch(row: number): void {
    const slot = this.slotOf[row];
    if (slot !== undefined && slot !== NO_SLOT) this.log(row, slot);
  }

  /** Notes that the host takes tasks now, or does no more. */
  reclassify(row: number): void {
    const slot = this.slotOf[row];
    if (slot === undefined || slot === NO_SLOT) return;
    this.records[slot * RECORD + CLASS] = this.classes.of(row);
    this.log(row, slot);
  }

  /** Gives slots to the newcomers; true when all are numbered anew. Call before reading. */
  settle(): boolean {
    if (this.newcomers.length === 0) return false;
    this.renumber();
    return true;
  }

  /** First slot behind a row. For slots in row order. */
  slotBehind(row: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.rows[middle]! <= row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Slot of a host that has one. */
  slot(row: number): number {
    return this.slotOf[row]!;
  }

  private renumber(): void {
    const { hosts } = this.view;
    const { placeOf } = this;
    const alive = [...this.rows.subarray(0, this.count), ...this.newcomers].filter(
      (row) => hosts.state[row]! < HOST_STATE.terminating,
    );
    if (placeOf !== undefined) alive.sort((a, b) => placeOf(a) - placeOf(b));
    let slots = SLOTS_MIN;
    while (slots < 2 * alive.length) slots *= 2;
    this.rows = new Int32Array(slots);
    this.records = new Float64Array(slots * RECORD);
    this.ring = new Int32Array(slots * ENTRIES_PER_SLOT);
    this.slotOf.fill(NO_SLOT);
    this.newcomers = [];
    this.count = 0;
    this.generation++;
    for (const row of alive) this.append(row);
  }

  private append(row: number): void {
    if (row >= this.slotOf.length) {
      const larger = new Int32Array(Math.max(row + 1, this.slotOf.length * 2)).fill(NO_SLOT);
      larger.set(this.slotOf);
      this.slotOf = larger;
    }
    const slot = this.count++;
    const at = slot * RECORD;
    this.slotOf[row] = slot;
    this.rows[slot] = row;
    this.records[at + CLASS] = this.classes.of(row);
    this.records[at + CPU_ALL] = this.view.hosts.cpuAllocatable[row]!;
    this.records[at + MEMORY_ALL] = this.view.hosts.memoryAllocatable[row]!;
    this.record(row, slot);
  }

  private log(row: number, slot: number): void {
    this.record(row, slot);
    this.records[slot * RECORD + NEWEST] = this.head;
    this.ring[this.head++ & (this.ring.length - 1)] = slot;
  }

  private record(row: number, slot: number): void {
    const { hosts } = this.view;
    const { records } = this;
    const at = slot * RECORD;
    const takesTasks = records[at + CLASS] !== TAKES_NONE && hosts.slotsFree[row]! > 0;
    records[at + CPU_FREE] = takesTasks ? hosts.cpuFree[row]! : TAKES_NO_TASK;
    records[at + MEMORY_FREE] = hosts.memoryFree[row]!;
  }
}
