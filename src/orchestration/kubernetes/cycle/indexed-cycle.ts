/**
 * A scheduling cycle that chooses as PlainCycle does on the ready hosts of a set, from what is remembered of each request.
 *
 * Remembers  for requests that come again, the host-local scores and the class of every node (`NodeRow`).
 * Cost       of a changed host: one scoring for 32 requests, and its class for the requests that count what changed on it.
 *            Of a cycle: a few operations a node of the window, and a few for each class of nodes and rule of the request.
 *            Of a pod for which no node has room, whatever else it asks for: a few in all (`FreeRoom`).
 * State      follows the journal; begins anew when the journal has overtaken it. Reads the columns as they stand, so a
 *            what-if must be reverted before.
 */

import { BucketSearch } from './bucket-search.ts';
import { CHANGE, JournalCursor, changeBits } from '../../../cluster/journal.ts';
import { ClassFilter } from '../constraints/class-filter.ts';
import { ClassScores } from './class-scores.ts';
import { FreeRoom } from './free-room.ts';
import { HostClasses } from '../../../placement/index/host-classes.ts';
import { HostSlots } from '../../../placement/index/host-slots.ts';
import { NO_HOST } from '../../../placement/policy.ts';
import { NO_ROW } from '../../../cluster/hosts.ts';
import { NodeList } from './node-list.ts';
import { NodeRow } from './node-row.ts';
import { PodRules } from '../constraints/pod-rules.ts';
import { RequestTable } from '../../../placement/index/request-table.ts';
import { ScorePanels } from '../../../placement/index/score-panels.ts';
import { ScoreRows } from '../../../placement/index/score-rows.ts';
import { WindowSearch } from './window-search.ts';
import { localScore } from './local-score.ts';
import { feasibleNodesToFind } from './node-order.ts';
import { newPanelKernel } from '../../../placement/wasm/panel-kernel.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { Draw } from '../../../placement/tie-rule.ts';
import type { HostSet } from '../../../placement/placer.ts';
import type { KnownRequest } from '../../../placement/index/request-table.ts';
import type { LocalScore } from './local-score.ts';
import type { Nodes } from './node-row.ts';
import type { PlacementRequest } from '../../../placement/policy.ts';
import type { TallyBook } from '../constraints/tally-book.ts';

const FOLLOWED = changeBits(
  CHANGE.hostAdded,
  CHANGE.hostState,
  CHANGE.hostRemoved,
  CHANGE.hostLabels,
  CHANGE.taskBound,
  CHANGE.taskReleased,
  CHANGE.taskStopping,
  CHANGE.taskResized,
  CHANGE.nodeImages,
);

/** Requests remembered at most, and slots x requests. */
const REQUESTS_MAX = 1_024;
const ENTRIES_MAX = 16_777_216;
/** A request is remembered when it comes for the second time: a cycle node by node costs more than to score all nodes once. */
const PATIENCE = 1;
const EVERY_NODE = 100;

export class IndexedCycle {
  /** Where the next cycle starts. */
  nextStart = 0;
  private readonly view: ClusterView;
  private readonly set: HostSet;
  private readonly local: LocalScore;
  private readonly percentage: number;
  private readonly draw: Draw | undefined;
  private readonly book: TallyBook;
  private readonly cursor: JournalCursor;
  private readonly windows: WindowSearch;
  private readonly all: BucketSearch;
  private readonly filter = new ClassFilter();
  /** Were there pods that leave requests unstated when the scores were made? */
  private hasUnstated = false;
  private requests!: RequestTable;
  private nodes!: Nodes;
  private freeRoom!: FreeRoom;
  /** By number of the request; the first of a number may be void. */
  private rows: NodeRow[] = [];
  /** By template: rows that count its pods on their nodes; made when first needed. */
  private counting: (readonly NodeRow[] | undefined)[] = [];

  constructor(
    view: ClusterView,
    set: HostSet,
    local: LocalScore,
    percentage: number,
    draw: Draw | undefined,
    book: TallyBook,
  ) {
    this.view = view;
    this.book = book;
    this.set = set;
    this.local = local;
    this.percentage = percentage;
    this.draw = draw;
    this.cursor = new JournalCursor(view.journal, FOLLOWED);
    const scores = new ClassScores();
    this.windows = new WindowSearch(scores);
    this.all = new BucketSearch(scores);
    this.rebuild();
  }

  /** The node for the request, or NO_HOST; undefined when the request is not remembered. */
  choose(request: PlacementRequest, start: number): number | undefined {
    this.advance();
    const { slots, list } = this.nodes;
    const { count } = list;
    this.nextStart = count === 0 ? start : start % count;
    const { cpuTicks, memoryBytes } = this.view.specs;
    // Every node was looked at in vain: the next cycle starts where this one did.
    if (!this.freeRoom.mayHold(cpuTicks[request.spec]!, memoryBytes[request.spec]!)) return NO_HOST;
    const limit = Math.min(REQUESTS_MAX, Math.floor(ENTRIES_MAX / slots.rows.length));
    const known = this.requests.find(request, Math.max(1, limit), PATIENCE);
    if (known === undefined) return undefined;
    const row = this.rowOf(known);
    row.refresh();
    const slot = this.bestOf(row, this.nextStart, feasibleNodesToFind(count, this.percentage));
    return slot < 0 ? NO_HOST : slots.rows[slot]!;
  }

  private bestOf(row: NodeRow, start: number, wanted: number): number {
    const { windows, draw, filter } = this;
    const { list } = this.nodes;
    const { rules, classes, sizes } = row;
    if (row.ranked !== undefined && !rules.filters) {
      const slot = this.all.choose(row, row.ranked, list, start, draw);
      if (slot !== undefined) return slot;
    }
    const refused = rules.filters ? filter.refusedBy(rules, classes, sizes) : undefined;
    const slot = windows.choose(row, list.slotAt, start, wanted, refused, draw);
    this.nextStart = windows.nextStart;
    return slot;
  }

  private rowOf(known: KnownRequest): NodeRow {
    const before = this.rows[known.number];
    if (before?.request === known && !before.rules.isVoid) return before;
    before?.rules.close();
    const rules = new PodRules(this.view, known, this.book);
    const row = new NodeRow(this.nodes, known, rules, this.percentage === EVERY_NODE);
    this.rows[known.number] = row;
    this.counting = [];
    return row;
  }

  private advance(): void {
    const { cursor, book } = this;
    const { slots, list } = this.nodes;
    book.advance();
    if (cursor.isOvertaken || this.hasUnstated !== book.templates.hasUnstated) {
      this.rebuild();
      return;
    }
    const { generation } = slots;
    let joinedOrLeft = false;
    for (let change = cursor.next(); change !== undefined; change = cursor.next()) {
      const { kind, row, value } = change;
      if (isOfPod(kind)) this.countPod(row, value);
      else if (kind === CHANGE.taskResized) {
        if (this.isMember(value)) slots.touch(value);
      } else if (kind === CHANGE.nodeImages) this.reclassify(this.rowsWithImage(value), row);
      else if (kind === CHANGE.hostAdded) {
        if (this.isMember(row)) slots.add(row);
      } else {
        slots.reclassify(row);
        joinedOrLeft ||= this.isMember(row);
        if (this.isMember(row)) this.reclassify(this.rows, row);
      }
    }
    slots.settle();
    if (joinedOrLeft || slots.generation !== generation) list.make();
  }

  /** A pod came to the host or left it. */
  private countPod(task: number, host: number): void {
    if (!this.isMember(host)) return;
    const { specs, tasks } = this.view;
    this.nodes.slots.touch(host);
    this.reclassify(this.rowsCounting(specs.templateOf(tasks.spec[task]!)), host);
  }

  private rowsCounting(template: number): readonly NodeRow[] {
    return (this.counting[template] ??= this.rows.filter(({ rules }) =>
      rules.hostTallies.some((tally) => tally.weightOf(template) !== 0),
    ));
  }

  private rowsWithImage(image: number): readonly NodeRow[] {
    return this.rows.filter(({ rules }) => rules.images.some((one) => one.image === image));
  }

  private reclassify(rows: readonly NodeRow[], host: number): void {
    const slot = this.nodes.slots.slot(host);
    // A newcomer without a slot is classified when it gets one.
    if (!(slot >= 0)) return;
    for (const row of rows) row.reclassify(slot);
  }

  /** Begins anew from the columns. */
  private rebuild(): void {
    const { view, book } = this;
    const local = localScore(this.local, book);
    this.hasUnstated = book.templates.hasUnstated;
    this.requests = new RequestTable(true);
    for (const { rules } of this.rows) rules.close();
    this.rows = [];
    this.counting = [];
    const hostClasses = new HostClasses(view);
    const slots = new HostSlots(view, hostClasses);
    const list = new NodeList(view, slots);
    const policy = { name: 'default-profile', ...local };
    const kernel = local.formula === undefined ? undefined : newPanelKernel();
    const twin = new ScoreRows(view, [policy], slots, hostClasses);
    const panels =
      kernel === undefined
        ? undefined
        : new ScorePanels(view, policy, slots, hostClasses, this.requests, kernel, twin);
    this.nodes = { view, local, slots, list, hostClasses, panels };
    for (let host = 0; host < view.hosts.count; host++) {
      if (this.isMember(host)) slots.add(host);
    }
    slots.settle();
    list.make();
    this.freeRoom = new FreeRoom(slots);
    this.cursor.version = view.journal.version;
  }

  private isMember(host: number): boolean {
    const { hosts } = this.view;
    const { cluster, pool } = this.set;
    return pool === NO_ROW ? hosts.cluster[host] === cluster : hosts.pool[host] === pool;
  }
}

/** A pod was bound, is terminating or is gone: the counts of its workload on the host have changed. */
function isOfPod(kind: number): boolean {
  return kind === CHANGE.taskBound || kind === CHANGE.taskReleased || kind === CHANGE.taskStopping;
}
