/**
 * Keeps every service of one cluster at its desired count: starts what is missing, stops what is too many.
 *
 * Counts     pending + bound tasks, stopping ones apart, against `desired`.
 * Victims    the orchestrator's order: the first of the ranked tasks are stopped (`ecs/` and `kubernetes/` rank).
 * Departs    no rolling deployment yet: a service has one revision.
 */

import { CHANGE, changeBits } from '../cluster/journal.ts';
import { LiveTasks } from './live-tasks.ts';
import { NEVER } from '../base/units.ts';
import { WORKLOAD_KINDS } from '../cluster/workloads.ts';
import type { ActionBuffer } from './actions.ts';
import type { Actor } from '../base/reasons.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { Controller } from './controller.ts';

/** The tasks in the order in which they are stopped. */
export type VictimOrder = (view: ClusterView, tasks: readonly number[]) => readonly number[];

const SERVICE = WORKLOAD_KINDS.indexOf('service');
const COUNTS_CHANGED = changeBits(
  CHANGE.serviceDesired,
  CHANGE.taskReleased,
  CHANGE.taskStopping,
  CHANGE.taskWithdrawn,
  CHANGE.hostState,
);

export class ServiceController implements Controller {
  readonly actor: Actor;
  readonly phase = 'workload';
  readonly wakesOn: number;
  readonly wakeAtUs = NEVER;
  readonly background = true;

  private readonly view: ClusterView;
  private readonly cluster: number;
  private readonly order: VictimOrder;
  private readonly live: LiveTasks;

  constructor(view: ClusterView, cluster: number, actor: Actor, order: VictimOrder) {
    this.view = view;
    this.cluster = cluster;
    this.actor = actor;
    this.order = order;
    this.live = new LiveTasks(view, SERVICE);
    this.wakesOn = this.hasServices() ? COUNTS_CHANGED : 0;
  }

  wake(_nowUs: number, out: ActionBuffer): void {
    this.live.advance();
    const { workloads } = this.view;
    for (let workload = 0; workload < workloads.count; workload++) {
      if (!this.isOurs(workload)) continue;
      const present = workloads.pending[workload]! + workloads.bound[workload]!;
      const missing = workloads.desired[workload]! - present;
      for (let i = 0; i < missing; i++) out.push({ kind: 'create-task', workload });
      if (missing < 0) this.stop(workload, -missing, out);
    }
  }

  save(): unknown {
    return null;
  }

  restore(): void {
    this.live.rebuild();
  }

  private isOurs(workload: number): boolean {
    const { kind, cluster } = this.view.workloads;
    return kind[workload] === SERVICE && cluster[workload] === this.cluster;
  }

  /** Workloads do not change while a run goes on. */
  private hasServices(): boolean {
    for (let workload = 0; workload < this.view.workloads.count; workload++) {
      if (this.isOurs(workload)) return true;
    }
    return false;
  }

  private stop(workload: number, count: number, out: ActionBuffer): void {
    const running = [...this.live.of(workload)].filter(
      (task) => this.view.tasks.stopping[task] === 0,
    );
    for (const task of this.order(this.view, running).slice(0, count)) {
      out.push({ kind: 'stop-task', task, reason: 'scaled-in' });
    }
  }
}
