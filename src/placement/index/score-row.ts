/**
 * The scores of all slots for one request, as codes under a tree of maxima, brought up to date when asked.
 *
 * Cost       of a question: one score per host that changed since the last, and 16 steps a level of the tree. Made anew
 *            when it is further behind than the log is long, or when the slots were renumbered.
 */

import { NO_SLOT, SlotReader } from './slot-reader.ts';
import { RECORD } from './host-slots.ts';
import { MaxTree } from './max-tree.ts';
import { Room } from './room.ts';
import { ScoreCode, ScoreRange } from './score-code.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostClasses } from './host-classes.ts';
import type { HostSlots } from './host-slots.ts';
import type { PlacementRequest, ScorePolicy } from '../policy.ts';

export class ScoreRow {
  readonly request: PlacementRequest;
  private readonly view: ClusterView;
  private readonly policies: readonly ScorePolicy[];
  private readonly policy: ScorePolicy;
  private readonly slots: HostSlots;
  private readonly room: Room;
  private readonly ranges: readonly ScoreRange[];
  private readonly scores: Float64Array;
  private code: ScoreCode | undefined;
  private tree: MaxTree | undefined;
  private readonly reader: SlotReader;
  private maximum = 0;

  constructor(
    view: ClusterView,
    policies: readonly ScorePolicy[],
    slots: HostSlots,
    classes: HostClasses,
    request: PlacementRequest,
  ) {
    this.view = view;
    this.policies = policies;
    this.policy = policies[0]!;
    this.slots = slots;
    this.reader = new SlotReader(slots);
    this.request = request;
    this.room = new Room(view, classes, request);
    this.ranges = policies.map(() => new ScoreRange());
    this.scores = new Float64Array(policies.length);
  }

  /** True when a host has room; undefined when the scores have no common code. */
  refresh(): boolean | undefined {
    const isRight = this.reader.canCatchUp && this.catchUp();
    if (!isRight && !this.make()) {
      // The changes that were read until no code was found are not in the tree.
      this.reader.forget();
      return undefined;
    }
    this.maximum = this.tree!.maximum;
    return this.maximum !== this.code!.none;
  }

  firstBest(from: number): number {
    return this.tree!.firstOf(this.maximum, from);
  }

  isBest(slot: number): boolean {
    return this.tree!.leaves[slot] === this.maximum;
  }

  /** Scores what has changed; false when a score has no code. */
  private catchUp(): boolean {
    const { reader, room } = this;
    const { records, rows } = this.slots;
    const tree = this.tree!;
    const none = this.code!.none;
    for (let slot = reader.next(); slot !== NO_SLOT; slot = reader.next()) {
      const host = rows[slot]!;
      const code = room.has(host, records, slot * RECORD) ? this.codeOf(host) : none;
      if (Number.isNaN(code)) return false;
      tree.set(slot, code);
    }
    return true;
  }

  private codeOf(host: number): number {
    const { policies, request, view } = this;
    if (policies.length === 1) {
      return this.code!.encodeOne(this.policy.score(host, request, view));
    }
    for (let i = 0; i < policies.length; i++) {
      this.scores[i] = policies[i]!.score(host, request, view);
    }
    return this.code!.encode(this.scores);
  }

  /** Scores every slot; false when the scores have no common code. */
  private make(): boolean {
    const { slots, policies, request, view, ranges } = this;
    for (let slot = 0; slot < slots.count; slot++) {
      const host = slots.rows[slot]!;
      if (!this.room.has(host, slots.records, slot * RECORD)) continue;
      for (let i = 0; i < policies.length; i++)
        ranges[i]!.add(policies[i]!.score(host, request, view));
    }
    const code = ScoreCode.of(ranges);
    if (code === undefined) return false;
    this.code = code;
    const tree = new MaxTree(code.storage, slots.rows.length, code.none);
    for (let slot = 0; slot < slots.count; slot++) {
      const host = slots.rows[slot]!;
      if (this.room.has(host, slots.records, slot * RECORD)) tree.leaves[slot] = this.codeOf(host);
    }
    tree.raise();
    this.tree = tree;
    this.reader.skipAll();
    return true;
  }
}
