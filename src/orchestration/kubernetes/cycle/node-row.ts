/**
 * What is remembered of all nodes for one request: the code and the class of each, by slot.
 *
 * Codes      from panels, which score a changed host for 32 requests at once; without them, scored here one by one when asked.
 * Classes    change with the pods of the request's own workload alone, and when a host joins: whoever follows the journal says so.
 * Every node when a cycle looks at all of them, buckets and feasible positions are kept besides.
 */

import { CODE_MAX, NO_CODE, entryOf } from './node-entry.ts';
import { LANES } from '../../../placement/wasm/panel-kernel.ts';
import { NO_SLOT, SlotReader } from '../../../placement/index/slot-reader.ts';
import { RECORD } from '../../../placement/index/host-slots.ts';
import { NO_POSITION } from './node-list.ts';
import { NodeClasses } from './node-classes.ts';
import { PositionBits } from './position-bits.ts';
import { Room } from '../../../placement/index/room.ts';
import { ScoreBuckets } from './score-buckets.ts';
import { assert } from '../../../base/assert.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { HostClasses } from '../../../placement/index/host-classes.ts';
import type { HostSlots } from '../../../placement/index/host-slots.ts';
import type { KnownRequest } from '../../../placement/index/request-table.ts';
import type { LocalScore } from './local-score.ts';
import type { NodeList } from './node-list.ts';
import type { PodRules } from '../constraints/pod-rules.ts';
import type { ScorePanels } from '../../../placement/index/score-panels.ts';

/** What the rows of one set of hosts share. */
export interface Nodes {
  readonly view: ClusterView;
  readonly local: LocalScore;
  readonly slots: HostSlots;
  readonly list: NodeList;
  readonly hostClasses: HostClasses;
  readonly panels: ScorePanels | undefined;
}

/** The buckets of a request, and the positions of its feasible nodes. */
export class Ranked {
  readonly buckets = new ScoreBuckets();
  readonly feasible = new PositionBits();
  listVersion = -1;
}

export class NodeRow {
  readonly request: KnownRequest;
  readonly rules: PodRules;
  readonly classes: NodeClasses;
  readonly ranked: Ranked | undefined;
  /** The code of a slot stands at `first + slot * stride`. */
  codes: Uint8Array = new Uint8Array(0);
  first = 0;
  stride = 1;
  /** By slot. */
  classOf = new Int32Array(0);
  /** By class: how many nodes of the list it has; kept while hard spreading asks for it. */
  sizes = new Int32Array(16);

  private readonly nodes: Nodes;
  private readonly room: Room;
  private readonly reader: SlotReader;
  private classGeneration = -1;
  private sizedVersion = -1;

  constructor(nodes: Nodes, request: KnownRequest, rules: PodRules, isRanked: boolean) {
    const { view, hostClasses } = nodes;
    this.nodes = nodes;
    this.reader = new SlotReader(nodes.slots);
    this.request = request;
    this.room = new Room(view, hostClasses, request);
    this.rules = rules;
    this.classes = new NodeClasses(view, rules);
    this.ranked = isRanked ? new Ranked() : undefined;
  }

  /** Brings codes and classes up to date. */
  refresh(): void {
    const { slots, panels } = this.nodes;
    if (this.classGeneration !== slots.generation) this.classify();
    if (this.rules.hard.length > 0 && this.sizedVersion !== this.nodes.list.version) this.size();
    const cells = this.ranked === undefined ? panels?.cellsOf(this.request) : undefined;
    if (cells === undefined) {
      this.score();
    } else {
      this.codes = cells.bytes;
      this.first = cells.first;
      this.stride = LANES;
      this.reader.forget();
    }
  }

  /** Notes that the class of a host may have changed. */
  reclassify(slot: number): void {
    const { slots } = this.nodes;
    // Otherwise all will be classified.
    if (this.classGeneration !== slots.generation) return;
    const nodeClass = this.classes.of(slots.rows[slot]!);
    const before = this.classOf[slot]!;
    if (nodeClass === before) return;
    this.classOf[slot] = nodeClass;
    this.resize(slot, before, nodeClass);
    if (this.reader.isNumbered) this.move(slot, before, this.codes[slot]!);
  }

  private classify(): void {
    const { rows, count, generation } = this.nodes.slots;
    this.classOf = new Int32Array(rows.length);
    for (let slot = 0; slot < count; slot++) this.classOf[slot] = this.classes.of(rows[slot]!);
    this.classGeneration = generation;
    this.sizedVersion = -1;
  }

  private size(): void {
    const { list } = this.nodes;
    this.sizes.fill(0);
    for (const slot of list.slotAt) this.addTo(this.classOf[slot]!, 1);
    this.sizedVersion = list.version;
  }

  /** Of what moved in the list all is counted anew. */
  private resize(slot: number, before: number, after: number): void {
    const { list } = this.nodes;
    if (this.sizedVersion !== list.version || list.positionOf[slot] === NO_POSITION) return;
    this.addTo(before, -1);
    this.addTo(after, 1);
  }

  private addTo(nodeClass: number, nodes: number): void {
    if (nodeClass >= this.sizes.length) {
      const larger = new Int32Array(2 * nodeClass);
      larger.set(this.sizes);
      this.sizes = larger;
    }
    this.sizes[nodeClass]! += nodes;
  }

  private score(): void {
    const { slots, list } = this.nodes;
    const isNew = !this.reader.canCatchUp;
    if (isNew) {
      this.codes = new Uint8Array(slots.rows.length);
      this.first = 0;
      this.stride = 1;
      for (let slot = 0; slot < slots.count; slot++) this.codes[slot] = this.codeOf(slot);
      this.reader.skipAll();
    } else this.catchUp();
    if (this.ranked !== undefined && (isNew || this.ranked.listVersion !== list.version)) {
      this.rank(this.ranked);
    }
  }

  /** Scores what has changed. */
  private catchUp(): void {
    const { codes, classOf, reader } = this;
    for (let slot = reader.next(); slot !== NO_SLOT; slot = reader.next()) {
      const code = this.codeOf(slot);
      const before = codes[slot]!;
      if (code === before) continue;
      codes[slot] = code;
      this.move(slot, classOf[slot]!, before);
    }
  }

  private codeOf(slot: number): number {
    const { slots, local, view } = this.nodes;
    const host = slots.rows[slot]!;
    if (!this.room.has(host, slots.records, slot * RECORD)) return NO_CODE;
    const code = 1 + local.score(host, this.request, view);
    if (code <= NO_CODE || code > CODE_MAX) {
      assert(false, `host-local scores are 0 to ${CODE_MAX - 1}, node ${host} has ${code - 1}`);
    }
    return code;
  }

  /** Moves a node that had this class and code until now. */
  private move(slot: number, classBefore: number, codeBefore: number): void {
    const { ranked, codes, classOf } = this;
    const { list } = this.nodes;
    // What moved in the list is ranked anew.
    if (ranked === undefined || ranked.listVersion !== list.version) return;
    const position = list.positionOf[slot]!;
    if (position === NO_POSITION) return;
    const code = codes[slot]!;
    if (codeBefore === NO_CODE) ranked.feasible.add(position);
    else ranked.buckets.remove(slot, entryOf(classBefore, codeBefore));
    if (code === NO_CODE) ranked.feasible.remove(position);
    else ranked.buckets.add(slot, entryOf(classOf[slot]!, code));
  }

  private rank(ranked: Ranked): void {
    const { codes, classOf } = this;
    const { slotAt, count, version } = this.nodes.list;
    ranked.feasible.clear(count);
    ranked.buckets.clear(codes.length);
    for (let position = 0; position < count; position++) {
      const slot = slotAt[position]!;
      if (codes[slot] === NO_CODE) continue;
      ranked.feasible.add(position);
      ranked.buckets.add(slot, entryOf(classOf[slot]!, codes[slot]!));
    }
    ranked.listVersion = version;
  }
}
