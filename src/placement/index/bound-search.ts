/**
 * The best hosts for a request that is not remembered: opens the boxes of the search tree in order of the highest score that
 * can be in them, and stops where none can be better than the best host found, or as good in a lower slot.
 *
 * Exact      whatever the scores: a bound only says which hosts need no scoring.
 * Cost       the way down to the best host, and what cannot be told from it before it is scored: tens of boxes, some with
 *            hosts that are scored.
 * Otherwise  every host with room is scored: while that is cheaper than to bring the tree up to date, when there are about
 *            as many shapes as hosts, when nothing is known of the first policy's scores, and when nothing is scored.
 */

import { BestScores } from './best-scores.ts';
import { RECORD } from './host-slots.ts';
import {
  BOX,
  CPU_MAX,
  CPU_MIN,
  FAN_OUT,
  GAP_MAX,
  GAP_MIN,
  IS_LEAF,
  LEAF_SLOTS,
  MEMORY_MAX,
  MEMORY_MIN,
  NO_SLOTS,
  SUM_MAX,
  SUM_MIN,
  SearchTree,
} from './search-tree.ts';
import { Room } from './room.ts';
import { RoomSearch } from './room-search.ts';
import { NO_NODE, SearchFrontier } from './search-frontier.ts';
import { boundOf } from './search-bounds.ts';
import { gpuDevicesFor } from '../../cluster/fit.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostClasses } from './host-classes.ts';
import type { HostSlots } from './host-slots.ts';
import type { PlacementRequest, ScorePolicy } from '../policy.ts';
import type { Ranking } from './ranking.ts';
import type { Axis, Shape } from './search-shape.ts';

const NONE = -1;
/** To move a host in the tree costs about as much as to look at so many. */
const LOOKS_PER_MOVE = 8;
const HOSTS_PER_SHAPE_MIN = 8;
/** Slots looked at one by one for the next best before the tree is asked. */
const NEIGHBOURS = 256;

export class BoundSearch implements Ranking<PlacementRequest> {
  private readonly view: ClusterView;
  private readonly policies: readonly ScorePolicy[];
  private readonly slots: HostSlots;
  private readonly classes: HostClasses;
  private readonly all: RoomSearch;
  private readonly tree: SearchTree;
  private readonly frontier = new SearchFrontier();
  private readonly bounds: readonly NonNullable<ScorePolicy['bound']>[];
  private readonly isKnown: boolean;
  private readonly box = {
    cpuAllocatable: 0,
    memoryAllocatable: 0,
    cpuFreeMin: 0,
    cpuFreeMax: 0,
    memoryFreeMin: 0,
    memoryFreeMax: 0,
    shareSumMin: 0,
    shareSumMax: 0,
    shareGapMin: 0,
    shareGapMax: 0,
  };
  /** Hosts looked at since the tree was up to date. */
  private looks = 0;
  private scoresAll = false;
  private request: PlacementRequest = { spec: 0, workload: 0 };
  private cpu = 0;
  private memory = 0;
  private needsGpu = false;
  private first = NONE;
  /** Hosts as good as the best count only before this slot. */
  private end = NO_SLOTS;
  private readonly best: BestScores;

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
    this.best = new BestScores(view, policies);
    this.all = new RoomSearch(view, policies, slots, classes);
    this.tree = new SearchTree(view, slots, axisOf(policies[0]?.trend));
    const bounds = policies.map((policy) => boundOf(policy, view));
    this.isKnown = bounds[0] !== undefined;
    this.bounds = bounds.map((bound) => bound ?? (() => Infinity));
  }

  rank(request: PlacementRequest): boolean {
    this.scoresAll = !this.isKnown || !this.isTreeReady();
    if (this.scoresAll) return this.all.rank(request);
    const { specs } = this.view;
    this.request = request;
    this.cpu = specs.cpuTicks[request.spec]!;
    this.memory = specs.memoryBytes[request.spec]!;
    this.needsGpu = specs.gpuCount[request.spec]! > 0;
    this.first = NONE;
    this.end = NO_SLOTS;
    this.search();
    return this.first !== NONE;
  }

  firstBest(from: number): number {
    if (this.scoresAll) return this.all.firstBest(from);
    if (from <= this.first) return this.first;
    const end = Math.min(from + NEIGHBOURS, this.slots.count);
    const room = this.room();
    for (let slot = from; slot < end; slot++) if (this.isBestIn(room, slot)) return slot;
    return this.firstEqualFrom(end);
  }

  isBest(slot: number): boolean {
    return this.scoresAll ? this.all.isBest(slot) : this.isBestIn(this.room(), slot);
  }

  private room(): Room {
    return new Room(this.view, this.classes, this.request);
  }

  private isBestIn(room: Room, slot: number): boolean {
    const { rows, records } = this.slots;
    return room.has(rows[slot]!, records, slot * RECORD) && this.compare(slot) === 0;
  }

  /** Brings the tree up to date once that costs no more than the looks it would have spared. */
  private isTreeReady(): boolean {
    const { tree, slots } = this;
    if (tree.backlog * LOOKS_PER_MOVE > this.looks + slots.count) {
      this.looks += slots.count;
      return false;
    }
    this.looks = 0;
    tree.catchUp();
    return tree.shapes.length * HOSTS_PER_SHAPE_MIN <= slots.count + 64;
  }

  private search(): void {
    const { tree, frontier, best } = this;
    this.offerRoots();
    let node = frontier.pop();
    while (node !== NO_NODE) {
      if (this.first !== NONE) {
        if (frontier.bound < best.scores[0]!) break;
        if (!this.canWin(node)) {
          node = frontier.pop();
          continue;
        }
      }
      const child = tree.firstChild[node]!;
      if (child === IS_LEAF) {
        this.visit(node);
        node = frontier.pop();
      } else {
        node = this.open(child);
      }
    }
  }

  private offerRoots(): void {
    const { tree, frontier, request, classes } = this;
    frontier.clear();
    for (const shape of tree.shapes) {
      if (this.needsGpu && shape.gpuCount === 0) continue;
      const { root, hostClass } = shape;
      if (tree.least[root] === NO_SLOTS || !classes.admits(hostClass, request)) continue;
      const at = root * BOX;
      if (this.cpu > tree.boxes[at + CPU_MAX]! || this.memory > tree.boxes[at + MEMORY_MAX]!) {
        continue;
      }
      frontier.push(this.boundOf(root, shape), tree.least[root]!, root);
    }
  }

  /** Puts the quarters of a node on the frontier and takes off it the node that comes next. */
  private open(child: number): number {
    const { frontier } = this;
    const { boxes, least, shapes, shapeRow } = this.tree;
    const { cpu, memory } = this;
    const shape = shapes[shapeRow[child]!]!;
    let next = NO_NODE;
    let nextBound = -Infinity;
    let nextLeast = NO_SLOTS;
    for (let node = child; node < child + FAN_OUT; node++) {
      const at = node * BOX;
      // An empty node has room for nothing.
      if (cpu > boxes[at + CPU_MAX]! || memory > boxes[at + MEMORY_MAX]!) continue;
      const bound = this.boundOf(node, shape);
      const lowest = least[node]!;
      if (this.isLost(bound, lowest)) continue;
      if (bound > nextBound || (bound === nextBound && lowest < nextLeast)) {
        if (next !== NO_NODE) frontier.push(nextBound, nextLeast, next);
        next = node;
        nextBound = bound;
        nextLeast = lowest;
      } else {
        frontier.push(bound, lowest, node);
      }
    }
    return next === NO_NODE ? frontier.pop() : frontier.swap(nextBound, nextLeast, next);
  }

  private boundOf(node: number, shape: Shape): number {
    this.take(node, shape);
    return this.bounds[0]!(this.box, this.request, this.view);
  }

  /** Can no host with such a bound and no slot lower than `least` be better than the best? */
  private isLost(bound: number, least: number): boolean {
    if (this.first === NONE) return false;
    const most = this.best.scores[0]!;
    return bound < most || (bound === most && this.policies.length === 1 && least >= this.end);
  }

  /** Can a host of the node be better than the best, or as good in a lower slot? */
  private canWin(node: number): boolean {
    const { frontier, best, policies } = this;
    if (frontier.bound > best.scores[0]!) return true;
    if (policies.length > 1) {
      this.take(node, this.tree.shapes[this.tree.shapeRow[node]!]!);
      for (let i = 1; i < policies.length; i++) {
        const difference = this.bounds[i]!(this.box, this.request, this.view) - best.scores[i]!;
        if (difference !== 0) return !(difference < 0);
      }
    }
    return this.tree.least[node]! < this.end;
  }

  /** Takes the part of a node where the request has room into `box`. */
  private take(node: number, shape: Shape): void {
    const { box, cpu, memory } = this;
    const { boxes } = this.tree;
    const at = node * BOX;
    const cpuMin = boxes[at + CPU_MIN]!;
    const memoryMin = boxes[at + MEMORY_MIN]!;
    box.cpuAllocatable = shape.cpuAllocatable;
    box.memoryAllocatable = shape.memoryAllocatable;
    box.cpuFreeMin = cpuMin > cpu ? cpuMin : cpu;
    box.cpuFreeMax = boxes[at + CPU_MAX]!;
    box.memoryFreeMin = memoryMin > memory ? memoryMin : memory;
    box.memoryFreeMax = boxes[at + MEMORY_MAX]!;
    box.shareSumMin = boxes[at + SUM_MIN]!;
    box.shareSumMax = boxes[at + SUM_MAX]!;
    box.shareGapMin = boxes[at + GAP_MIN]!;
    box.shareGapMax = boxes[at + GAP_MAX]!;
  }

  /** Scores the hosts of a leaf. */
  private visit(leaf: number): void {
    const { tree, needsGpu, cpu, memory } = this;
    const { slotsIn, cpuIn, memoryIn } = tree;
    const { rows } = this.slots;
    const from = leaf * LEAF_SLOTS;
    const end = from + tree.taken[leaf]!;
    for (let i = from; i < end; i++) {
      if (cpu > cpuIn[i]! || memory > memoryIn[i]!) continue;
      const slot = slotsIn[i]!;
      const host = rows[slot]!;
      if (needsGpu && !this.hasDevices(host)) continue;
      this.consider(host, slot);
    }
  }

  private consider(host: number, slot: number): void {
    const { policies, best, request, view } = this;
    const score = policies[0]!.score(host, request, view);
    if (this.first !== NONE) {
      if (score < best.scores[0]!) return;
      const order = score > best.scores[0]! ? 1 : policies.length === 1 ? 0 : this.compare(slot);
      if (order < 0 || (order === 0 && slot > this.end)) return;
    }
    this.first = this.end = slot;
    best.take(host, request);
  }

  private hasDevices(host: number): boolean {
    const { hosts, specs } = this.view;
    return gpuDevicesFor(specs, this.request.spec, hosts, host) !== 0;
  }

  /** Sign of (slot - best so far). */
  private compare(slot: number): number {
    return this.best.compare(this.slots.rows[slot]!, this.request);
  }

  /** The lowest slot, not before `from`, that is as good as the best; -1 when there is none. */
  private firstEqualFrom(from: number): number {
    const { tree, frontier } = this;
    this.end = NO_SLOTS;
    this.offerRoots();
    let node = frontier.pop();
    while (node !== NO_NODE && !(frontier.bound < this.best.scores[0]!)) {
      const child = tree.firstChild[node]!;
      if (!this.canWin(node)) {
        node = frontier.pop();
      } else if (child === IS_LEAF) {
        this.lowerEnd(node, from);
        node = frontier.pop();
      } else {
        node = this.open(child);
      }
    }
    return this.end === NO_SLOTS ? NONE : this.end;
  }

  /** Moves `end` to the lowest slot of a leaf, not before `from`, that is as good as the best. */
  private lowerEnd(leaf: number, from: number): void {
    const { tree } = this;
    const start = leaf * LEAF_SLOTS;
    for (let i = start; i < start + tree.taken[leaf]!; i++) {
      const slot = tree.slotsIn[i]!;
      if (slot < from || slot >= this.end) continue;
      if (this.cpu > tree.cpuIn[i]! || this.memory > tree.memoryIn[i]!) continue;
      if (this.needsGpu && !this.hasDevices(this.slots.rows[slot]!)) continue;
      if (this.compare(slot) === 0) this.end = slot;
    }
  }
}

/** A score that depends on one resource only is found faster among hosts in its order. */
function axisOf(trend: ScorePolicy['trend']): Axis {
  if (trend?.memoryFree === 'level') return 'cpu';
  return trend?.cpuFree === 'level' ? 'memory' : 'both';
}
