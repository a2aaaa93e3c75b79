/**
 * The groups that were given the highest priority by name: a list of patterns for each number, as in the ConfigMap
 * `cluster-autoscaler-priority-expander`.
 *
 * Match      a pattern matches anywhere in the name. A group that none matches is left out, and so is one of a priority
 *            below -1: the search for the highest begins at -1. Where that leaves none, all stay.
 * Source     kubernetes.md 5.5.
 */

import type { Expander } from '../expander.ts';

export interface PriorityRule {
  readonly priority: number;
  readonly patterns: readonly RegExp[];
}

const LOWEST = -1;

export function priorityExpander(rules: readonly PriorityRule[]): Expander {
  return {
    name: 'priority',
    best: (options) => {
      const priorities = options.map(({ id }) => priorityOf(id, rules));
      const highest = priorities.reduce((most, one) => Math.max(most, one), LOWEST);
      const best = options.filter((_, index) => priorities[index] === highest);
      return best.length === 0 ? options : best;
    },
  };
}

/** The highest number of which a pattern matches. */
function priorityOf(id: string, rules: readonly PriorityRule[]): number {
  const matching = rules.filter(({ patterns }) => patterns.some((pattern) => pattern.test(id)));
  return matching.reduce((most, { priority }) => Math.max(most, priority), -Infinity);
}
