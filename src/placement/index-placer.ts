/**
 * Chooses as ScanPlacer does on the ready hosts of a set, at a cost that hardly grows with their number.
 *
 * Works for  lists of policies that declare what they read (`isIndexable`), and every tie rule but `preorder`.
 * Remembers  scores per request, for as many requests as MEMORY_CODES allows; of constant scores only who has room.
 * Zones      where a policy counts by zone, each zone has an index of its own; the best hosts of the zones are compared.
 * Searches   by bounds of the scores for a request that is new, and for lists whose scores have no common code.
 * State      follows the journal; begins anew when the journal has overtaken it. Reads the columns as they stand, so
 *            a what-if must be reverted before.
 */

import { CHANGE, JournalCursor, changeBits } from '../cluster/journal.ts';
import { BoundSearch } from './index/bound-search.ts';
import { HostClasses } from './index/host-classes.ts';
import { HostSlots } from './index/host-slots.ts';
import { NO_HOST } from './policy.ts';
import { NO_ROW } from '../cluster/hosts.ts';
import { ReadyHosts } from './ready-hosts.ts';
import { RequestTable } from './index/request-table.ts';
import { ScanPlacer } from './scan-placer.ts';
import { rankingOf } from './index/ranking-of.ts';
import { RESERVOIR_HOSTS_MAX, drawOneOf, permutedPlace, tiePlace } from './tie-rule.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { HostSet, Placer } from './placer.ts';
import type { KnownRequest } from './index/request-table.ts';
import type { PlacementRequest, ScorePolicy } from './policy.ts';
import type { Ranking } from './index/ranking.ts';
import type { TieRule } from './tie-rule.ts';

/** Requests remembered at most, and slots x requests. */
const REQUESTS_MAX = 1_024;
const MEMORY_CODES = 67_108_864;

/** To score so many slots for a panel costs about as much as one search for a request that is not remembered. */
const SLOTS_PER_SEARCH = 256;

const FOLLOWED = changeBits(
  CHANGE.taskBound,
  CHANGE.taskReleased,
  CHANGE.taskStopping,
  CHANGE.taskResized,
  CHANGE.hostAdded,
  CHANGE.hostState,
  CHANGE.hostRemoved,
  CHANGE.hostLabels,
);

/** Changes of what a host holds, or of what spreading counts there. */
const OF_TASKS = changeBits(
  CHANGE.taskBound,
  CHANGE.taskReleased,
  CHANGE.taskStopping,
  CHANGE.taskResized,
);

/** The hosts of one zone, or all when no policy counts by zone. */
interface Part {
  readonly slots: HostSlots;
  /** For requests that are remembered. */
  readonly known: Ranking<KnownRequest>;
  readonly unknown: BoundSearch;
  /** Which of the two was asked last. */
  asked: Ranking<never>;
}

/** True when an IndexPlacer can run the list. */
export function isIndexable(policies: readonly ScorePolicy[], ties: TieRule): boolean {
  return (
    ties.kind !== 'preorder' &&
    policies.every(
      ({ hostLocal, countsBy, constant }) =>
        hostLocal === true || constant === true || countsBy !== undefined,
    )
  );
}

export class IndexPlacer implements Placer {
  private readonly view: ClusterView;
  private readonly set: HostSet;
  private readonly ties: TieRule;
  /** The list without policies that tell no two hosts apart. */
  private readonly policies: readonly ScorePolicy[];
  private readonly zonePolicy: ScorePolicy | undefined;
  private readonly scan: ScanPlacer;
  private readonly ready: ReadyHosts;
  private readonly cursor: JournalCursor;
  /** Parts that hold a best host for the request placed last, the first `bestCount` of the array. */
  private readonly best: Part[] = [];
  private bestCount = 0;
  private bestZoneScore = 0;
  /** Zones that have hosts, in order of their scores; the first `zoneCount` of the array. */
  private readonly zones: number[] = [];
  private readonly zoneScores: number[] = [];
  private zoneCount = 0;
  private requests!: RequestTable;
  /** How many requests may be remembered. */
  private requestLimit = REQUESTS_MAX;
  private patience = 1;
  private classes!: HostClasses;
  private parts: Part[] = [];

  constructor(view: ClusterView, policies: readonly ScorePolicy[], ties: TieRule, set: HostSet) {
    this.view = view;
    this.set = set;
    this.ties = ties;
    this.policies = policies.filter(({ constant }) => constant !== true);
    this.zonePolicy = this.policies.find(({ countsBy }) => countsBy === 'zone');
    this.scan = new ScanPlacer(view, this.policies, ties);
    this.ready = new ReadyHosts(view);
    this.cursor = new JournalCursor(view.journal, FOLLOWED);
    this.rebuild();
  }

  place(request: PlacementRequest): number {
    this.advance();
    const { ties } = this;
    if (ties.kind === 'random' && this.readyRows().length <= RESERVOIR_HOSTS_MAX) {
      return this.scan.place(request, this.readyRows(), this.view.hosts);
    }
    const known = this.requests.find(request, this.requestLimit, this.patience);
    this.findBest(request, known);
    if (this.bestCount === 0) return NO_HOST;
    if (ties.kind === 'random') return drawOneOf(this.readyRows(), this, ties.draw);
    const host = this.firstByTie();
    if (ties.kind === 'rotating') ties.after = host;
    return host;
  }

  /** Is the host among the best for the request placed last? */
  isBest(host: number): boolean {
    const part = this.partOf(host)!;
    for (let i = 0; i < this.bestCount; i++) {
      if (this.best[i] === part) return part.asked.isBest(part.slots.slot(host));
    }
    return false;
  }

  private readyRows(): readonly number[] {
    this.ready.advance();
    const { cluster, pool } = this.set;
    return pool === NO_ROW ? this.ready.inCluster(cluster) : this.ready.inPool(pool);
  }

  private advance(): void {
    const { cursor, view } = this;
    if (cursor.isOvertaken) {
      this.rebuild();
      return;
    }
    for (let change = cursor.next(); change !== undefined; change = cursor.next()) {
      const { kind, row, value } = change;
      if ((OF_TASKS & (1 << kind)) !== 0) {
        this.partOf(value)?.slots.touch(value);
      } else if (kind === CHANGE.hostAdded) {
        if (this.isMember(row)) this.partOf(row)!.slots.add(row);
      } else {
        this.partOf(row)?.slots.reclassify(row);
      }
    }
    cursor.version = view.journal.version;
    this.settle();
  }

  /** Gives slots to new hosts. */
  private settle(): void {
    let isRenumbered = false;
    for (const { slots } of this.parts) isRenumbered = slots.settle() || isRenumbered;
    if (isRenumbered) this.limitRequests();
  }

  private limitRequests(): void {
    const slots = this.parts.reduce((sum, part) => sum + part.slots.rows.length, 0);
    this.patience = this.isSearchShort() ? Math.max(1, Math.floor(slots / SLOTS_PER_SEARCH)) : 1;
    this.requestLimit = Math.min(REQUESTS_MAX, Math.max(1, Math.floor(MEMORY_CODES / slots)));
  }

  /** False when a search for a request that is not remembered looks at every host with room: then waiting saves nothing. */
  private isSearchShort(): boolean {
    const first = this.policies.find(({ countsBy }) => countsBy !== 'zone');
    return first === undefined || first.trend !== undefined || first.bound !== undefined;
  }

  /** Begins anew from the columns. */
  private rebuild(): void {
    const { view, policies, ties } = this;
    const keepsPools = view.pools.descriptions.some(({ workloads }) => workloads.length > 0);
    const counts = policies.some(({ countsBy }) => countsBy === 'instance');
    this.requests = new RequestTable(keepsPools || counts || this.zonePolicy !== undefined);
    this.classes = new HostClasses(view);
    const placeOf =
      ties.kind === 'permuted' ? (row: number) => permutedPlace(ties.seed, row) : undefined;
    // The zone is compared between parts; within one it is the same everywhere.
    const scored = policies.filter(({ countsBy }) => countsBy !== 'zone');
    const partCount = this.zonePolicy === undefined ? 1 : view.zones.length;
    this.parts = Array.from({ length: partCount }, () => {
      const slots = new HostSlots(view, this.classes, placeOf);
      const known = rankingOf(view, scored, slots, this.classes, this.requests);
      const unknown = new BoundSearch(view, scored, slots, this.classes);
      return { slots, known, unknown, asked: unknown };
    });
    for (let host = 0; host < view.hosts.count; host++) {
      if (this.isMember(host)) this.partOf(host)!.slots.add(host);
    }
    this.cursor.version = view.journal.version;
    this.settle();
    this.limitRequests();
  }

  private isMember(host: number): boolean {
    const { hosts } = this.view;
    const { cluster, pool } = this.set;
    return pool === NO_ROW ? hosts.cluster[host] === cluster : hosts.pool[host] === pool;
  }

  private partOf(host: number): Part | undefined {
    return this.parts.length === 1 ? this.parts[0] : this.parts[this.view.hosts.zone[host]!];
  }

  /** Finds the parts that hold a best host; none when no host has room. */
  private findBest(request: PlacementRequest, known: KnownRequest | undefined): void {
    const { parts, best } = this;
    this.bestCount = 0;
    if (parts.length === 1) {
      if (rank(parts[0]!, request, known)) best[this.bestCount++] = parts[0]!;
      return;
    }
    this.orderZones(request);
    const zoneIsFirst = this.policies[0] === this.zonePolicy;
    for (let i = 0; i < this.zoneCount; i++) {
      const zone = this.zones[i]!;
      const part = parts[zone]!;
      if (zoneIsFirst && this.bestCount > 0 && this.zoneScores[zone]! < this.bestZoneScore) break;
      if (!rank(part, request, known)) continue;
      const order = this.bestCount === 0 ? 1 : this.compare(part, best[0]!, request);
      if (order < 0) continue;
      if (order > 0) this.bestCount = 0;
      best[this.bestCount++] = part;
      this.bestZoneScore = this.zoneScores[zone]!;
    }
  }

  /** Lists the zones that have hosts, those that score best first. A zone scores the same for all its hosts. */
  private orderZones(request: PlacementRequest): void {
    const { zones, zoneScores, parts } = this;
    this.zoneCount = 0;
    for (let zone = 0; zone < parts.length; zone++) {
      const { slots } = parts[zone]!;
      if (slots.count === 0) continue;
      const score = this.zonePolicy!.score(slots.rows[0]!, request, this.view);
      zoneScores[zone] = score;
      let at = this.zoneCount++;
      for (; at > 0 && zoneScores[zones[at - 1]!]! < score; at--) zones[at] = zones[at - 1]!;
      zones[at] = zone;
    }
  }

  /** Sign of (best host of a - best host of b). */
  private compare(a: Part, b: Part, request: PlacementRequest): number {
    const hostA = a.slots.rows[a.asked.firstBest(0)]!;
    const hostB = b.slots.rows[b.asked.firstBest(0)]!;
    for (const policy of this.policies) {
      const difference =
        policy.score(hostA, request, this.view) - policy.score(hostB, request, this.view);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** The best host whose place is lowest by the tie rule. */
  private firstByTie(): number {
    let chosen = this.firstOf(this.best[0]!);
    for (let i = 1; i < this.bestCount; i++) {
      const host = this.firstOf(this.best[i]!);
      if (tiePlace(this.ties, host) < tiePlace(this.ties, chosen)) chosen = host;
    }
    return chosen;
  }

  private firstOf({ slots, asked }: Part): number {
    if (this.ties.kind === 'rotating') {
      const from = slots.slotBehind(this.ties.after);
      const slot = from < slots.count ? asked.firstBest(from) : -1;
      if (slot >= 0) return slots.rows[slot]!;
    }
    return slots.rows[asked.firstBest(0)]!;
  }
}

/** True when a host of the part has room; its best are then known. */
function rank(part: Part, request: PlacementRequest, known: KnownRequest | undefined): boolean {
  if (known !== undefined) {
    const hasRoom = part.known.rank(known);
    part.asked = part.known;
    if (hasRoom !== undefined) return hasRoom;
  }
  part.asked = part.unknown;
  return part.unknown.rank(request);
}
