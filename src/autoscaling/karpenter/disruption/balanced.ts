/**
 * Policy Balanced: a move must be worth its disruption.
 *
 *   approved   (savings / cost of the pool) / (disruption of the moved nodes / disruption of the pool) >= 1 / 2
 *
 * Pool       all of its nodes, on their way in and out too: prices, and disruption costs (an empty one counts 1).
 * Savings    what the nodes cost, less the cheapest offering of the cheapest type of the replacement. A move over several
 *            pools splits them by what each pool's nodes cost; every pool with this policy must approve.
 * Hopeless   a node that would not pass if it could simply be deleted is not tried alone.
 * Source     aws.md 1.19, 10.1 (12) (balanced.go of Karpenter 1.14).
 */

import { HOST_STATE } from '../../../cluster/hosts.ts';
import { compatibleOfferings } from '../instance-types.ts';
import { disruptionCostOf } from './candidate.ts';
import type { Candidate } from './candidate.ts';
import type { LaunchableClaim } from '../launch-choice.ts';
import type { Pass } from './method.ts';

const K = 2;

interface Totals {
  readonly cost: number;
  readonly disruption: number;
}

/** True where no pool of them has the policy. */
export function isWorthIt(
  pass: Pass,
  candidates: readonly Candidate[],
  replacement: LaunchableClaim | undefined,
): boolean {
  const pools = new Set(
    candidates
      .filter(({ config }) => config.consolidationPolicy === 'Balanced')
      .map(({ config }) => config.pool),
  );
  if (pools.size === 0) return true;
  const cost = costOf(candidates);
  const savings = cost - (replacement === undefined ? 0 : cheapest(replacement));
  return [...pools].every((pool) => {
    const own = candidates.filter(({ config }) => config.pool === pool);
    const part = own.length === candidates.length || cost <= 0 ? 1 : costOf(own) / cost;
    return isApproved(savings * part, disruptionOf(own), totalsOf(pass, pool));
  });
}

export function isHopeless(pass: Pass, candidate: Candidate): boolean {
  if (candidate.config.consolidationPolicy !== 'Balanced') return false;
  const totals = totalsOf(pass, candidate.config.pool);
  if (totals.cost <= 0) return false;
  return !isApproved(candidate.priceNanoUsdPerHour, candidate.disruptionCost, totals);
}

export function isApproved(savings: number, disruption: number, totals: Totals): boolean {
  if (savings <= 0 || totals.cost <= 0 || totals.disruption <= 0) return false;
  // Multiplied out: savings / cost / (disruption / all) >= 1 / K.
  return K * savings * totals.disruption >= disruption * totals.cost;
}

function totalsOf({ provisioner }: Pass, pool: number): Totals {
  const { view } = provisioner;
  let cost = 0;
  let disruption = 0;
  for (const host of provisioner.hostsUpTo(HOST_STATE.ready)) {
    if (view.hosts.pool[host] !== pool) continue;
    const price = view.hosts.priceNanoUsdPerHour[host]!;
    cost += Number.isFinite(price) ? price : 0;
    disruption += disruptionCostOf(view, host);
  }
  return { cost, disruption };
}

function costOf(candidates: readonly Candidate[]): number {
  return candidates.reduce((sum, one) => sum + one.priceNanoUsdPerHour, 0);
}

function disruptionOf(candidates: readonly Candidate[]): number {
  return candidates.reduce((sum, one) => sum + one.disruptionCost, 0);
}

function cheapest({ types, requirements }: LaunchableClaim): number {
  const [offering] = types.length === 0 ? [] : compatibleOfferings(types[0]!, requirements);
  return offering === undefined ? 0 : offering.priceNanoUsdPerHour;
}
