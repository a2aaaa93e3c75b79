/**
 * The pods of a cluster that the scheduler has given up on for now: what Karpenter provisions for.
 *
 * Provisionable  pending, refused at least once, free to use one of Karpenter's pools, no daemon, no nominated node: for those
 *                preemption makes room.
 * Follows        the journal: refused tasks join; bound and withdrawn ones leave, and those sent to another pool, until
 *                they are refused there.
 * Source         aws.md 1.2 (3), 1.3.
 */

import { CHANGE } from '../../cluster/journal.ts';
import { TASK_STATE } from '../../cluster/tasks.ts';
import { NO_ROW } from '../../cluster/hosts.ts';
import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import type { Change } from '../../cluster/journal.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');

export class PendingPods {
  private readonly view: ClusterView;
  private readonly cluster: number;
  private readonly pools: ReadonlySet<number>;
  /** In order of joining. */
  private readonly refused = new Set<number>();
  private joined: number[] = [];

  constructor(view: ClusterView, cluster: number, pools: ReadonlySet<number>) {
    this.view = view;
    this.cluster = cluster;
    this.pools = pools;
  }

  follow({ kind, row }: Readonly<Change>): void {
    if (kind === CHANGE.taskRefused) this.join(row);
    else if (
      kind === CHANGE.taskBound ||
      kind === CHANGE.taskWithdrawn ||
      kind === CHANGE.taskPending
    ) {
      this.refused.delete(row);
    }
  }

  /** From the columns, by row: those that left drop out, those with a reason of refusal join. */
  rebuild(): void {
    const { tasks } = this.view;
    for (const task of this.refused) {
      if (tasks.state[task] !== TASK_STATE.pending) this.refused.delete(task);
    }
    for (let task = 0; task < tasks.count; task++) {
      if (tasks.state[task] === TASK_STATE.pending && tasks.reason[task] !== 0) this.join(task);
    }
  }

  /** Tasks that joined since the last call and still wait. */
  takeJoined(): number[] {
    const joined = this.joined.filter((task) => this.refused.has(task) && !this.isNominated(task));
    this.joined = [];
    return joined;
  }

  /** Every provisionable task, in order of joining. */
  all(): Iterable<number> {
    return [...this.refused].filter((task) => !this.isNominated(task));
  }

  save(): readonly number[] {
    return [...this.refused];
  }

  restore(refused: readonly number[]): void {
    this.joined = [];
    this.refused.clear();
    for (const task of refused) this.refused.add(task);
  }

  private isNominated(task: number): boolean {
    return this.view.tasks.nominated[task] !== NO_ROW;
  }

  private join(task: number): void {
    const { tasks, workloads } = this.view;
    if (tasks.cluster[task] !== this.cluster || this.refused.has(task)) return;
    if (workloads.kind[tasks.workload[task]!] === DAEMON) return;
    const pool = tasks.pool[task]!;
    if (pool !== NO_ROW && !this.pools.has(pool)) return;
    this.refused.add(task);
    this.joined.push(task);
  }
}
