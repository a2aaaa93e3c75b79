/**
 * What consolidation of one node and of several share: who may be consolidated, how a finding becomes a command, and the
 * check after the wait (aws.md 1.19): the same nodes, still candidates and within budget, the same kind of outcome, and
 * every chosen type still among those possible.
 */

import { RemainingBudgets } from './budgets.ts';
import { asSpot, simulate } from './consolidation.ts';
import { isEmpty } from './candidate.ts';
import type { Candidate } from './candidate.ts';
import type { Command, Order, Pass } from './method.ts';
import type { Consolidation } from './consolidation.ts';

export function isConsolidatable(candidate: Candidate): boolean {
  const { config, isBlocked, isQuiet } = candidate;
  return (
    config.replicas === undefined &&
    config.consolidationPolicy !== 'WhenEmpty' &&
    isQuiet &&
    !isBlocked &&
    !isEmpty(candidate)
  );
}

export function commandOf(candidates: readonly Candidate[], outcome: Consolidation): Command {
  const { replacement, isSpotOnly } = outcome;
  return {
    reason: 'consolidation-underutilized',
    hosts: candidates.map(({ host }) => host),
    replacement:
      replacement === undefined
        ? undefined
        : { types: replacement.types.map(({ name }) => name), isSpotOnly },
  };
}

export function validateConsolidation(command: Command, pass: Pass): Order | undefined {
  const { hosts, reason, replacement: wanted } = command;
  const budgets = new RemainingBudgets(pass.provisioner, 'Underutilized', pass);
  const candidates = pass.candidates
    .filter((candidate) => hosts.includes(candidate.host) && isConsolidatable(candidate))
    .filter((candidate) => budgets.take(candidate));
  if (candidates.length < hosts.length) return undefined;
  const plan = simulate(pass, candidates, true);
  if (plan === undefined || plan.claims.length > 1) return undefined;
  const nominated = plan.placements.map(({ host }) => host);
  const [claim] = plan.claims;
  if (claim === undefined || wanted === undefined) {
    const isSame = claim === undefined && wanted === undefined;
    return isSame ? { reason, hosts, replacements: [], nominated } : undefined;
  }
  const names = new Set(wanted.types);
  const types = claim.types.filter(({ name }) => names.has(name));
  if (types.length < names.size) return undefined;
  const chosen = { template: claim.template, requirements: claim.requirements, types };
  return {
    reason,
    hosts,
    replacements: [wanted.isSpotOnly ? asSpot(chosen) : chosen],
    nominated,
  };
}
