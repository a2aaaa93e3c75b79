/**
 * Which of the candidates is preempted (kubernetes.md 1.10). Each criterion leaves the best of what the one before has left:
 *
 *   1  fewest victims whose eviction breaks a budget
 *   2  lowest priority of the most important victim
 *   3  smallest sum of priority + 2^31
 *   4  fewest victims
 *   5  latest start, that of a node being the earliest start among its victims of the highest priority
 *
 * Ties       who is left then is equal; the real code takes any.
 */

import { startOf } from './preemption-victims.ts';
import type { Victim } from './preemption-victims.ts';

/** What a candidate is judged by. */
interface Weighed {
  readonly violations: number;
  readonly victims: readonly Victim[];
}

// 0 and more for every priority, so that many victims of low priority never weigh less than few.
const PRIORITY_SHIFT = 2_147_483_648;

/** Of each candidate: the smallest is best. */
const CRITERIA: readonly ((candidate: Weighed) => number)[] = [
  ({ violations }) => violations,
  ({ victims }) => victims[0]!.spec.priority,
  ({ victims }) => victims.reduce((sum, { spec }) => sum + spec.priority + PRIORITY_SHIFT, 0),
  ({ victims }) => victims.length,
  (candidate) => -earliestStart(candidate),
];

/** All that are best by every criterion, in their order. */
export function chooseCandidates<Candidate extends Weighed>(
  candidates: readonly Candidate[],
): readonly Candidate[] {
  let best = candidates;
  for (const criterion of CRITERIA) {
    if (best.length < 2) break;
    const values = best.map(criterion);
    const smallest = values.reduce((a, b) => Math.min(a, b), Infinity);
    best = best.filter((_, i) => values[i] === smallest);
  }
  return best;
}

function earliestStart({ victims }: Weighed): number {
  const { priority } = victims[0]!.spec;
  return victims.reduce(
    (earliest, pod) =>
      pod.spec.priority === priority ? Math.min(earliest, startOf(pod)) : earliest,
    Infinity,
  );
}
