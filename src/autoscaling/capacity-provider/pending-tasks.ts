/**
 * The pending tasks, daemons apart, in order of submission. Follows the journal, and makes the set again from the columns when
 * the journal has moved on too far between two wakes.
 */

import { CHANGE, JournalCursor, changeBits } from '../../cluster/journal.ts';
import { TASK_STATE } from '../../cluster/tasks.ts';
import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

const FOLLOWED = changeBits(
  CHANGE.taskPending,
  CHANGE.taskRefused,
  CHANGE.taskBound,
  CHANGE.taskWithdrawn,
);
const DAEMON = WORKLOAD_KINDS.indexOf('daemon');

export class PendingTasks {
  private readonly view: ClusterView;
  private readonly cursor: JournalCursor;
  /** A task is pending once, from its birth, so the order of insertion is that of numbers. */
  private readonly rows = new Set<number>();

  constructor(view: ClusterView) {
    this.view = view;
    this.cursor = new JournalCursor(view.journal, FOLLOWED);
  }

  /** Reads the journal to its end; `refused` hears of each attempt in vain. */
  advance(refused: (task: number) => void = () => {}): void {
    if (this.cursor.isOvertaken) {
      this.rebuild();
      this.rows.forEach(refused);
      return;
    }
    for (let change = this.cursor.next(); change !== undefined; change = this.cursor.next()) {
      const { kind, row } = change;
      if (kind === CHANGE.taskPending) this.add(row);
      else if (kind === CHANGE.taskRefused) refused(row);
      else this.rows.delete(row);
    }
  }

  all(): ReadonlySet<number> {
    return this.rows;
  }

  /** Up to which entry the journal was read. */
  get version(): number {
    return this.cursor.version;
  }

  /** From the columns, after a restore; entries from `version` on are still to be told. */
  rebuild(version = this.view.journal.version): void {
    const { state, number, count } = this.view.tasks;
    this.rows.clear();
    const pending: number[] = [];
    for (let task = 0; task < count; task++) {
      if (state[task] === TASK_STATE.pending) pending.push(task);
    }
    // Rows are used again.
    for (const task of pending.sort((a, b) => number[a]! - number[b]!)) this.add(task);
    this.cursor.version = version;
  }

  private add(task: number): void {
    const { tasks, workloads } = this.view;
    if (workloads.kind[tasks.workload[task]!] !== DAEMON) this.rows.add(task);
  }
}
