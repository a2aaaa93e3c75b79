/** The tasks of each workload of one kind that have not ended, in row order; follows the journal. */

import { CHANGE, JournalCursor, changeBits } from '../cluster/journal.ts';
import { FIRST_END_STATE } from '../cluster/tasks.ts';
import type { ClusterView } from '../cluster/cluster.ts';

const FOLLOWED = changeBits(CHANGE.taskPending, CHANGE.taskReleased, CHANGE.taskWithdrawn);

export class LiveTasks {
  private readonly view: ClusterView;
  private readonly cursor: JournalCursor;
  /** Index of WORKLOAD_KINDS. */
  private readonly kind: number;
  private readonly rows: Set<number>[] = [];

  constructor(view: ClusterView, kind: number) {
    this.kind = kind;
    this.view = view;
    this.cursor = new JournalCursor(view.journal, FOLLOWED);
  }

  advance(): void {
    if (this.cursor.isOvertaken) this.rebuild();
    const { tasks } = this.view;
    for (let change = this.cursor.next(); change !== undefined; change = this.cursor.next()) {
      const { kind, row } = change;
      if (!this.isFollowed(row)) continue;
      if (kind === CHANGE.taskPending) this.setOf(tasks.workload[row]!).add(row);
      else this.setOf(tasks.workload[row]!).delete(row);
    }
  }

  of(workload: number): ReadonlySet<number> {
    return this.setOf(workload);
  }

  rebuild(): void {
    const { tasks } = this.view;
    this.rows.length = 0;
    for (let task = 0; task < tasks.count; task++) {
      if (tasks.state[task]! < FIRST_END_STATE && this.isFollowed(task)) {
        this.setOf(tasks.workload[task]!).add(task);
      }
    }
    this.cursor.version = this.view.journal.version;
  }

  private isFollowed(task: number): boolean {
    const { tasks, workloads } = this.view;
    return workloads.kind[tasks.workload[task]!] === this.kind;
  }

  private setOf(workload: number): Set<number> {
    return (this.rows[workload] ??= new Set());
  }
}
