/**
 * Hosts by shape and then by what they have free: a tree of boxes that halves CPU and memory in turn at each level.
 *
 * Shape      class, number of devices, allocatable CPU and memory. A root each, so that all hosts under a root may or may not
 *            run a task for the same reasons.
 * Quarters   the four children of a node halve its range of free CPU and of free memory. After 12 levels, at 1/4096 of a host,
 *            they follow the slot numbers: any number of hosts may have the same free.
 * Leaf       up to 8 slots, split when one more comes. Nodes are not merged; the tree is made anew when it has four times the
 *            nodes of the last time.
 * Box        the extremes of the free amounts below each node; closer than its range, and a single host is its box.
 * Least      the lowest slot below each node: what a tie can hope for.
 * Hosts      that take no task are not in the tree.
 * Cost       of a changed host: a way down, and one up as far as something changes.
 */

import { CLASS, CPU_FREE, MEMORY_FREE, NEWEST, RECORD } from './host-slots.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostSlots } from './host-slots.ts';

/** `least` of a node without hosts: behind every slot. */
export const NO_SLOTS = 0x7fffffff;
export const LEAF_SLOTS = 8;
/** `firstChild` of a leaf. */
export const IS_LEAF = 0;

/** Of each node in `boxes`. */
export const BOX = 4;
export const CPU_MIN = 0;
export const CPU_MAX = 1;
export const MEMORY_MIN = 2;
export const MEMORY_MAX = 3;

const BITS = 12;
const BINS = 1 << BITS;
const FAN_OUT = 4;
const NOWHERE = -1;
const NODES_MIN = 256;

export interface Shape {
  readonly hostClass: number;
  readonly gpuCount: number;
  readonly cpuAllocatable: number;
  readonly memoryAllocatable: number;
  /** Width of the narrowest ranges: powers of two, so that dividing is exact. */
  readonly cpuStep: number;
  readonly memoryStep: number;
  readonly root: number;
}

/** Bits of a bin pair that all hosts below a node of a level share. */
const SHARED_BITS = Int32Array.from({ length: BITS + 1 }, (_, level) => {
  const bits = (BINS - 1) & -(1 << (BITS - level));
  return (bits << BITS) | bits;
});

export class SearchTree {
  shapes: Shape[] = [];
  firstChild = new Int32Array(NODES_MIN);
  least = new Int32Array(NODES_MIN);
  /** Of each leaf, LEAF_SLOTS places and how many are taken. */
  slotsIn = new Int32Array(NODES_MIN * LEAF_SLOTS);
  taken = new Uint8Array(NODES_MIN);
  boxes = new Float64Array(NODES_MIN * BOX);
  shapeOf = new Int32Array(NODES_MIN);

  private readonly view: ClusterView;
  private readonly slots: HostSlots;
  private level = new Uint8Array(NODES_MIN);
  private parent = new Int32Array(NODES_MIN);
  private nodes = 0;
  private nodesMax = 0;
  private shapeByKey = new Map<string, number>();
  /** Of each slot: its leaf, its shape, and the pair of bins under which it is in the tree. */
  private leafOf = new Int32Array(0);
  private shapeOfSlot = new Int32Array(0);
  private bins = new Int32Array(0);
  private slotBits = 0;
  private position = 0;
  private generation = -1;

  constructor(view: ClusterView, slots: HostSlots) {
    this.view = view;
    this.slots = slots;
  }

  /** Hosts to be looked at before the tree is right. */
  get backlog(): number {
    const { slots } = this;
    const isNumberedAnew = this.generation !== slots.generation;
    return isNumberedAnew ? slots.count : Math.min(slots.count, slots.head - this.position);
  }

  catchUp(): void {
    const { slots, position } = this;
    const isBehind = slots.head - position > slots.ring.length;
    if (this.generation !== slots.generation || isBehind || this.nodes > this.nodesMax) {
      this.make();
    } else {
      const { ring, records, head } = slots;
      const last = ring.length - 1;
      for (let entry = position; entry < head; entry++) {
        const slot = ring[entry & last]!;
        if (records[slot * RECORD + NEWEST] === entry) this.move(slot);
      }
    }
    this.position = slots.head;
  }

  private make(): void {
    const { slots } = this;
    this.nodes = FAN_OUT;
    this.shapes = [];
    this.shapeByKey.clear();
    this.leafOf = new Int32Array(slots.rows.length).fill(NOWHERE);
    this.shapeOfSlot = new Int32Array(slots.rows.length).fill(NOWHERE);
    this.bins = new Int32Array(slots.rows.length);
    this.slotBits = 32 - Math.clz32(slots.rows.length - 1);
    for (let slot = 0; slot < slots.count; slot++) this.move(slot);
    this.nodesMax = Math.max(4 * this.nodes, slots.rows.length);
    this.generation = slots.generation;
  }

  /** Puts a slot where its record says. */
  private move(slot: number): void {
    const { records } = this.slots;
    const at = slot * RECORD;
    const cpu = records[at + CPU_FREE]!;
    const memory = records[at + MEMORY_FREE]!;
    const leaf = this.leafOf[slot]!;
    if (cpu < 0 || memory < 0) {
      if (leaf !== NOWHERE) this.remove(slot, leaf);
      this.leafOf[slot] = NOWHERE;
      return;
    }
    const shapeRow = this.shapeFor(slot);
    const { cpuStep, memoryStep, root } = this.shapes[shapeRow]!;
    const bins = (binOf(cpu, cpuStep) << BITS) | binOf(memory, memoryStep);
    if (leaf !== NOWHERE) {
      const shared = SHARED_BITS[Math.min(this.level[leaf]!, BITS)]!;
      if (this.shapeOf[leaf] === shapeRow && ((this.bins[slot]! ^ bins) & shared) === 0) {
        this.bins[slot] = bins;
        this.measure(leaf);
        return;
      }
      this.remove(slot, leaf);
    }
    this.bins[slot] = bins;
    this.insert(slot, root);
  }

  private insert(slot: number, root: number): void {
    let node = root;
    for (;;) {
      this.include(slot, node);
      const child = this.firstChild[node]!;
      if (child !== IS_LEAF) node = child + this.quarterOf(slot, this.level[node]!);
      else if (this.taken[node] === LEAF_SLOTS) this.split(node);
      else break;
    }
    this.slotsIn[node * LEAF_SLOTS + this.taken[node]!++] = slot;
    this.leafOf[slot] = node;
  }

  private remove(slot: number, leaf: number): void {
    const { slotsIn } = this;
    const from = leaf * LEAF_SLOTS;
    const last = from + --this.taken[leaf]!;
    let at = from;
    while (slotsIn[at] !== slot) at++;
    slotsIn[at] = slotsIn[last]!;
    this.measure(leaf);
  }

  private split(leaf: number): void {
    const child = this.newNodes(leaf, this.shapeOf[leaf]!);
    const level = this.level[leaf]!;
    for (let quarter = 0; quarter < FAN_OUT; quarter++) this.level[child + quarter] = level + 1;
    this.firstChild[leaf] = child;
    const from = leaf * LEAF_SLOTS;
    for (let i = from; i < from + LEAF_SLOTS; i++) {
      const slot = this.slotsIn[i]!;
      const node = child + this.quarterOf(slot, level);
      this.slotsIn[node * LEAF_SLOTS + this.taken[node]!++] = slot;
      this.leafOf[slot] = node;
      this.include(slot, node);
    }
  }

  /** Widens what is known of a node by one slot. */
  private include(slot: number, node: number): void {
    const { boxes, least } = this;
    const { records } = this.slots;
    const cpu = records[slot * RECORD + CPU_FREE]!;
    const memory = records[slot * RECORD + MEMORY_FREE]!;
    const at = node * BOX;
    if (slot < least[node]!) least[node] = slot;
    if (cpu < boxes[at + CPU_MIN]!) boxes[at + CPU_MIN] = cpu;
    if (cpu > boxes[at + CPU_MAX]!) boxes[at + CPU_MAX] = cpu;
    if (memory < boxes[at + MEMORY_MIN]!) boxes[at + MEMORY_MIN] = memory;
    if (memory > boxes[at + MEMORY_MAX]!) boxes[at + MEMORY_MAX] = memory;
  }

  /** Finds out anew what is known of a leaf, and of the nodes above as far as that changes. */
  private measure(leaf: number): void {
    const { slotsIn, parent } = this;
    this.empty(leaf);
    const from = leaf * LEAF_SLOTS;
    const end = from + this.taken[leaf]!;
    for (let i = from; i < end; i++) this.include(slotsIn[i]!, leaf);
    for (let node = parent[leaf]!; node !== NOWHERE && this.combine(node); node = parent[node]!);
  }

  /** Takes together what is known of the quarters of a node; false when it was known. */
  private combine(node: number): boolean {
    const { boxes, least, firstChild } = this;
    const child = firstChild[node]!;
    let slot = NO_SLOTS;
    let cpuMin = Infinity;
    let cpuMax = -Infinity;
    let memoryMin = Infinity;
    let memoryMax = -Infinity;
    for (let i = child; i < child + FAN_OUT; i++) {
      const at = i * BOX;
      if (least[i]! < slot) slot = least[i]!;
      if (boxes[at + CPU_MIN]! < cpuMin) cpuMin = boxes[at + CPU_MIN]!;
      if (boxes[at + CPU_MAX]! > cpuMax) cpuMax = boxes[at + CPU_MAX]!;
      if (boxes[at + MEMORY_MIN]! < memoryMin) memoryMin = boxes[at + MEMORY_MIN]!;
      if (boxes[at + MEMORY_MAX]! > memoryMax) memoryMax = boxes[at + MEMORY_MAX]!;
    }
    const at = node * BOX;
    if (
      least[node] === slot &&
      boxes[at + CPU_MIN] === cpuMin &&
      boxes[at + CPU_MAX] === cpuMax &&
      boxes[at + MEMORY_MIN] === memoryMin &&
      boxes[at + MEMORY_MAX] === memoryMax
    ) {
      return false;
    }
    least[node] = slot;
    boxes[at + CPU_MIN] = cpuMin;
    boxes[at + CPU_MAX] = cpuMax;
    boxes[at + MEMORY_MIN] = memoryMin;
    boxes[at + MEMORY_MAX] = memoryMax;
    return true;
  }

  private empty(node: number): void {
    const { boxes } = this;
    const at = node * BOX;
    this.least[node] = NO_SLOTS;
    boxes[at + CPU_MIN] = boxes[at + MEMORY_MIN] = Infinity;
    boxes[at + CPU_MAX] = boxes[at + MEMORY_MAX] = -Infinity;
  }

  /** Number of the child of a node of `level` to which a slot belongs. */
  private quarterOf(slot: number, level: number): number {
    if (level >= BITS) return (slot >> (this.slotBits - 2 * (level - BITS + 1))) & (FAN_OUT - 1);
    const bit = BITS - 1 - level;
    const bins = this.bins[slot]!;
    return (((bins >> (BITS + bit)) & 1) << 1) | ((bins >> bit) & 1);
  }

  private shapeFor(slot: number): number {
    const { shapes, shapeOfSlot } = this;
    const hostClass = this.slots.records[slot * RECORD + CLASS]!;
    const known = shapeOfSlot[slot]!;
    if (known !== NOWHERE && shapes[known]!.hostClass === hostClass) return known;
    const { hosts } = this.view;
    const host = this.slots.rows[slot]!;
    const cpuAllocatable = hosts.cpuAllocatable[host]!;
    const memoryAllocatable = hosts.memoryAllocatable[host]!;
    const gpuCount = hosts.gpuCount[host]!;
    const key = `${hostClass}/${gpuCount}/${cpuAllocatable}/${memoryAllocatable}`;
    let row = this.shapeByKey.get(key);
    if (row === undefined) {
      row = shapes.length;
      const root = this.newNodes(NOWHERE, row);
      const cpuStep = stepOf(cpuAllocatable);
      const memoryStep = stepOf(memoryAllocatable);
      this.shapeByKey.set(key, row);
      shapes.push({
        hostClass,
        gpuCount,
        root,
        cpuAllocatable,
        memoryAllocatable,
        cpuStep,
        memoryStep,
      });
    }
    shapeOfSlot[slot] = row;
    return row;
  }

  /** Four empty leaves; returns the first. */
  private newNodes(parent: number, shape: number): number {
    const first = this.nodes;
    this.nodes += FAN_OUT;
    if (this.nodes > this.least.length) this.grow();
    for (let node = first; node < this.nodes; node++) {
      this.firstChild[node] = IS_LEAF;
      this.empty(node);
      this.taken[node] = 0;
      this.level[node] = 0;
      this.shapeOf[node] = shape;
      this.parent[node] = parent;
    }
    return first;
  }

  private grow(): void {
    this.firstChild = doubled(this.firstChild);
    this.least = doubled(this.least);
    this.slotsIn = doubled(this.slotsIn);
    this.taken = doubled(this.taken);
    this.boxes = doubled(this.boxes);
    this.shapeOf = doubled(this.shapeOf);
    this.level = doubled(this.level);
    this.parent = doubled(this.parent);
  }
}

function binOf(free: number, step: number): number {
  return Math.min(BINS - 1, Math.floor(free / step));
}

function stepOf(allocatable: number): number {
  let step = 1;
  while (allocatable >= step * BINS) step *= 2;
  return step;
}

function doubled<Column extends Float64Array | Int32Array | Uint8Array>(column: Column): Column {
  const larger = new (column.constructor as new (length: number) => Column)(2 * column.length);
  larger.set(column);
  return larger;
}
