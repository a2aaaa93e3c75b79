/**
 * Chooses as ScanPlacer does on the ready hosts of a set, at a cost that hardly grows with their number.
 *
 * Works for  lists of policies that declare what they read (`isIndexable`), and every tie rule but `preorder`.
 * Remembers  scores per request, for as many requests as MEMORY_CODES allows; of constant scores only who has room.
 * Zones      where a policy counts by zone, each zone has an index of its own; the best hosts of the zones are compared.
 * Scans      for a request that is new, and for lists whose scores have no common code.
 * State      follows the journal; begins anew when the journal has overtaken it. Reads the columns as they stand, so
 *            a what-if must be reverted before.
 */

import { CHANGE, JournalCursor } from '../cluster/journal.ts';
import { FitTree } from './index/fit-tree.ts';
import { HostClasses } from './index/host-classes.ts';
import { HostSlots } from './index/host-slots.ts';
import { NO_HOST } from './policy.ts';
import { NO_ROW } from '../cluster/hosts.ts';
import { ReadyHosts } from './ready-hosts.ts';
import { RequestTable } from './index/request-table.ts';
import { ScanPlacer } from './scan-placer.ts';
import { ScoreRows } from './index/score-rows.ts';
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

/** The hosts of one zone, or all when no policy counts by zone. */
interface Part {
  readonly slots: HostSlots;
  readonly ranking: Ranking;
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
  private readonly best: Part[] = [];
  private readonly order: number[] = [];
  private requests!: RequestTable;
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
    this.cursor = new JournalCursor(view.journal);
    this.rebuild();
  }

  place(request: PlacementRequest): number {
    this.advance();
    if (this.ties.kind === 'random' && this.readyRows().length <= RESERVOIR_HOSTS_MAX) {
      return this.scan.place(request, this.readyRows(), this.view.hosts);
    }
    const known = this.requests.find(request, this.requestLimit());
    const parts = known === undefined ? undefined : this.bestParts(known);
    if (parts === undefined) {
      return this.scan.place(request, this.readyRows(), this.view.hosts);
    }
    if (parts.length === 0) return NO_HOST;
    const host = this.breakTie(parts);
    if (this.ties.kind === 'next') this.ties.after = host;
    return host;
  }

  private requestLimit(): number {
    let slots = 0;
    for (const part of this.parts) slots += part.slots.rows.length;
    return Math.min(REQUESTS_MAX, Math.max(1, Math.floor(MEMORY_CODES / slots)));
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
      if (kind === CHANGE.taskBound || kind === CHANGE.taskReleased) {
        this.partOf(value)?.slots.touch(value);
      } else if (kind === CHANGE.hostAdded) {
        if (this.isMember(row)) this.partOf(row)!.slots.add(row);
      } else if (
        kind === CHANGE.hostState ||
        kind === CHANGE.hostRemoved ||
        kind === CHANGE.hostLabels
      ) {
        this.partOf(row)?.slots.reclassify(row);
      }
    }
    for (const part of this.parts) part.slots.settle();
    cursor.version = view.journal.version;
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
      const ranking =
        scored.length === 0
          ? new FitTree(view, slots, this.classes)
          : new ScoreRows(view, scored, slots, this.classes);
      return { slots, ranking };
    });
    for (let host = 0; host < view.hosts.count; host++) {
      if (this.isMember(host)) this.partOf(host)!.slots.add(host);
    }
    for (const part of this.parts) part.slots.settle();
    this.cursor.version = view.journal.version;
  }

  private isMember(host: number): boolean {
    const { hosts } = this.view;
    const { cluster, pool } = this.set;
    return pool === NO_ROW ? hosts.cluster[host] === cluster : hosts.pool[host] === pool;
  }

  private partOf(host: number): Part | undefined {
    return this.parts.length === 1 ? this.parts[0] : this.parts[this.view.hosts.zone[host]!];
  }

  /** The parts that hold a best host; undefined when one cannot be ranked. */
  private bestParts(request: KnownRequest): readonly Part[] | undefined {
    const { parts, best } = this;
    best.length = 0;
    if (parts.length === 1) {
      const hasRoom = parts[0]!.ranking.rank(request);
      if (hasRoom === undefined) return undefined;
      if (hasRoom) best.push(parts[0]!);
      return best;
    }
    const zoneIsFirst = this.policies[0] === this.zonePolicy;
    for (const zone of this.zonesInOrder(request)) {
      const part = parts[zone]!;
      const isWorse =
        zoneIsFirst &&
        best.length > 0 &&
        this.zoneScore(part, request) < this.zoneScore(best[0]!, request);
      if (isWorse) break;
      const hasRoom = part.ranking.rank(request);
      if (hasRoom === undefined) return undefined;
      if (!hasRoom) continue;
      const order = best.length === 0 ? 0 : this.compare(part, best[0]!, request);
      if (order > 0) best.length = 0;
      if (order >= 0) best.push(part);
    }
    return best;
  }

  /** Zones that have hosts, those that score best first. */
  private zonesInOrder(request: PlacementRequest): readonly number[] {
    const { order, parts } = this;
    order.length = 0;
    for (let zone = 0; zone < parts.length; zone++) {
      if (parts[zone]!.slots.count === 0) continue;
      const score = this.zoneScore(parts[zone]!, request);
      let at = order.length++;
      for (; at > 0 && this.zoneScore(parts[order[at - 1]!]!, request) < score; at--) {
        order[at] = order[at - 1]!;
      }
      order[at] = zone;
    }
    return order;
  }

  /** The same for every host of the zone. */
  private zoneScore(part: Part, request: PlacementRequest): number {
    return this.zonePolicy!.score(part.slots.rows[0]!, request, this.view);
  }

  /** Sign of (best host of a - best host of b). */
  private compare(a: Part, b: Part, request: PlacementRequest): number {
    const hostA = a.slots.rows[a.ranking.firstBest(0)]!;
    const hostB = b.slots.rows[b.ranking.firstBest(0)]!;
    for (const policy of this.policies) {
      const difference =
        policy.score(hostA, request, this.view) - policy.score(hostB, request, this.view);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  private breakTie(parts: readonly Part[]): number {
    const { ties } = this;
    if (ties.kind === 'random') return this.drawTie(parts, ties.draw);
    let chosen = NO_HOST;
    for (const part of parts) {
      const host = this.firstBestOf(part);
      if (chosen === NO_HOST || tiePlace(ties, host) < tiePlace(ties, chosen)) chosen = host;
    }
    return chosen;
  }

  private firstBestOf({ slots, ranking }: Part): number {
    const from = this.ties.kind === 'next' ? slots.slotBehind(this.ties.after) : 0;
    let slot = from < slots.count ? ranking.firstBest(from) : -1;
    if (slot < 0) slot = ranking.firstBest(0);
    return slots.rows[slot]!;
  }

  private drawTie(parts: readonly Part[], draw: () => number): number {
    const isBest = (host: number): boolean => {
      const part = this.partOf(host)!;
      return parts.includes(part) && part.ranking.isBest(part.slots.slot(host));
    };
    return drawOneOf(this.readyRows(), isBest, draw);
  }
}
