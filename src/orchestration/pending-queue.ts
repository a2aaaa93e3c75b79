/**
 * The pending tasks of one cluster, in the order in which a scheduler tries them.
 *
 * Order      priority descending, then time of submission, then number: a total order, held by a fastpriorityqueue heap.
 * Lines      tasks with the same spec, workload and pool wait in one line: when its head fits nowhere, none of it
 *            does, and the line is blocked until room appears. So a pass costs one attempt a line, not one a task.
 *            In strict order a blocked line keeps its place and holds up all behind it.
 * Follows    the journal: pending tasks join, placed and withdrawn ones drop out when they come to the head.
 */

import FastPriorityQueue from 'fastpriorityqueue';
import { CHANGE, JournalCursor, changeBits } from '../cluster/journal.ts';
import { TASK_STATE } from '../cluster/tasks.ts';
import type { ClusterView } from '../cluster/cluster.ts';

const FOLLOWED = changeBits(
  CHANGE.taskPending,
  CHANGE.taskWithdrawn,
  CHANGE.hostState,
  CHANGE.hostLabels,
  CHANGE.taskReleased,
  CHANGE.taskResized,
);

/** What the tasks of one line have in common. */
interface LineKey {
  readonly spec: number;
  readonly workload: number;
  readonly pool: number;
}

interface Line extends LineKey {
  readonly rows: number[];
  /** Position of the head in `rows`. */
  at: number;
  blocked: boolean;
  /** True while the line stands in the heap. */
  queued: boolean;
}

export interface PendingQueueState {
  readonly version: number;
  readonly blocked: readonly LineKey[];
}

export const NO_TASK = -1;

export class PendingQueue {
  private readonly view: ClusterView;
  private readonly cluster: number;
  private readonly strictOrder: boolean;
  private readonly cursor: JournalCursor;
  /** By workload, then by spec and pool (`keyOf`). */
  private readonly lines: Map<number, Line>[] = [];
  /** By task row; undefined for those that do not wait here. */
  private readonly lineOf: (Line | undefined)[] = [];
  private waitingCount = 0;
  /** False when it is sure that no line is blocked. */
  private hasBlocked = false;
  private readonly heap: FastPriorityQueue<Line>;

  constructor(view: ClusterView, cluster: number, strictOrder = false) {
    this.view = view;
    this.cluster = cluster;
    this.strictOrder = strictOrder;
    this.cursor = new JournalCursor(view.journal, FOLLOWED);
    this.heap = new FastPriorityQueue<Line>((a, b) => this.before(headOf(a), headOf(b)));
  }

  /** Takes in what the journal has; room that appeared lets every line try again. */
  advance(): void {
    if (this.cursor.isOvertaken) this.restore({ version: this.view.journal.version, blocked: [] });
    let roomAppeared = false;
    for (let change = this.cursor.next(); change !== undefined; change = this.cursor.next()) {
      if (change.kind === CHANGE.taskPending) this.join(change.row);
      else if (change.kind === CHANGE.taskWithdrawn) this.drop(change.row);
      else if (change.kind === CHANGE.taskReleased || change.kind === CHANGE.taskResized) {
        roomAppeared ||= this.isOurs(change.value);
      }
      // A host is ready, or has lost a taint.
      else roomAppeared ||= this.isOurs(change.row);
    }
    if (roomAppeared) this.unblock();
  }

  /** The task to try now, or NO_TASK when every line is blocked, held up or empty. */
  head(): number {
    for (let line = this.heap.peek(); line !== undefined; line = this.heap.peek()) {
      if (this.waitsIn(headOf(line), line)) return line.blocked ? NO_TASK : headOf(line);
      this.heap.poll();
      line.queued = false;
      this.enqueue(line);
    }
    return NO_TASK;
  }

  /** The head found a host. */
  take(): void {
    const line = this.heap.poll()!;
    line.queued = false;
    this.forget(line.rows[line.at++]!);
    this.enqueue(line);
  }

  /** The head found none: its whole line waits. Returns the tasks of the line, the head first. */
  block(): readonly number[] {
    const line = this.heap.peek()!;
    line.blocked = this.hasBlocked = true;
    if (!this.strictOrder) {
      this.heap.poll();
      line.queued = false;
    }
    return line.rows.slice(line.at).filter((task) => this.waitsIn(task, line));
  }

  /** True while a task waits here, as far as the journal was read. */
  get isWaiting(): boolean {
    return this.waitingCount > 0;
  }

  /** Every task that waits, in order of trying. Costs a sort: for autoscalers, not for the hot path. */
  waiting(): number[] {
    const tasks = this.allLines().flatMap((line) =>
      line.rows.slice(line.at).filter((task) => this.waitsIn(task, line)),
    );
    return tasks.sort((a, b) => (this.before(a, b) ? -1 : 1));
  }

  /** What the columns do not say: how far the journal was read, and the lines that were tried in vain since. */
  save(): PendingQueueState {
    const blocked = this.allLines()
      .filter((line) => line.blocked)
      .map(({ spec, workload, pool }) => ({ spec, workload, pool }));
    return { version: this.cursor.version, blocked };
  }

  /** Makes the queue again from restored columns. A line that was blocked stays so: trying it again costs time. */
  restore({ version, blocked }: PendingQueueState): void {
    this.lines.length = this.lineOf.length = this.waitingCount = 0;
    this.hasBlocked = false;
    this.heap.removeMany(() => true);
    for (let task = 0; task < this.view.tasks.count; task++) {
      if (this.isPending(task)) this.join(task);
    }
    for (const { spec, workload, pool } of blocked) {
      const line = this.lineFor(spec, workload, pool);
      line.blocked = this.hasBlocked = true;
      if (!this.strictOrder) this.dequeue(line);
    }
    this.cursor.version = version;
  }

  private join(task: number): void {
    const { tasks } = this.view;
    if (tasks.cluster[task] !== this.cluster || !this.isPending(task)) return;
    const line = this.lineFor(tasks.spec[task]!, tasks.workload[task]!, tasks.pool[task]!);
    const before = this.lineOf[task];
    if (before !== line) {
      if (before === undefined) this.waitingCount++;
      this.lineOf[task] = line;
      this.insert(line, task);
    }
    line.blocked = false;
    this.enqueue(line);
  }

  /** A task that left without being placed leaves no trace: its row may soon be another task's. */
  private drop(task: number): void {
    const line = this.lineOf[task];
    if (line === undefined) return;
    this.forget(task);
    const at = line.rows.indexOf(task, line.at);
    // The head may have moved past it already.
    if (at < 0) return;
    this.dequeue(line);
    line.rows.splice(at, 1);
    this.enqueue(line);
  }

  /** Appends, or finds the place of a task that came back. */
  private insert(line: Line, task: number): void {
    if (line.at > 1_024 && line.at * 2 > line.rows.length) {
      line.rows.splice(0, line.at);
      line.at = 0;
    }
    let at = line.rows.length;
    while (at > line.at && this.before(task, line.rows[at - 1]!)) at--;
    // It went to another pool and came back to the place that it had.
    if (at > line.at && line.rows[at - 1] === task) return;
    // A new head changes the line's place in the heap.
    if (at === line.at) this.dequeue(line);
    if (at === line.rows.length) line.rows.push(task);
    else line.rows.splice(at, 0, task);
  }

  private dequeue(line: Line): void {
    if (!line.queued) return;
    this.heap.removeOne((other) => other === line);
    line.queued = false;
  }

  private enqueue(line: Line): void {
    // The head of a line that stands in the heap must not change: `head` moves past those that are gone.
    if (line.queued || (line.blocked && !this.strictOrder)) return;
    this.skipGone(line);
    if (line.at === line.rows.length) {
      this.leaveEmpty(line);
      return;
    }
    line.queued = true;
    this.heap.add(line);
  }

  /** Every line may try again: room appeared. */
  unblock(): void {
    if (!this.hasBlocked) return;
    this.hasBlocked = false;
    for (const line of this.allLines()) {
      if (!line.blocked) continue;
      line.blocked = false;
      this.enqueue(line);
    }
  }

  private lineFor(spec: number, workload: number, pool: number): Line {
    const ofWorkload = (this.lines[workload] ??= new Map());
    const key = this.keyOf(spec, pool);
    let line = ofWorkload.get(key);
    if (line === undefined) {
      line = { spec, workload, pool, rows: [], at: 0, blocked: false, queued: false };
      ofWorkload.set(key, line);
    }
    return line;
  }

  private keyOf(spec: number, pool: number): number {
    return spec * (this.view.pools.count + 1) + pool + 1;
  }

  /** Jobs of drawn sizes come once: only the last line of a workload stays when it is empty. */
  private leaveEmpty(line: Line): void {
    // One by one: a length of 0 would give the memory back, to be asked for again by the next task.
    while (line.rows.length > 0) line.rows.pop();
    line.at = 0;
    const ofWorkload = this.lines[line.workload]!;
    if (ofWorkload.size > 1) ofWorkload.delete(this.keyOf(line.spec, line.pool));
  }

  private allLines(): Line[] {
    return this.lines.flatMap((ofWorkload) => [...(ofWorkload?.values() ?? [])]);
  }

  private forget(task: number): void {
    if (this.lineOf[task] === undefined) return;
    this.lineOf[task] = undefined;
    this.waitingCount--;
  }

  /** Moves past heads that no longer wait. */
  private skipGone(line: Line): void {
    while (line.at < line.rows.length && !this.waitsIn(line.rows[line.at]!, line)) line.at++;
  }

  private waitsIn(task: number, line: Line): boolean {
    return this.isPending(task) && this.lineOf[task] === line;
  }

  private isPending(task: number): boolean {
    const { tasks } = this.view;
    return tasks.state[task] === TASK_STATE.pending && tasks.cluster[task] === this.cluster;
  }

  private isOurs(host: number): boolean {
    return this.view.hosts.cluster[host] === this.cluster;
  }

  private before(a: number, b: number): boolean {
    const { tasks, specs } = this.view;
    const byPriority = specs.priorityOf(tasks.spec[b]!) - specs.priorityOf(tasks.spec[a]!);
    if (byPriority !== 0) return byPriority < 0;
    const bySubmission = tasks.submittedUs[a]! - tasks.submittedUs[b]!;
    return bySubmission !== 0 ? bySubmission < 0 : tasks.number[a]! < tasks.number[b]!;
  }
}

function headOf(line: Line): number {
  return line.rows[line.at]!;
}
