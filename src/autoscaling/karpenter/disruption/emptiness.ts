/**
 * Nodes without pods go: all of them in one command, in order, while budgets last. After the wait those that are still
 * empty go (aws.md 1.19).
 */

import { RemainingBudgets } from './budgets.ts';
import { isEmpty } from './candidate.ts';
import type { DisruptionMethod } from './method.ts';

export const emptiness: DisruptionMethod = {
  find({ provisioner, candidates, leaving }) {
    const empty = candidates.filter(isEmpty);
    const budgets = new RemainingBudgets(provisioner, 'Empty', leaving);
    const hosts = empty.filter((candidate) => budgets.take(candidate)).map(({ host }) => host);
    if (hosts.length === 0) {
      return { command: undefined, isFinal: candidates.length > 0 && !budgets.wasShort };
    }
    const command = { reason: 'consolidation-empty', hosts, replacement: undefined } as const;
    return { command, isFinal: false };
  },

  validate(command, { provisioner, candidates, leaving }) {
    const budgets = new RemainingBudgets(provisioner, 'Empty', leaving);
    const hosts = candidates
      .filter((candidate) => command.hosts.includes(candidate.host) && isEmpty(candidate))
      .filter((candidate) => budgets.take(candidate))
      .map(({ host }) => host);
    return hosts.length === 0 ? undefined : { ...command, hosts };
  },
};
