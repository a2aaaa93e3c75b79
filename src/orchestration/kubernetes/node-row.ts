/**
 * What is remembered of all nodes for one request, brought up to date when asked: their entries by slot, which positions of
 * the list are feasible, and for windows of all nodes the buckets.
 *
 * Cost       of a question: one host-local score per host that changed since the last. A node that joined or left moves
 *            positions and no scores; all is scored anew when the slots were renumbered or the log has been overtaken.
 */

import { CODE_BITS, CODE_MASK, NO_CODE } from './node-entry.ts';
import { NEWEST, RECORD } from '../../placement/index/host-slots.ts';
import { NO_POSITION } from './node-list.ts';
import { NodeClasses } from './node-classes.ts';
import { PositionBits } from './position-bits.ts';
import { Room } from '../../placement/index/room.ts';
import { assert } from '../../base/assert.ts';
import { hardConstraints, softConstraints } from './topology-spread.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostClasses } from '../../placement/index/host-classes.ts';
import type { HostSlots } from '../../placement/index/host-slots.ts';
import type { NodeList } from './node-list.ts';
import type { LocalScore } from './plain-cycle.ts';
import type { PlacementRequest } from '../../placement/policy.ts';
import type { ScoreBuckets } from './score-buckets.ts';
import type { SpreadConstraint } from '../../cluster/spec.ts';

export class NodeRow {
  readonly request: PlacementRequest;
  readonly soft: readonly SpreadConstraint[];
  readonly hard: readonly SpreadConstraint[];
  readonly classes: NodeClasses;
  readonly feasible = new PositionBits();
  readonly buckets: ScoreBuckets | undefined;
  /** By slot. */
  entries = new Int32Array(0);
  /** By class: nodes of the list, with room or without. */
  readonly nodesOf: number[] = [];

  private readonly view: ClusterView;
  private readonly local: LocalScore;
  private readonly slots: HostSlots;
  private readonly list: NodeList;
  private readonly room: Room;
  private position = 0;
  private generation = -1;
  private listVersion = -1;

  constructor(
    view: ClusterView,
    local: LocalScore,
    slots: HostSlots,
    list: NodeList,
    hostClasses: HostClasses,
    request: PlacementRequest,
    buckets: ScoreBuckets | undefined,
  ) {
    this.view = view;
    this.local = local;
    this.slots = slots;
    this.list = list;
    this.request = request;
    this.buckets = buckets;
    this.room = new Room(view, hostClasses, request);
    this.soft = softConstraints(view, request);
    this.hard = hardConstraints(view, request);
    this.classes = new NodeClasses(view, request, this.soft.length + this.hard.length > 0);
  }

  refresh(): void {
    const { slots, list } = this;
    const isBehind = slots.head - this.position > slots.ring.length;
    if (this.generation !== slots.generation || isBehind) {
      this.entries = new Int32Array(slots.rows.length);
      for (let slot = 0; slot < slots.count; slot++) this.entries[slot] = this.entryOf(slot);
      this.generation = slots.generation;
      this.arrange();
    } else {
      const hasMoved = this.listVersion !== list.version;
      this.catchUp(hasMoved);
      if (hasMoved) this.arrange();
    }
    this.position = slots.head;
  }

  /** Scores what has changed; positions are told unless they will be arranged anew. */
  private catchUp(hasMoved: boolean): void {
    const { slots, entries, position } = this;
    const { ring, records, head } = slots;
    const last = ring.length - 1;
    for (let change = position; change < head; change++) {
      const slot = ring[change & last]!;
      if (records[slot * RECORD + NEWEST] !== change) continue;
      const entry = this.entryOf(slot);
      const before = entries[slot]!;
      if (entry === before) continue;
      if (!hasMoved) this.move(slot, before, entry);
      entries[slot] = entry;
    }
  }

  private entryOf(slot: number): number {
    const { rows, records } = this.slots;
    const host = rows[slot]!;
    let code = NO_CODE;
    if (this.room.has(host, records, slot * RECORD)) {
      code = 1 + this.local.score(host, this.request, this.view);
      assert(code > NO_CODE && code <= CODE_MASK, () => `node ${host} scores ${code - 1}`);
    }
    return (this.classes.of(host) << CODE_BITS) | code;
  }

  private move(slot: number, before: number, after: number): void {
    const { feasible, nodesOf, buckets } = this;
    const position = this.list.positionOf[slot]!;
    if (position === NO_POSITION) return;
    const had = (before & CODE_MASK) !== NO_CODE;
    const has = (after & CODE_MASK) !== NO_CODE;
    if (had && !has) feasible.remove(position);
    if (has && !had) feasible.add(position);
    nodesOf[before >> CODE_BITS]!--;
    nodesOf[after >> CODE_BITS] = (nodesOf[after >> CODE_BITS] ?? 0) + 1;
    buckets?.remove(slot, before);
    buckets?.add(slot, after);
  }

  /** Puts the entries in the order of the list. */
  private arrange(): void {
    const { feasible, nodesOf, buckets, entries } = this;
    const { slotAt, count, version } = this.list;
    feasible.clear(count);
    nodesOf.length = 0;
    for (let i = 0; i < this.classes.count; i++) nodesOf.push(0);
    buckets?.clear(entries.length);
    for (let position = 0; position < count; position++) {
      const slot = slotAt[position]!;
      const entry = entries[slot]!;
      if ((entry & CODE_MASK) !== NO_CODE) feasible.add(position);
      nodesOf[entry >> CODE_BITS]!++;
      buckets?.add(slot, entry);
    }
    this.listVersion = version;
  }
}
