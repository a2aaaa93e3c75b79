/**
 * Which requests have room on which hosts: a word of bits per host, one bit a request, under a tree of ORs with 16 children
 * a node. Ranks hosts that all score the same: the first with room is found without a wrong turn, and that there is
 * none is seen at the top.
 *
 * Bits       bit(h, r) = cpu_r <= free cpu of h, and memory, and slots, and class, and devices. The first two are looked
 *            up in ladders: all requests that ask for at most so much, in one word.
 * Cost       of a changed host: two look-ups and a word for every 32 requests; a change that leaves the word stops there.
 *            Of a question: 16 steps a level. Of a new request: one look at every host.
 */

import { Admission } from './admission.ts';
import { CLASS, CPU_FREE, MEMORY_FREE, RECORD } from './host-slots.ts';
import { NO_SLOT, SlotReader } from './slot-reader.ts';
import { DemandLadder } from './demand-ladder.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Demand } from './demand-ladder.ts';
import type { HostClasses } from './host-classes.ts';
import type { HostSlots } from './host-slots.ts';
import type { KnownRequest, RequestTable } from './request-table.ts';
import type { Ranking } from './ranking.ts';

const FAN_OUT_BITS = 4;
const FAN_OUT = 1 << FAN_OUT_BITS;
const WORD_BITS = 5;

export class FitTree implements Ranking<KnownRequest> {
  private readonly view: ClusterView;
  private readonly slots: HostSlots;
  private readonly classes: HostClasses;
  private readonly table: Pick<RequestTable, 'at'>;
  /** By number; a number may be unknown here that is known to the index of another zone. */
  private readonly requests: (KnownRequest | undefined)[] = [];
  private readonly cpu = new DemandLadder();
  private readonly memory = new DemandLadder();
  /** Words per host. */
  private readonly reader: SlotReader;
  private width = 0;
  /** One a word. */
  private readonly admissions: Admission[] = [];
  /** Words of slots, then of their parents, up to at most 16 nodes. */
  private levels: Int32Array[] = [];
  private asked = 0;
  private first = -1;

  constructor(
    view: ClusterView,
    slots: HostSlots,
    classes: HostClasses,
    table: Pick<RequestTable, 'at'>,
  ) {
    this.view = view;
    this.slots = slots;
    this.classes = classes;
    this.table = table;
    this.reader = new SlotReader(slots);
    this.widen(1);
  }

  rank(request: KnownRequest): boolean {
    if (this.requests[request.number] !== request) this.add(request);
    this.catchUp();
    this.asked = request.number;
    this.first = this.search(0);
    return this.first >= 0;
  }

  firstBest(from: number): number {
    return from === 0 ? this.first : this.search(from);
  }

  private search(from: number): number {
    const { levels, width } = this;
    const word = this.asked >> WORD_BITS;
    const bit = 1 << (this.asked & 31);
    let level = from === 0 ? levels.length - 1 : 0;
    let at = from;
    for (;;) {
      const nodes = levels[level]!;
      const end = Math.min((at & -FAN_OUT) + FAN_OUT, nodes.length / width);
      while (at < end && (nodes[at * width + word]! & bit) === 0) at++;
      if (at < end) break;
      if (++level === levels.length) return -1;
      at = end >> FAN_OUT_BITS;
    }
    while (level > 0) {
      const nodes = levels[--level]!;
      at <<= FAN_OUT_BITS;
      while ((nodes[at * width + word]! & bit) === 0) at++;
    }
    return at;
  }

  isBest(slot: number): boolean {
    const word = this.levels[0]![slot * this.width + (this.asked >> WORD_BITS)]!;
    return (word & (1 << (this.asked & 31))) !== 0;
  }

  /** Learns the request, and with it the others of its word that it does not know. */
  private add(request: KnownRequest): void {
    this.catchUp();
    const word = request.number >> WORD_BITS;
    const isWider = word >= this.width;
    // Room for twice as many, so that the words are widened a few times only.
    if (isWider) this.widen(Math.max(word + 1, this.width * 2));
    for (let bit = 0; bit <= 31; bit++) {
      const one = this.table.at((word << WORD_BITS) + bit);
      if (one === undefined || this.requests[one.number] === one) continue;
      this.requests[one.number] = one;
      this.admissions[word]!.set(bit, one);
    }
    this.lookUp();
    if (isWider) this.make();
    else this.updateWord(word);
  }

  private widen(width: number): void {
    this.width = width;
    while (this.admissions.length < width) {
      this.admissions.push(new Admission(this.view, this.classes));
    }
  }

  /** Makes the tables that the bits come from. */
  private lookUp(): void {
    const { specs } = this.view;
    const demands = (column: readonly number[]): Demand[] =>
      this.known().map(({ number, spec }) => ({ number, amount: column[spec]! }));
    this.cpu.make(demands(specs.cpuTicks), this.width);
    this.memory.make(demands(specs.memoryBytes), this.width);
  }

  private known(): KnownRequest[] {
    return this.requests.filter((request) => request !== undefined);
  }

  private updateWord(word: number): void {
    for (let slot = 0; slot < this.slots.count; slot++) this.update(slot, word, word + 1);
  }

  private catchUp(): void {
    const { reader, width } = this;
    if (!reader.canCatchUp) return this.make();
    for (let slot = reader.next(); slot !== NO_SLOT; slot = reader.next()) {
      this.update(slot, 0, width);
    }
  }

  private make(): void {
    const { slots, width } = this;
    this.levels = [];
    let nodes = slots.rows.length;
    for (;;) {
      const padded = (nodes + FAN_OUT - 1) & -FAN_OUT;
      this.levels.push(new Int32Array(padded * width));
      if (padded <= FAN_OUT) break;
      nodes = padded >> FAN_OUT_BITS;
    }
    for (let slot = 0; slot < slots.count; slot++) this.update(slot, 0, width);
    this.reader.skipAll();
  }

  /** Makes the words of a slot from `from` up to `to` again. */
  private update(slot: number, from: number, to: number): void {
    const { records, rows } = this.slots;
    const at = slot * RECORD;
    const hostClass = records[at + CLASS]!;
    const cpuAt = this.cpu.at(records[at + CPU_FREE]!);
    const memoryAt = this.memory.at(records[at + MEMORY_FREE]!);
    for (let word = from; word < to; word++) {
      const admission = this.admissions[word]!;
      const enough = this.cpu.bits[cpuAt + word]! & this.memory.bits[memoryAt + word]!;
      const admitted = enough & admission.ofClass(hostClass);
      this.setWord(slot, word, admission.withDevices(admitted, rows[slot]!));
    }
  }

  private setWord(slot: number, word: number, bits: number): void {
    const { levels, width } = this;
    let children = levels[0]!;
    let old = children[slot * width + word]!;
    let next = bits;
    let child = slot;
    if (old === next) return;
    children[child * width + word] = next;
    for (let level = 1; level < levels.length; level++) {
      const nodes = levels[level]!;
      const node = child >> FAN_OUT_BITS;
      const at = node * width + word;
      const union = nodes[at]!;
      next = (old & ~next) === 0 ? union | next : unionOf(children, node, width, word);
      if (next === union) return;
      nodes[at] = next;
      old = union;
      child = node;
      children = nodes;
    }
  }
}

function unionOf(children: Int32Array, node: number, width: number, word: number): number {
  const from = (node << FAN_OUT_BITS) * width + word;
  const end = from + FAN_OUT * width;
  let bits = 0;
  for (let at = from; at < end; at += width) bits |= children[at]!;
  return bits;
}
