/**
 * Counts of tasks and their waits, streamed.
 *
 *     wait = started - submitted;   end of the run - submitted for tasks that have neither started nor ended
 *
 * Counted    tasks apart from daemons; waits of those submitted at or after the warm-up. Tasks that ended without a start
 *            have no wait: nobody waited for them any more. Tasks still waiting have, so that an overloaded variant cannot win.
 * Eviction   a task that had to leave although nobody wanted fewer of them.
 */

import { TASK_STATE } from '../cluster/tasks.ts';
import { NOT_YET } from '../cluster/hosts.ts';
import { TASK_STATES } from '../base/reasons.ts';
import { WORKLOAD_KINDS } from '../cluster/workloads.ts';
import { WaitDistribution } from './wait-distribution.ts';
import { endReasons } from '../base/reason-code.ts';
import { tasksInside, waitUs } from './task-facts.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { Observer } from '../simulation/observer.ts';

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');
const WISHED = (['scaled-in', 'replaced', 'unplaced'] as const).map((word) =>
  endReasons.codeOf(word),
);

export class TaskTally implements Observer {
  readonly waits = new WaitDistribution();
  /** By state. */
  readonly states: number[] = TASK_STATES.map(() => 0);
  evictions = 0;
  /** Of the waits, those of tasks that had not started. */
  stillWaiting = 0;
  private readonly view: ClusterView;
  private readonly warmupUs: number;

  constructor(view: ClusterView, warmupUs: number) {
    this.view = view;
    this.warmupUs = warmupUs;
  }

  get submitted(): number {
    return this.states.reduce((sum, count) => sum + count, 0);
  }

  taskEnded(task: number): void {
    this.count(task, this.view.tasks.finishedUs[task]!);
  }

  runEnded(endUs: number): void {
    for (const task of tasksInside(this.view)) this.count(task, endUs);
  }

  save(): unknown {
    const { states, evictions, stillWaiting } = this;
    return { states: [...states], evictions, stillWaiting, waits: this.waits.save() };
  }

  restore(saved: {
    states: number[];
    evictions: number;
    stillWaiting: number;
    waits: unknown;
  }): void {
    this.states.splice(0, Infinity, ...saved.states);
    this.evictions = saved.evictions;
    this.stillWaiting = saved.stillWaiting;
    this.waits.restore(saved.waits);
  }

  private count(task: number, endUs: number): void {
    const { tasks, workloads } = this.view;
    if (workloads.kind[tasks.workload[task]!] === DAEMON) return;
    const state = tasks.state[task]!;
    this.states[state]!++;
    if (state === TASK_STATE.cancelled && !WISHED.includes(tasks.reason[task]!)) this.evictions++;
    if (tasks.submittedUs[task]! < this.warmupUs) return;
    const wait = waitUs(this.view, task, endUs);
    if (wait === null) return;
    this.waits.add(wait);
    if (tasks.startedUs[task] === NOT_YET) this.stillWaiting++;
  }
}
