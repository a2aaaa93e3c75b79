/** Tasks as columns: ECS tasks and pods. Written by the ledger and by the task life cycle of the simulation. */

import { ColumnTable } from '../base/columns.ts';

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

export class TaskColumns extends ColumnTable {
  spec = new Int32Array(64);
  /** Row of the workload. */
  workload = new Int32Array(64);
  cluster = new Int32Array(64);
  /** Pool that the orchestrator chose, NO_ROW while any pool will do. */
  pool = new Int32Array(64);
  state = new Uint8Array(64);
  host = new Int32Array(64);
  /** Why it is pending, or why it ended: an index of the closed list of reasons. */
  reason = new Uint8Array(64);
  /** Number within its workload, from 0: the same job under every policy. */
  ordinal = new Int32Array(64);
  /** First task of the chain that this one replaces; its own row when it replaces none. */
  origin = new Int32Array(64);
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

  /** Adds a zeroed row. */
  add(): number {
    return this.addRow();
  }
}
