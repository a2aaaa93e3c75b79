/**
 * What consolidation of one node and of several share: who may be consolidated, how a finding becomes a command, and the
 * check after the wait (aws.md 1.19): the same nodes, still candidates and within budget, the same kind of outcome, and
 * the chosen type still among those possible.
 */

import { RemainingBudgets } from './budgets.ts';
import { chooseLaunch } from '../launch-choice.ts';
import { consolidate } from './consolidation.ts';
import { isEmpty } from './candidate.ts';
import type { Candidate } from './candidate.ts';
import type { Command, Pass } from './method.ts';
import type { Consolidation } from './consolidation.ts';

export function isConsolidatable(candidate: Candidate): boolean {
  return candidate.config.consolidationPolicy === 'WhenEmptyOrUnderutilized' && !isEmpty(candidate);
}

export function commandOf(candidates: readonly Candidate[], outcome: Consolidation): Command {
  const { replacement } = outcome;
  return {
    reason: 'consolidation-underutilized',
    hosts: candidates.map(({ host }) => host),
    replacement: replacement === undefined ? undefined : chooseLaunch(replacement),
  };
}

export function validateConsolidation(command: Command, pass: Pass): Command | undefined {
  const budgets = new RemainingBudgets(pass.provisioner, 'Underutilized', pass.leaving);
  const candidates = pass.candidates
    .filter(({ host }) => command.hosts.includes(host))
    .filter((candidate) => budgets.take(candidate));
  if (candidates.length < command.hosts.length) return undefined;
  const outcome = consolidate(pass, candidates);
  if (outcome === undefined) return undefined;
  const types = outcome.replacement?.types;
  const wanted = command.replacement?.instanceType;
  const isSame = wanted === undefined ? types === undefined : types?.some((t) => t.name === wanted);
  return isSame === true ? command : undefined;
}
