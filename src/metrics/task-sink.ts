import type { TaskRow } from './rows.ts';

/** Takes the rows of `tasks.csv` in their order: as tasks leave the system, then those still inside. */
export interface TaskSink {
  /** The row object is reused by the caller: copy what must outlive the call. */
  write(row: TaskRow): void;
  /** What a restored run needs of the rows written so far. */
  save?(): unknown;
  restore?(state: unknown): void;
}

/** Keeps every row: for tests, notebooks and small runs. */
export class KeptTasks implements TaskSink {
  readonly rows: TaskRow[] = [];

  write(row: TaskRow): void {
    this.rows.push({ ...row });
  }

  save(): unknown {
    return [...this.rows];
  }

  restore(rows: unknown): void {
    this.rows.splice(0, Infinity, ...(rows as TaskRow[]));
  }
}
