/**
 * The best hosts for a request that is not remembered, when nothing is known of the scores: scores every host that has room.
 *
 * Cost       a look and a score for each host with room; hosts that all score the same are searched up to the first with room.
 */

import { BestScores } from './best-scores.ts';
import { RECORD } from './host-slots.ts';
import { Room } from './room.ts';
import { RoomBits } from './room-bits.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostClasses } from './host-classes.ts';
import type { HostSlots } from './host-slots.ts';
import type { PlacementRequest, ScorePolicy } from '../policy.ts';
import type { Ranking } from './ranking.ts';

const NONE = -1;

export class RoomSearch implements Ranking<PlacementRequest> {
  private readonly view: ClusterView;
  private readonly policies: readonly ScorePolicy[];
  private readonly slots: HostSlots;
  private readonly classes: HostClasses;
  private readonly bits: RoomBits;
  private request: PlacementRequest = { spec: 0, workload: 0 };
  private cpuTicks = 0;
  private memoryBytes = 0;
  private room: Room | undefined;
  private first = NONE;
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
    this.bits = new RoomBits(slots);
    this.best = new BestScores(view, policies);
  }

  rank(request: PlacementRequest): boolean {
    this.bits.catchUp();
    this.request = request;
    this.cpuTicks = this.view.specs.cpuTicks[request.spec]!;
    this.memoryBytes = this.view.specs.memoryBytes[request.spec]!;
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
    return this.hasRoom(slot) && this.compare(slot) === 0;
  }

  private firstMaximum(): number {
    const { policies, best, slots, request } = this;
    if (policies.length === 1) return this.firstMaximumOf(policies[0]!);
    let first = NONE;
    for (let slot = this.nextWithRoom(0); slot !== NONE; slot = this.nextWithRoom(slot + 1)) {
      if (first !== NONE && this.compare(slot) <= 0) continue;
      first = slot;
      best.take(slots.rows[slot]!, request);
    }
    return first;
  }

  /** The same for a list of one, with nothing but the scores in the loop. */
  private firstMaximumOf(policy: ScorePolicy): number {
    const { request, view } = this;
    const { rows } = this.slots;
    let first = NONE;
    let most = -Infinity;
    for (let slot = this.nextWithRoom(0); slot !== NONE; slot = this.nextWithRoom(slot + 1)) {
      const score = policy.score(rows[slot]!, request, view);
      if (score <= most) continue;
      most = score;
      first = slot;
    }
    this.best.scores[0] = most;
    return first;
  }

  /** Sign of (slot - best so far). */
  private compare(slot: number): number {
    return this.best.compare(this.slots.rows[slot]!, this.request);
  }

  private nextWithRoom(from: number): number {
    const { bits, cpuTicks, memoryBytes } = this;
    let slot = bits.next(from, cpuTicks, memoryBytes);
    while (slot !== NONE && !this.hasRoom(slot)) {
      slot = bits.next(slot + 1, cpuTicks, memoryBytes);
    }
    return slot;
  }

  private hasRoom(slot: number): boolean {
    const { rows, records } = this.slots;
    return this.room!.has(rows[slot]!, records, slot * RECORD);
  }
}
