/**
 * The binpacking estimator: how many nodes of one group would the pods need, and which pods would they take?
 *
 * Order      groups of like pods by cpu / allocatable + memory / allocatable of one of them, descending; ties as given.
 * A group    (a) pods one by one on any node of this estimate, cyclic first fit, until one fails;
 *            (b) the rest on the node added last; a pod that spreads over hosts and that spreading keeps off it, on any
 *                other node of the cluster;
 *            (c) else a further node, unless the one added last is still empty. A pod that does not fit a fresh node ends
 *                its group. Where the limit refuses a node, no later group gets one, but (a) goes on for them.
 * Fast path  where it is asked for, the last of the groups is packed on one fresh node, and further nodes are taken to
 *            hold as many pods of it (`fast-path.ts`).
 * Result     nodes that received a pod, and the pods in order of placement.
 * Quirk      an old node that took a pod in (b) counts as a node too.
 * Departs    no deadline of 10 s a group: an answer must not depend on the machine.
 * Source     kubernetes.md 5.4 step 4. Ties: the real sort is stable up to 12 groups (section 9).
 */

import { NO_ROW } from '../../cluster/hosts.ts';
import { fastPathGroup } from './fast-path.ts';
import type { FastPathTraits, NodeCapacity } from './fast-path.ts';

/** Pods that are alike for every check, with what one of them asks for, in the units of the template. */
export interface PackedGroup<Pod> {
  readonly pods: readonly Pod[];
  readonly cpu: number;
  readonly memory: number;
  /** Has a topology spread constraint over host names. */
  readonly spreadsOverHosts: boolean;
  /** Asked for by the fast path alone. */
  readonly traits: FastPathTraits;
}

export interface Allocatable {
  readonly cpu: number;
  readonly memory: number;
}

/** `kept-off`: by a topology spread constraint. */
export type Attempt = 'placed' | 'kept-off' | 'refused';

/** Where an estimate tries its pods. Nodes are numbers; what it did is taken back by its owner. */
export interface PackingGround<Pod> {
  /** Adds a fresh node of the group. */
  addNode(): number;
  placeOn(pod: Pod, node: number): Attempt;
  /** Puts the pod on the first added node that takes it, in cyclic order, or answers NO_ROW. */
  placeOnAdded(pod: Pod): number;
  /** The same among all nodes, old and new, but one. */
  placeOnOther(pod: Pod, than: number): number;
}

export interface Estimate<Pod> {
  readonly nodeCount: number;
  readonly pods: readonly Pod[];
}

/** `nodesMax`: as `nodeLimit` tells it. With the capacity of a node the fast path is taken. */
export function estimateNodes<Pod>(
  groups: readonly PackedGroup<Pod>[],
  template: Allocatable,
  ground: PackingGround<Pod>,
  nodesMax: number,
  fastPath?: NodeCapacity,
): Estimate<Pod> {
  const packing = new Packing(ground, nodesMax);
  const ordered = largestFirst(groups, template);
  const sizes = ordered.map(({ pods, traits }) => ({ pods: pods.length, traits }));
  const shortcut = fastPath === undefined ? -1 : fastPathGroup(sizes, fastPath);
  for (const [index, group] of ordered.entries()) if (index !== shortcut) packing.add(group);
  if (shortcut !== -1) packing.addByFastPath(ordered[shortcut]!);
  return { nodeCount: packing.used.size + packing.assumed, pods: packing.pods };
}

/** The least of the limits that are positive; 0 stands for none, and a negative one for no node at all. */
export function nodeLimit(limits: readonly number[]): number {
  return limits.reduce((least, limit) => {
    if (least < 0 || limit < 0) return -1;
    return limit > 0 && (least === 0 || limit < least) ? limit : least;
  }, 0);
}

class Packing<Pod> {
  readonly used = new Set<number>();
  readonly pods: Pod[] = [];
  /** Nodes of the fast path that were not tried. */
  assumed = 0;

  private readonly ground: PackingGround<Pod>;
  private readonly nodesMax: number;
  private added = 0;
  private last = NO_ROW;
  private mayGrow = true;

  constructor(ground: PackingGround<Pod>, nodesMax: number) {
    this.ground = ground;
    this.nodesMax = nodesMax;
  }

  add(group: PackedGroup<Pod>): void {
    for (const pod of this.leftByAdded(group)) {
      if (!this.mayGrow) return;
      if (!this.fitsWithoutGrowth(pod, group) && !this.fitsFreshNode(pod)) return;
    }
  }

  addByFastPath(group: PackedGroup<Pod>): void {
    const left = this.leftByAdded(group);
    if (left.length === 0 || !this.mayGrow || !this.grow()) return;
    const refused = left.findIndex((pod) => !this.fitsLast(pod));
    const perNode = refused === -1 ? left.length : refused;
    if (perNode === 0) return;
    for (let next = perNode; next < left.length && this.mayAdd(); next += perNode) {
      this.added++;
      this.assumed++;
      this.pods.push(...left.slice(next, next + perNode));
    }
  }

  /** The pods from the first one on that no node of this estimate takes. */
  private leftByAdded({ pods }: PackedGroup<Pod>): readonly Pod[] {
    const refused = pods.findIndex((pod) => !this.note(pod, this.ground.placeOnAdded(pod)));
    return refused === -1 ? [] : pods.slice(refused);
  }

  private fitsWithoutGrowth(pod: Pod, { spreadsOverHosts }: PackedGroup<Pod>): boolean {
    const { ground, last } = this;
    if (last === NO_ROW) return false;
    const attempt = ground.placeOn(pod, last);
    if (attempt === 'placed') return this.note(pod, last);
    if (attempt === 'refused' || !spreadsOverHosts) return false;
    return this.note(pod, ground.placeOnOther(pod, last));
  }

  private fitsFreshNode(pod: Pod): boolean {
    if (this.last !== NO_ROW && !this.used.has(this.last)) return false;
    return this.grow() && this.fitsLast(pod);
  }

  private fitsLast(pod: Pod): boolean {
    return this.ground.placeOn(pod, this.last) === 'placed' && this.note(pod, this.last);
  }

  /** Adds a node, if the limit lets it. */
  private grow(): boolean {
    this.mayGrow = this.mayAdd();
    if (!this.mayGrow) return false;
    this.last = this.ground.addNode();
    this.added++;
    return true;
  }

  private mayAdd(): boolean {
    return this.nodesMax === 0 || this.added < this.nodesMax;
  }

  /** False for no node. */
  private note(pod: Pod, node: number): boolean {
    if (node === NO_ROW) return false;
    this.used.add(node);
    this.pods.push(pod);
    return true;
  }
}

function largestFirst<Pod>(
  groups: readonly PackedGroup<Pod>[],
  template: Allocatable,
): PackedGroup<Pod>[] {
  const share = (asked: number, allocatable: number): number =>
    allocatable > 0 ? asked / allocatable : 0;
  const sizeOf = ({ cpu, memory }: PackedGroup<Pod>): number =>
    share(cpu, template.cpu) + share(memory, template.memory);
  return [...groups].sort((a, b) => sizeOf(b) - sizeOf(a));
}
