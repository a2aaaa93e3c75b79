/**
 * Nodes that have drifted are replaced, one a pass and without a wait.
 *
 * Order       those without pods first, then by the time at which they drifted.
 * Pods        that may not be disrupted hold a node back, unless it has a terminationGracePeriod: then it goes, and they go
 *             with it when that is over.
 * Replaced    by as many nodes as its pods need, whatever these cost; a pod that finds no place keeps it.
 * Static      pools replace as many at once as the budget and the limit on nodes allow, each by one like it.
 * Source      aws.md 1.19, 1.20, 1.22, 1.24 (drift.go, staticdrift.go of Karpenter 1.14).
 */

import { HOST_STATE } from '../../../cluster/hosts.ts';
import { RemainingBudgets } from './budgets.ts';
import { NEVER } from '../../../base/units.ts';
import { simulate } from './consolidation.ts';
import { staticClaim } from '../static-capacity.ts';
import type { Candidate } from './candidate.ts';
import type { Order, Pass } from './method.ts';

/** All that start in this pass. */
export function driftOrders(pass: Pass): Order[] {
  const ofStatic = staticDriftOrders(pass);
  if (ofStatic.length > 0) return ofStatic;
  const order = driftOrder(pass);
  return order === undefined ? [] : [order];
}

function driftOrder(pass: Pass): Order | undefined {
  const drifted = pass.candidates
    .filter(isDrifted)
    .filter(({ config }) => config.replicas === undefined)
    .sort(
      (a, b) =>
        Number(a.pods.length > 0) - Number(b.pods.length > 0) ||
        a.driftedUs - b.driftedUs ||
        a.host - b.host,
    );
  if (drifted.length === 0) return undefined;
  const budgets = new RemainingBudgets(pass.provisioner, 'Drifted', pass);
  for (const candidate of drifted) {
    if (budgets.left(candidate) <= 0) continue;
    const plan = simulate(pass, [candidate], false);
    if (plan === undefined) continue;
    return {
      reason: 'drifted',
      hosts: [candidate.host],
      replacements: plan.claims,
      nominated: plan.placements.map(({ host }) => host),
    };
  }
  return undefined;
}

function staticDriftOrders(pass: Pass): Order[] {
  const drifted = pass.candidates
    .filter(isDrifted)
    .filter(({ config }) => config.replicas !== undefined);
  if (drifted.length === 0) return [];
  const budgets = new RemainingBudgets(pass.provisioner, 'Drifted', pass);
  const orders: Order[] = [];
  const room = new Map<number, number>();
  for (const candidate of drifted) {
    const { config, host } = candidate;
    const nodes = nodesOf(pass, config.pool);
    // Where there are more than wanted, some go without a replacement first.
    if (nodes.active + nodes.leaving > config.replicas!) continue;
    const left = room.get(config.pool) ?? config.limits.nodes - nodes.active - nodes.leaving;
    const claim = staticClaim(pass.provisioner, config);
    if (left <= 0 || claim === undefined || !budgets.take(candidate)) continue;
    room.set(config.pool, left - 1);
    orders.push({ reason: 'drifted', hosts: [host], replacements: [claim], nominated: [] });
  }
  return orders;
}

/** In the order of the rows, which is that of the launches. */
function nodesOf({ provisioner, leaving }: Pass, pool: number) {
  const { hosts } = provisioner.view;
  const count = { active: 0, leaving: 0 };
  for (const host of provisioner.hostsUpTo(HOST_STATE.ready)) {
    if (hosts.pool[host] !== pool) continue;
    if (leaving.has(host)) count.leaving++;
    else count.active++;
  }
  return count;
}

function isDrifted({ driftedUs, isBlocked, config }: Candidate): boolean {
  if (driftedUs === NEVER) return false;
  return !isBlocked || config.terminationGracePeriodUs < Infinity;
}
