/** Tasks as columns: ECS tasks and pods. Written by the ledger and by the task life cycle of the simulation. */

import { ColumnTable } from '../base/columns.ts';
import type { TableState } from '../base/columns.ts';

export const TASK_STATE = {
  pending: 0,
  /** Bound to a host; nothing runs yet. */
  placed: 1,
  pulling: 2,
  running: 3,
  completed: 4,
  failed: 5,
  /** Evicted, scaled in or replaced. */
  cancelled: 6,
} as const;

export const FIRST_END_STATE = TASK_STATE.completed;

/** Flat copy of the columns, with the rows that wait to be used again. */
export interface TasksState extends TableState {
  readonly numbered: number;
  readonly left: readonly number[];
}

export class TaskColumns extends ColumnTable {
  /** Number of the task in its run, from 0: what a reader sees; rows are used again. */
  number = new Float64Array(64);
  spec = new Int32Array(64);
  /** Row of the workload. */
  workload = new Int32Array(64);
  cluster = new Int32Array(64);
  /** Pool that the orchestrator chose, NO_ROW while any pool will do. */
  pool = new Int32Array(64);
  state = new Uint8Array(64);
  host = new Int32Array(64);
  /** 1 while its job is suspended: nobody sees it yet (Kubernetes quotas). */
  held = new Uint8Array(64);
  /** Kubernetes: the one node that its affinity lets a DaemonSet's pod go to, or NO_ROW. */
  pinned = new Int32Array(64);
  /** Kubernetes: the node that preemption empties for it while it is pending, or NO_ROW. */
  nominated = new Int32Array(64);
  /** Why it is pending, or why it ended: an index of the closed list of reasons. */
  reason = new Uint8Array(64);
  /** Number within its workload, from 0: the same job under every policy. */
  ordinal = new Int32Array(64);
  /** Number of the first task of the chain that this one replaces; its own when it replaces none. */
  origin = new Float64Array(64);
  /** In-place starts of its container so far. */
  attempts = new Int32Array(64);
  /** 1 once it was asked to stop. */
  stopping = new Uint8Array(64);
  /** 1 once it passed its readiness check. */
  isReady = new Uint8Array(64);
  /** Devices it holds: bit d is device d of its host. */
  gpuMask = new Int32Array(64);

  submittedUs = new Float64Array(64);
  placedUs = new Float64Array(64);
  pulledUs = new Float64Array(64);
  startedUs = new Float64Array(64);
  readyUs = new Float64Array(64);
  finishedUs = new Float64Array(64);

  /** Run time once started; Infinity for tasks that end when they are told to or when `workTicksUs` is served. */
  durationUs = new Float64Array(64);
  /** CPU work to serve, ticks x us; 0 for tasks that run for a time. */
  workTickUs = new Float64Array(64);
  /** CPU in use since the last accounting, ticks. */
  usageTicks = new Float64Array(64);

  nextOnHost = new Int32Array(64);
  previousOnHost = new Int32Array(64);
  /** Pending calendar entry of the task's own life. */
  nextEvent = new Float64Array(64);

  /** Tasks so far: the number of the next. */
  numbered = 0;
  /** Rows of tasks that have left, with the journal version of their leaving, first out first. */
  private readonly left: number[] = [];
  private leftAt = 0;

  /**
   * A row for a new task: that of one that left, once every entry about it has been overwritten in the journal, so that
   * no reader can still mean the old task; else a zeroed one.
   */
  add(oldestEntry: number): number {
    const row = this.reusable(oldestEntry) ?? this.addRow();
    this.number[row] = this.numbered++;
    return row;
  }

  /** The task has ended; the entry that says so has this version. */
  leave(row: number, journalVersion: number): void {
    this.left.push(row, journalVersion);
  }

  override save(): TasksState {
    return { ...super.save(), numbered: this.numbered, left: this.left.slice(this.leftAt) };
  }

  override restore(state: TasksState): void {
    super.restore(state);
    this.numbered = state.numbered;
    this.left.splice(0, Infinity, ...state.left);
    this.leftAt = 0;
  }

  private reusable(oldestEntry: number): number | undefined {
    const { left, leftAt } = this;
    if (leftAt === left.length || left[leftAt + 1]! >= oldestEntry) return undefined;
    this.leftAt += 2;
    if (this.leftAt > 1_024 && this.leftAt * 2 > left.length) {
      left.splice(0, this.leftAt);
      this.leftAt = 0;
    }
    return left[leftAt]!;
  }
}
