/**
 * Hosts by shape and then by what they have free: a tree of boxes that halves CPU and memory in turn at each level.
 *
 * Shapes     have a root each, so that labels, taints and pools are asked about once a root.
 * Quarters   the four children of a node halve its range of free CPU and of free memory, or quarter that of one of them. After
 *            12 levels they follow the slot numbers: any number of hosts may have the same free.
 * Leaf       up to 16 slots with what they have free, split when one more comes. Four leaves that hold no more than half of
 *            that are merged.
 * Box        the extremes below each node of the free amounts, and of sum and difference of the free shares; closer than its
 *            range, and a single host is its box.
 * Least      the lowest slot below each node: what a tie can hope for.
 * Hosts      that take no task are not in the tree.
 * Cost       of a changed host: a way down, and one up as far as something changes.
 */

import { CLASS, CPU_FREE, MEMORY_FREE, RECORD } from './host-slots.ts';
import { NO_SLOT, SlotReader } from './slot-reader.ts';
import { KEY_BITS, LEVELS, searchKey, shapeOf, shareOf } from './search-shape.ts';
import type { Axis, HostSize, Shape } from './search-shape.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostSlots } from './host-slots.ts';

/** `least` of a node without hosts: behind every slot. */
export const NO_SLOTS = 0x7fffffff;
export const LEAF_SLOTS = 16;
/** `firstChild` of a leaf. */
export const IS_LEAF = 0;

/** Of each node in `boxes`. */
export const BOX = 8;
export const CPU_MIN = 0;
export const CPU_MAX = 1;
export const MEMORY_MIN = 2;
export const MEMORY_MAX = 3;
export const SUM_MIN = 4;
export const SUM_MAX = 5;
export const GAP_MIN = 6;
export const GAP_MAX = 7;

export const FAN_OUT = 4;
const NOWHERE = -1;
const NODES_MIN = 256;
const NO_NODES = 0;
/** Four leaves with so few slots become one. */
const MERGED_SLOTS = LEAF_SLOTS >> 1;

export class SearchTree {
  shapes: Shape[] = [];
  firstChild = new Int32Array(NODES_MIN);
  least = new Int32Array(NODES_MIN);
  /** Of each leaf, LEAF_SLOTS places: slot, free CPU, free memory; and how many are taken. */
  slotsIn = new Int32Array(NODES_MIN * LEAF_SLOTS);
  cpuIn = new Float64Array(NODES_MIN * LEAF_SLOTS);
  memoryIn = new Float64Array(NODES_MIN * LEAF_SLOTS);
  taken = new Uint8Array(NODES_MIN);
  boxes = new Float64Array(NODES_MIN * BOX);
  shapeRow = new Int32Array(NODES_MIN);

  private readonly view: ClusterView;
  private readonly slots: HostSlots;
  private readonly axis: Axis;
  private level = new Uint8Array(NODES_MIN);
  private parent = new Int32Array(NODES_MIN);
  private nodes = 0;
  /** First of four nodes that are not used; `firstChild` leads to the next four. */
  private unused = NO_NODES;
  private shapeByKey = new Map<string, number>();
  /** Of each slot: its leaf, its shape, and the key under which it is in the tree. */
  private leafOf = new Int32Array(0);
  private shapeOfSlot = new Int32Array(0);
  private keys = new Int32Array(0);
  private slotBits = 0;
  private readonly reader: SlotReader;

  constructor(view: ClusterView, slots: HostSlots, axis: Axis) {
    this.view = view;
    this.axis = axis;
    this.slots = slots;
    this.reader = new SlotReader(slots);
  }

  /** Hosts to be looked at before the tree is right. */
  get backlog(): number {
    return this.reader.backlog;
  }

  catchUp(): void {
    const { reader } = this;
    if (!reader.canCatchUp) return this.make();
    for (let slot = reader.next(); slot !== NO_SLOT; slot = reader.next()) this.move(slot);
  }

  private make(): void {
    const { slots } = this;
    this.nodes = FAN_OUT;
    this.unused = NO_NODES;
    this.shapes = [];
    this.shapeByKey.clear();
    this.leafOf = new Int32Array(slots.rows.length).fill(NOWHERE);
    this.shapeOfSlot = new Int32Array(slots.rows.length).fill(NOWHERE);
    this.keys = new Int32Array(slots.rows.length);
    this.slotBits = 32 - Math.clz32(slots.rows.length - 1);
    for (let slot = 0; slot < slots.count; slot++) this.move(slot);
    this.reader.skipAll();
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
    const shape = this.shapes[shapeRow]!;
    const key = searchKey(shape, this.axis, cpu, memory);
    if (leaf !== NOWHERE) {
      const differs = (this.keys[slot]! ^ key) >> (KEY_BITS - 2 * this.level[leaf]!);
      const isBelow = this.level[leaf]! <= LEVELS ? differs === 0 : this.keys[slot] === key;
      if (this.shapeRow[leaf] === shapeRow && isBelow) {
        this.keys[slot] = key;
        const place = this.placeIn(leaf, slot);
        this.cpuIn[place] = cpu;
        this.memoryIn[place] = memory;
        this.measure(leaf);
        return;
      }
      this.remove(slot, leaf);
    }
    this.keys[slot] = key;
    this.insert(slot, cpu, memory, shape);
  }

  private insert(slot: number, cpu: number, memory: number, shape: Shape): void {
    let node = shape.root;
    for (;;) {
      this.include(node, shape, slot, cpu, memory);
      const child = this.firstChild[node]!;
      if (child !== IS_LEAF) node = child + this.quarterOf(slot, this.level[node]!);
      else if (this.taken[node] === LEAF_SLOTS) this.split(node);
      else break;
    }
    this.put(node, slot, cpu, memory);
  }

  private put(leaf: number, slot: number, cpu: number, memory: number): void {
    const place = leaf * LEAF_SLOTS + this.taken[leaf]!++;
    this.slotsIn[place] = slot;
    this.cpuIn[place] = cpu;
    this.memoryIn[place] = memory;
    this.leafOf[slot] = leaf;
  }

  private placeIn(leaf: number, slot: number): number {
    let place = leaf * LEAF_SLOTS;
    while (this.slotsIn[place] !== slot) place++;
    return place;
  }

  private remove(slot: number, leaf: number): void {
    const { slotsIn, cpuIn, memoryIn, parent } = this;
    const place = this.placeIn(leaf, slot);
    const last = leaf * LEAF_SLOTS + --this.taken[leaf]!;
    slotsIn[place] = slotsIn[last]!;
    cpuIn[place] = cpuIn[last]!;
    memoryIn[place] = memoryIn[last]!;
    const above = parent[leaf]!;
    if (above !== NOWHERE && this.merge(above)) this.measure(above);
    else this.measure(leaf);
  }

  private split(leaf: number): void {
    const child = this.newNodes(leaf, this.shapeRow[leaf]!);
    const shape = this.shapes[this.shapeRow[leaf]!]!;
    const level = this.level[leaf]!;
    for (let quarter = 0; quarter < FAN_OUT; quarter++) this.level[child + quarter] = level + 1;
    this.firstChild[leaf] = child;
    this.taken[leaf] = 0;
    const from = leaf * LEAF_SLOTS;
    for (let i = from; i < from + LEAF_SLOTS; i++) {
      const slot = this.slotsIn[i]!;
      const node = child + this.quarterOf(slot, level);
      this.put(node, slot, this.cpuIn[i]!, this.memoryIn[i]!);
      this.include(node, shape, slot, this.cpuIn[i]!, this.memoryIn[i]!);
    }
  }

  /** Makes a leaf of a node whose quarters are leaves with few slots. */
  private merge(node: number): boolean {
    const { firstChild, taken } = this;
    const child = firstChild[node]!;
    let slots = 0;
    for (let i = child; i < child + FAN_OUT; i++) {
      if (firstChild[i] !== IS_LEAF) return false;
      slots += taken[i]!;
    }
    if (slots > MERGED_SLOTS) return false;
    firstChild[node] = IS_LEAF;
    for (let i = child; i < child + FAN_OUT; i++) {
      const from = i * LEAF_SLOTS;
      for (let place = from; place < from + taken[i]!; place++) {
        this.put(node, this.slotsIn[place]!, this.cpuIn[place]!, this.memoryIn[place]!);
      }
    }
    firstChild[child] = this.unused;
    this.unused = child;
    return true;
  }

  /** Widens what is known of a node by one slot. */
  private include(node: number, shape: Shape, slot: number, cpu: number, memory: number): void {
    if (slot < this.least[node]!) this.least[node] = slot;
    const cpuShare = shareOf(cpu, shape.cpuAllocatable);
    const memoryShare = shareOf(memory, shape.memoryAllocatable);
    const at = node * BOX;
    this.widen(at + CPU_MIN, cpu);
    this.widen(at + MEMORY_MIN, memory);
    this.widen(at + SUM_MIN, cpuShare + memoryShare);
    this.widen(at + GAP_MIN, cpuShare - memoryShare);
  }

  /** Widens a pair of extremes. */
  private widen(at: number, value: number): void {
    const { boxes } = this;
    if (value < boxes[at]!) boxes[at] = value;
    if (value > boxes[at + 1]!) boxes[at + 1] = value;
  }

  /** Finds out anew what is known of a leaf, and of the nodes above as far as that changes. */
  private measure(leaf: number): void {
    const { slotsIn, cpuIn, memoryIn, parent, boxes } = this;
    const { cpuAllocatable, memoryAllocatable } = this.shapes[this.shapeRow[leaf]!]!;
    const from = leaf * LEAF_SLOTS;
    const end = from + this.taken[leaf]!;
    let least = NO_SLOTS;
    let cpuMin = Infinity;
    let cpuMax = -Infinity;
    let memoryMin = Infinity;
    let memoryMax = -Infinity;
    let sumMin = Infinity;
    let sumMax = -Infinity;
    let gapMin = Infinity;
    let gapMax = -Infinity;
    for (let i = from; i < end; i++) {
      const cpu = cpuIn[i]!;
      const memory = memoryIn[i]!;
      const cpuShare = shareOf(cpu, cpuAllocatable);
      const memoryShare = shareOf(memory, memoryAllocatable);
      least = Math.min(least, slotsIn[i]!);
      cpuMin = Math.min(cpuMin, cpu);
      cpuMax = Math.max(cpuMax, cpu);
      memoryMin = Math.min(memoryMin, memory);
      memoryMax = Math.max(memoryMax, memory);
      sumMin = Math.min(sumMin, cpuShare + memoryShare);
      sumMax = Math.max(sumMax, cpuShare + memoryShare);
      gapMin = Math.min(gapMin, cpuShare - memoryShare);
      gapMax = Math.max(gapMax, cpuShare - memoryShare);
    }
    const at = leaf * BOX;
    this.least[leaf] = least;
    boxes[at + CPU_MIN] = cpuMin;
    boxes[at + CPU_MAX] = cpuMax;
    boxes[at + MEMORY_MIN] = memoryMin;
    boxes[at + MEMORY_MAX] = memoryMax;
    boxes[at + SUM_MIN] = sumMin;
    boxes[at + SUM_MAX] = sumMax;
    boxes[at + GAP_MIN] = gapMin;
    boxes[at + GAP_MAX] = gapMax;
    for (let node = parent[leaf]!; node !== NOWHERE && this.combine(node); node = parent[node]!);
  }

  /** Takes together what is known of the quarters of a node; false when it was known. */
  private combine(node: number): boolean {
    const { boxes, least } = this;
    const child = this.firstChild[node]!;
    const slot = Math.min(least[child]!, least[child + 1]!, least[child + 2]!, least[child + 3]!);
    let isKnown = least[node] === slot;
    least[node] = slot;
    const from = child * BOX;
    for (let i = 0; i < BOX; i += 2) {
      const at = from + i;
      const low = Math.min(boxes[at]!, boxes[at + 8]!, boxes[at + 16]!, boxes[at + 24]!);
      const high = Math.max(boxes[at + 1]!, boxes[at + 9]!, boxes[at + 17]!, boxes[at + 25]!);
      const own = node * BOX + i;
      if (boxes[own] === low && boxes[own + 1] === high) continue;
      isKnown = false;
      boxes[own] = low;
      boxes[own + 1] = high;
    }
    return !isKnown;
  }

  private empty(node: number): void {
    const { boxes } = this;
    this.least[node] = NO_SLOTS;
    for (let at = node * BOX; at < (node + 1) * BOX; at += 2) {
      boxes[at] = Infinity;
      boxes[at + 1] = -Infinity;
    }
  }

  /** Number of the child of a node of `level` to which a slot belongs. */
  private quarterOf(slot: number, level: number): number {
    const bits =
      level < LEVELS
        ? this.keys[slot]! >> (KEY_BITS - 2 * (level + 1))
        : slot >> (this.slotBits - 2 * (level - LEVELS + 1));
    return bits & (FAN_OUT - 1);
  }

  private shapeFor(slot: number): number {
    const { shapes, shapeOfSlot } = this;
    const hostClass = this.slots.records[slot * RECORD + CLASS]!;
    const known = shapeOfSlot[slot]!;
    if (known !== NOWHERE && shapes[known]!.hostClass === hostClass) return known;
    const { hosts } = this.view;
    const host = this.slots.rows[slot]!;
    const size: HostSize = {
      hostClass,
      gpuCount: hosts.gpuCount[host]!,
      cpuAllocatable: hosts.cpuAllocatable[host]!,
      memoryAllocatable: hosts.memoryAllocatable[host]!,
    };
    const key = Object.values(size).join();
    let row = this.shapeByKey.get(key);
    if (row === undefined) {
      row = shapes.length;
      this.shapeByKey.set(key, row);
      shapes.push(shapeOf(size, this.axis, this.newNodes(NOWHERE, row)));
    }
    shapeOfSlot[slot] = row;
    return row;
  }

  /** Four empty leaves; returns the first. */
  private newNodes(parent: number, shape: number): number {
    let first = this.unused;
    if (first !== NO_NODES) {
      this.unused = this.firstChild[first]!;
    } else {
      first = this.nodes;
      this.nodes += FAN_OUT;
      if (this.nodes > this.least.length) this.grow();
    }
    for (let node = first; node < first + FAN_OUT; node++) {
      this.firstChild[node] = IS_LEAF;
      this.empty(node);
      this.taken[node] = 0;
      this.level[node] = 0;
      this.shapeRow[node] = shape;
      this.parent[node] = parent;
    }
    return first;
  }

  private grow(): void {
    this.firstChild = doubled(this.firstChild);
    this.least = doubled(this.least);
    this.slotsIn = doubled(this.slotsIn);
    this.cpuIn = doubled(this.cpuIn);
    this.memoryIn = doubled(this.memoryIn);
    this.taken = doubled(this.taken);
    this.boxes = doubled(this.boxes);
    this.shapeRow = doubled(this.shapeRow);
    this.level = doubled(this.level);
    this.parent = doubled(this.parent);
  }
}

function doubled<Column extends Float64Array | Int32Array | Uint8Array>(column: Column): Column {
  const larger = new (column.constructor as new (length: number) => Column)(2 * column.length);
  larger.set(column);
  return larger;
}
