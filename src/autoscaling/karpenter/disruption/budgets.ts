/**
 * How many nodes of a NodePool may be on their way out at once.
 *
 * Allowed   min over the budgets that name the reason (or none) of their value; a percentage of the pool's nodes rounds
 *           up. Less the nodes that are leaving already; never below 0.
 * Nodes     ready and draining ones of the pool.
 * Left out  schedules: such a budget is always in force.
 * Source    aws.md 1.21, 10.1 (5).
 */

import { HOST_STATE } from '../../../cluster/hosts.ts';
import type { Candidate } from './candidate.ts';
import type { DisruptionBudget, DisruptionReason } from '../../../workload/manifests/node-pool-spec.ts';
import type { Provisioner } from '../provisioner.ts';

export function allowedDisruptions(
  budgets: readonly DisruptionBudget[],
  reason: DisruptionReason,
  nodes: number,
  leaving: number,
): number {
  let allowed = Infinity;
  for (const budget of budgets) {
    if (budget.reasons.length > 0 && !budget.reasons.includes(reason)) continue;
    const { count = Infinity, percent } = budget.nodes;
    const share = percent === undefined ? count : Math.ceil((percent * nodes) / 100);
    allowed = Math.min(allowed, share);
  }
  return Math.max(0, allowed - leaving);
}

/** What is left of the budgets of all NodePools for one reason. */
export class RemainingBudgets {
  private readonly byPool = new Map<number, number>();
  /** True once a candidate was held back. */
  wasShort = false;

  constructor(provisioner: Provisioner, reason: DisruptionReason, marked: ReadonlySet<number>) {
    const nodes = new Map<number, { total: number; leaving: number }>();
    for (const host of provisioner.hostsUpTo(HOST_STATE.draining)) {
      const config = provisioner.configOf(host);
      const isReady = provisioner.isReady(host);
      const isDraining = provisioner.view.hosts.state[host] === HOST_STATE.draining;
      if (config === undefined || !(isReady || isDraining)) continue;
      const count = nodes.get(config.pool) ?? { total: 0, leaving: 0 };
      count.total++;
      if (isDraining || marked.has(host)) count.leaving++;
      nodes.set(config.pool, count);
      const { total, leaving } = count;
      this.byPool.set(config.pool, allowedDisruptions(config.budgets, reason, total, leaving));
    }
  }

  /** Takes one node of the candidate's pool, or answers false. */
  take({ config }: Candidate): boolean {
    const left = this.byPool.get(config.pool) ?? 0;
    if (left <= 0) {
      this.wasShort = true;
      return false;
    }
    this.byPool.set(config.pool, left - 1);
    return true;
  }
}
