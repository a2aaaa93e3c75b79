/**
 * Bursting: a task that one pool has refused for so long goes to another. A rule of the scenario, not of ECS: ECS
 * Anywhere has no capacity providers (aws.md 7.1), so whoever runs such a cluster moves the task himself.
 */

import { CHANGE, JournalCursor, changeBit } from '../cluster/journal.ts';
import { NEVER } from '../base/units.ts';
import { TASK_STATE } from '../cluster/tasks.ts';
import type { ActionBuffer } from './actions.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { Controller } from './controller.ts';

export interface BurstRule {
  readonly from: number;
  readonly to: number;
  readonly afterUs: number;
}

export class Burst implements Controller {
  readonly actor = 'workload-controller';
  readonly phase = 'workload';
  readonly wakesOn = changeBit(CHANGE.taskPending);
  readonly background = false;
  wakeAtUs = NEVER;

  private readonly view: ClusterView;
  private readonly rule: BurstRule;
  private readonly cursor: JournalCursor;
  /** Tasks that wait for the first pool, in order of submission. */
  private waiting: number[] = [];

  constructor(view: ClusterView, rule: BurstRule) {
    this.view = view;
    this.rule = rule;
    this.cursor = new JournalCursor(view.journal, this.wakesOn);
  }

  wake(nowUs: number, out: ActionBuffer): void {
    const { tasks } = this.view;
    const { to, afterUs } = this.rule;
    for (let change = this.cursor.next(); change !== undefined; change = this.cursor.next()) {
      if (this.waits(change.row)) this.waiting.push(change.row);
    }
    this.waiting = this.waiting.filter((task) => this.waits(task));
    this.wakeAtUs = NEVER;
    for (const task of this.waiting) {
      const dueUs = tasks.submittedUs[task]! + afterUs;
      if (dueUs <= nowUs) out.push({ kind: 'assign-pool', task, pool: to });
      else this.wakeAtUs = Math.min(this.wakeAtUs, dueUs);
    }
    this.waiting = this.waiting.filter((task) => tasks.submittedUs[task]! + afterUs > nowUs);
  }

  save(): unknown {
    return { version: this.cursor.version, waiting: [...this.waiting], wakeAtUs: this.wakeAtUs };
  }

  restore(state: { version: number; waiting: number[]; wakeAtUs: number }): void {
    this.cursor.version = state.version;
    this.waiting = [...state.waiting];
    this.wakeAtUs = state.wakeAtUs;
  }

  private waits(task: number): boolean {
    const { tasks } = this.view;
    return tasks.state[task] === TASK_STATE.pending && tasks.pool[task] === this.rule.from;
  }
}
