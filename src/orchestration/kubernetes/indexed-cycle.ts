/**
 * A scheduling cycle that chooses as PlainCycle does on the ready hosts of a set, from what is remembered of each request.
 *
 * Remembers  for requests that come again, the host-local scores and the class of every node (`NodeRow`).
 * State      follows the journal; begins anew when the journal has overtaken it. Reads the columns as they stand, so a
 *            what-if must be reverted before.
 */

import { BucketSearch } from './bucket-search.ts';
import { CHANGE, JournalCursor } from '../../cluster/journal.ts';
import { ClassScores } from './class-scores.ts';
import { HostClasses } from '../../placement/index/host-classes.ts';
import { HostSlots } from '../../placement/index/host-slots.ts';
import { NO_HOST } from '../../placement/policy.ts';
import { NO_ROW } from '../../cluster/hosts.ts';
import { NodeList } from './node-list.ts';
import { NodeRow } from './node-row.ts';
import { RequestTable } from '../../placement/index/request-table.ts';
import { ScoreBuckets } from './score-buckets.ts';
import { WindowSearch } from './window-search.ts';
import { feasibleNodesToFind } from './node-order.ts';
import { keepsSpread } from './plugins/spread-filter.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Draw } from '../../placement/tie-rule.ts';
import type { HostSet } from '../../placement/placer.ts';
import type { KnownRequest } from '../../placement/index/request-table.ts';
import type { LocalScore } from './plain-cycle.ts';
import type { PlacementRequest } from '../../placement/policy.ts';

/** Requests remembered at most, and slots x requests. */
const REQUESTS_MAX = 1_024;
const ENTRIES_MAX = 16_777_216;
/** A request is remembered when it comes for the second time: a cycle node by node costs more than to score all nodes once. */
const PATIENCE = 1;

export class IndexedCycle {
  /** Where the next cycle starts. */
  nextStart = 0;
  private readonly view: ClusterView;
  private readonly set: HostSet;
  private readonly local: LocalScore;
  private readonly percentage: number;
  private readonly draw: Draw | undefined;
  private readonly cursor: JournalCursor;
  private readonly windows: WindowSearch;
  private readonly all: BucketSearch;
  private requests!: RequestTable;
  private hostClasses!: HostClasses;
  private slots!: HostSlots;
  private list!: NodeList;
  /** By number of the request. */
  private rows: NodeRow[] = [];
  private allowed = new Uint8Array(16);

  constructor(
    view: ClusterView,
    set: HostSet,
    local: LocalScore,
    percentage: number,
    draw: Draw | undefined,
  ) {
    this.view = view;
    this.set = set;
    this.local = local;
    this.percentage = percentage;
    this.draw = draw;
    this.cursor = new JournalCursor(view.journal);
    const scores = new ClassScores(view);
    this.windows = new WindowSearch(scores);
    this.all = new BucketSearch(scores);
    this.rebuild();
  }

  /** The node for the request, or NO_HOST; undefined when the request is not remembered. */
  choose(request: PlacementRequest, start: number): number | undefined {
    this.advance();
    const limit = Math.min(REQUESTS_MAX, Math.floor(ENTRIES_MAX / this.slots.rows.length));
    const known = this.requests.find(request, Math.max(1, limit), PATIENCE);
    if (known === undefined) return undefined;
    const row = this.rowOf(known);
    row.refresh();
    const { count } = this.list;
    this.nextStart = count === 0 ? start : start % count;
    if (row.feasible.count === 0) return NO_HOST;
    const slot = this.bestOf(row, this.nextStart, feasibleNodesToFind(count, this.percentage));
    return slot < 0 ? NO_HOST : this.slots.rows[slot]!;
  }

  private bestOf(row: NodeRow, start: number, wanted: number): number {
    const { list, windows, draw } = this;
    if (row.buckets !== undefined && row.hard.length === 0 && row.feasible.count > 1) {
      const slot = this.all.choose(row, row.buckets, list, start, draw);
      if (slot !== undefined) return slot;
    }
    const allowed = row.hard.length === 0 ? undefined : this.allowedBy(row);
    const slot = windows.choose(row, list.slotAt, start, wanted, allowed, draw);
    this.nextStart = windows.nextStart;
    return slot;
  }

  /** By class: do its nodes keep the hard constraints? */
  private allowedBy({ request, classes, hard, nodesOf }: NodeRow): Uint8Array {
    const { counts } = this.view;
    const { workload } = request;
    if (this.allowed.length < classes.count) this.allowed = new Uint8Array(2 * classes.count);
    let leastOnHost = Infinity;
    for (let i = 0; i < classes.count; i++) {
      if ((nodesOf[i] ?? 0) > 0) leastOnHost = Math.min(leastOnHost, classes.onHost[i]!);
    }
    let leastInZone = Infinity;
    for (const zone of this.list.zones) {
      leastInZone = Math.min(leastInZone, counts.inZone(workload, zone));
    }
    for (let i = 0; i < classes.count; i++) {
      const inZone = counts.inZone(workload, classes.zone[i]!);
      const passes = keepsSpread(hard, classes.onHost[i]!, inZone, leastOnHost, leastInZone);
      this.allowed[i] = Number(passes);
    }
    return this.allowed;
  }

  private rowOf(known: KnownRequest): NodeRow {
    const { view, local, slots, list, hostClasses } = this;
    const row = this.rows[known.number];
    if (row?.request === known) return row;
    const buckets = this.percentage === 100 ? new ScoreBuckets() : undefined;
    const made = new NodeRow(view, local, slots, list, hostClasses, known, buckets);
    this.rows[known.number] = made;
    return made;
  }

  private advance(): void {
    const { cursor, slots } = this;
    if (cursor.isOvertaken) {
      this.rebuild();
      return;
    }
    const { generation } = slots;
    let joinedOrLeft = false;
    for (let change = cursor.next(); change !== undefined; change = cursor.next()) {
      const { kind, row, value } = change;
      if (kind === CHANGE.taskBound || kind === CHANGE.taskReleased) slots.touch(value);
      else if (kind === CHANGE.hostAdded) {
        if (this.isMember(row)) slots.add(row);
      } else if (
        kind === CHANGE.hostState ||
        kind === CHANGE.hostRemoved ||
        kind === CHANGE.hostLabels
      ) {
        slots.reclassify(row);
        joinedOrLeft ||= this.isMember(row);
      }
    }
    slots.settle();
    if (joinedOrLeft || slots.generation !== generation) this.list.make();
  }

  /** Begins anew from the columns. */
  private rebuild(): void {
    const { view } = this;
    this.requests = new RequestTable(true);
    this.hostClasses = new HostClasses(view);
    this.slots = new HostSlots(view, this.hostClasses);
    this.list = new NodeList(view, this.slots);
    this.rows = [];
    for (let host = 0; host < view.hosts.count; host++) {
      if (this.isMember(host)) this.slots.add(host);
    }
    this.slots.settle();
    this.list.make();
    this.cursor.version = view.journal.version;
  }

  private isMember(host: number): boolean {
    const { hosts } = this.view;
    const { cluster, pool } = this.set;
    return pool === NO_ROW ? hosts.cluster[host] === cluster : hosts.pool[host] === pool;
  }
}
