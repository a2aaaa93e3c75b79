/**
 * How many nodes of a NodePool may be on their way out at once.
 *
 * Allowed   min over the budgets that name the reason (or none) and are in force of their value; a percentage of the pool's
 *           nodes rounds up. Less the nodes that are leaving already or do not answer; never below 0.
 * In force  always, or from a time of the schedule for its duration: when the first time after (now - duration) is not
 *           after now. So a window is open at its first instant and closed at its last.
 * Nodes     those that became ready once and are not ending: draining ones count.
 * Source    aws.md 1.21, 10.1 (5) (6) (GetAllowedDisruptionsByReason, BuildDisruptionBudgetMapping of Karpenter 1.14).
 */

import { HOST_STATE } from '../../../cluster/hosts.ts';
import { parseCron } from '../../../base/cron-schedule.ts';
import type { Candidate } from './candidate.ts';
import type {
  DisruptionBudget,
  DisruptionReason,
} from '../../../workload/manifests/node-pool-spec.ts';
import type { Provisioner } from '../provisioner.ts';

/** `civilNowUs` is counted since 1970-01-01T00:00:00Z. */
export function allowedDisruptions(
  budgets: readonly DisruptionBudget[],
  reason: DisruptionReason,
  nodes: number,
  leaving: number,
  civilNowUs = 0,
): number {
  let allowed = Infinity;
  for (const budget of budgets) {
    if (budget.reasons.length > 0 && !budget.reasons.includes(reason)) continue;
    if (!isInForce(budget, civilNowUs)) continue;
    const { count = Infinity, percent } = budget.nodes;
    const share = percent === undefined ? count : Math.ceil((percent * nodes) / 100);
    allowed = Math.min(allowed, share);
  }
  return Math.max(0, allowed - leaving);
}

function isInForce({ window }: DisruptionBudget, civilNowUs: number): boolean {
  if (window === undefined) return true;
  const schedule = parseCron(window.schedule);
  // Schedules are checked where they are read; one that means nothing holds everything back.
  if (typeof schedule === 'string') return true;
  return schedule.nextUs(civilNowUs - window.durationUs) <= civilNowUs;
}

/** What is left of the budgets of all NodePools for one reason. */
export class RemainingBudgets {
  private readonly byPool = new Map<number, number>();
  /** True once a candidate was held back. */
  wasShort = false;

  /** `leaving` are hosts that are marked for deletion. */
  constructor(
    provisioner: Provisioner,
    reason: DisruptionReason,
    { leaving, civilNowUs }: { readonly leaving: ReadonlySet<number>; readonly civilNowUs: number },
  ) {
    const { hosts } = provisioner.view;
    const nodes = new Map<number, { total: number; leaving: number }>();
    const configs = new Map<number, readonly DisruptionBudget[]>();
    for (const host of provisioner.hostsUpTo(HOST_STATE.draining)) {
      const config = provisioner.configOf(host);
      if (config === undefined || hosts.state[host]! < HOST_STATE.ready) continue;
      configs.set(config.pool, config.budgets);
      const count = nodes.get(config.pool) ?? { total: 0, leaving: 0 };
      count.total++;
      const isDraining = hosts.state[host] === HOST_STATE.draining;
      if (isDraining || leaving.has(host) || hosts.down[host] !== 0) count.leaving++;
      nodes.set(config.pool, count);
    }
    for (const [pool, count] of nodes) {
      const budgets = configs.get(pool)!;
      this.byPool.set(
        pool,
        allowedDisruptions(budgets, reason, count.total, count.leaving, civilNowUs),
      );
    }
  }

  left({ config }: Candidate): number {
    return this.byPool.get(config.pool) ?? 0;
  }

  /** Takes one node of the candidate's pool, or answers false. */
  take(candidate: Candidate): boolean {
    const left = this.left(candidate);
    if (left <= 0) {
      this.wasShort = true;
      return false;
    }
    this.byPool.set(candidate.config.pool, left - 1);
    return true;
  }
}
