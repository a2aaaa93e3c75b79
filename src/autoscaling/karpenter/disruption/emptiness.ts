/**
 * Nodes without pods go: all of them in one command, in order, while budgets last. After the wait those that are still
 * empty go (aws.md 1.19).
 */

import { RemainingBudgets } from './budgets.ts';
import { isEmpty } from './candidate.ts';
import { NOTHING } from './method.ts';
import type { Candidate } from './candidate.ts';
import type { DisruptionMethod } from './method.ts';

export const emptiness: DisruptionMethod = {
  find(pass) {
    const empty = pass.candidates.filter(isRemovable);
    if (empty.length === 0) return NOTHING;
    const budgets = new RemainingBudgets(pass.provisioner, 'Empty', pass);
    const hosts = empty.filter((candidate) => budgets.take(candidate)).map(({ host }) => host);
    if (hosts.length === 0) return { command: undefined, isFinal: !budgets.wasShort };
    return {
      command: { reason: 'consolidation-empty', hosts, replacement: undefined },
      isFinal: false,
    };
  },

  validate({ reason, hosts: found }, pass) {
    const budgets = new RemainingBudgets(pass.provisioner, 'Empty', pass);
    const hosts = pass.candidates
      .filter((candidate) => found.includes(candidate.host) && isRemovable(candidate))
      .filter((candidate) => budgets.take(candidate))
      .map(({ host }) => host);
    return hosts.length === 0 ? undefined : { reason, hosts, replacements: [], nominated: [] };
  },
};

function isRemovable(candidate: Candidate): boolean {
  const { config, isBlocked, isQuiet } = candidate;
  return config.replicas === undefined && isQuiet && !isBlocked && isEmpty(candidate);
}
