import type { TaskRow } from './rows.ts';

/** A row for the length of a call. */
export type StreamedTaskRow = TaskRow & { copy(): TaskRow };

/** Takes the rows of `tasks.csv` in their order: as tasks leave the system, then those still inside. */
export interface TaskSink {
  /** The row is a view that the caller reuses: `copy` what must outlive the call. */
  write(row: StreamedTaskRow): void;
  /** What a restored run needs of the rows written so far. */
  save?(): unknown;
  restore?(state: unknown): void;
}

/** Keeps every row: for tests, notebooks and small runs. */
export class KeptTasks implements TaskSink {
  readonly rows: TaskRow[] = [];

  write(row: StreamedTaskRow): void {
    this.rows.push(row.copy());
  }

  save(): unknown {
    return [...this.rows];
  }

  restore(rows: unknown): void {
    this.rows.splice(0, Infinity, ...(rows as TaskRow[]));
  }
}
