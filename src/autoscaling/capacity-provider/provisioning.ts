/**
 * Tasks in PROVISIONING: those of one cluster that wait for instances of groups with managed scaling.
 *
 * Pool      the one a task was sent to; sent to none, the first managed pool of its cluster that its workload may use.
 * Limit     the first `limit` of the cluster in order of submission. RunTask refuses the others; whoever calls asks again, so they
 *           stay pending for `provisioning-full`, and managed scaling does not know of them (aws.md 3.1, 14.13).
 * Timeout   a task that was in PROVISIONING for so long is stopped as `unplaced`.
 * Departs   a call is asked again at each data point, and a task that found an instance before it was is not refused.
 * Source    aws.md 3.1, 3.3, 3.12.
 */

import { NEVER } from '../../base/units.ts';
import { NO_ROW } from '../../cluster/hosts.ts';
import { PendingTasks } from './pending-tasks.ts';
import { mayUsePool } from '../../placement/feasible.ts';
import { pendingReasons } from '../../base/reason-code.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

export interface ProvisioningRule {
  readonly limit: number;
  /** NEVER for none. */
  readonly timeoutUs: number;
}

/** Since when a task is in PROVISIONING, by its number; empty without a timeout. */
export type ProvisioningState = readonly (readonly [number: number, sinceUs: number])[];

const FULL = pendingReasons.codeOf('provisioning-full');

export class Provisioning {
  private readonly view: ClusterView;
  private readonly pools: readonly number[];
  private readonly rule: ProvisioningRule;
  private readonly pending: PendingTasks;
  private sinceUs = new Map<number, number>();

  constructor(view: ClusterView, pools: readonly number[], rule: ProvisioningRule) {
    this.view = view;
    this.pools = pools;
    this.rule = rule;
    this.pending = new PendingTasks(view);
  }

  /** For each pool the number of tasks in PROVISIONING by spec; refuses and stops what may not be there. */
  look(nowUs: number, out: ActionBuffer): Map<number, number>[] {
    const { tasks } = this.view;
    const { limit, timeoutUs } = this.rule;
    this.pending.advance();
    const waiting = this.pools.map(() => new Map<number, number>());
    const sinceUs = new Map<number, number>();
    let count = 0;
    for (const task of this.pending.all()) {
      const bySpec = waiting[this.poolOf(task)];
      if (bySpec === undefined) continue;
      const isRefused = tasks.reason[task] === FULL;
      if (count === limit) {
        if (!isRefused) out.push({ kind: 'refuse', task, reason: 'provisioning-full' });
        continue;
      }
      if (timeoutUs !== NEVER) {
        const number = tasks.number[task]!;
        const cameUs = this.sinceUs.get(number) ?? (isRefused ? nowUs : tasks.submittedUs[task]!);
        if (nowUs - cameUs >= timeoutUs) {
          out.push({ kind: 'stop-task', task, reason: 'unplaced' });
          continue;
        }
        sinceUs.set(number, cameUs);
      }
      if (isRefused) out.push({ kind: 'refuse', task, reason: 'host-launching' });
      count++;
      const spec = tasks.spec[task]!;
      bySpec.set(spec, (bySpec.get(spec) ?? 0) + 1);
    }
    this.sinceUs = sinceUs;
    return waiting;
  }

  save(): ProvisioningState {
    return [...this.sinceUs];
  }

  restore(state: ProvisioningState): void {
    this.sinceUs = new Map(state);
    this.pending.rebuild();
  }

  /** Index of the managed pool that a pending task waits for, or -1. */
  private poolOf(task: number): number {
    const { tasks, pools } = this.view;
    const sentTo = tasks.pool[task]!;
    if (sentTo !== NO_ROW) return this.pools.indexOf(sentTo);
    return this.pools.findIndex(
      (pool) =>
        pools.descriptions[pool]!.cluster === tasks.cluster[task] &&
        mayUsePool(this.view, pool, tasks.workload[task]!),
    );
  }
}
