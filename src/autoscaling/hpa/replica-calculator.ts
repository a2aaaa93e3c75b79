/**
 * How many pods the HorizontalPodAutoscaler wants for one CPU utilisation target (kubernetes.md 4.1, "Resource
 * utilisation" and "Then"). A pure function, before limits and stabilisation.
 *
 *     u     = trunc(100 x used / requested)           percent over the ready pods with a sample
 *     ratio = u / target
 *     plan  = ceil(ratio x ready)                     the current number while 0.9 <= ratio <= 1.1
 *
 * Pods without a sample (missing) and pods that are not ready are filled in where they make the step smaller:
 *   missing   ratio < 1: each uses max(100, target) % of its request; ratio > 1: nothing
 *   unready   ratio > 1: nothing; else left out
 * and when the ratio turns round or comes within tolerance, or the plan goes against it, nothing changes.
 *
 * Exact     the percent of whole ticks is truncated exactly, as the integers of the real code are.
 * Departs   pods of one workload have equal requests, so filled-in pods weigh as much as the mean pod.
 */

export interface ReplicaQuestion {
  /** Replicas asked for now (spec). */
  readonly currentReplicas: number;
  /** Sums over the pods that were measured; `requestedTicks` > 0. */
  readonly usedTicks: number;
  readonly requestedTicks: number;
  /** Ready pods with a sample, ready ones without, and those that are pending or not ready yet. */
  readonly readyPods: number;
  readonly missingPods: number;
  readonly unreadyPods: number;
  /** Whole percent of the request. */
  readonly targetPercent: number;
}

/** Share of the target by which the ratio may miss 1 without consequence; a flag of the real controller. */
const TOLERANCE = 0.1;

/** The wanted number of pods; undefined when no ready pod was measured: then the round is skipped. */
export function replicasFor(question: ReplicaQuestion): number | undefined {
  const { currentReplicas, readyPods, missingPods, unreadyPods, targetPercent } = question;
  if (readyPods === 0) return undefined;
  const ratio = percentWith(question, 0, 0) / targetPercent;
  const countsUnready = ratio > 1 && unreadyPods > 0;
  if (missingPods === 0 && !countsUnready) {
    return isWithinTolerance(ratio) ? currentReplicas : Math.ceil(ratio * readyPods);
  }
  return replicasWithFill(question, ratio);
}

function replicasWithFill(question: ReplicaQuestion, ratio: number): number {
  const { currentReplicas, readyPods, missingPods, unreadyPods, targetPercent } = question;
  // At exactly 1 missing pods are not filled in.
  const filled = (ratio === 1 ? 0 : missingPods) + (ratio > 1 ? unreadyPods : 0);
  const fillPercent = ratio < 1 ? missingPods * Math.max(100, targetPercent) : 0;
  const newRatio = percentWith(question, filled, fillPercent) / targetPercent;
  const turnsRound = (ratio < 1 && newRatio > 1) || (ratio > 1 && newRatio < 1);
  if (turnsRound || isWithinTolerance(newRatio)) return currentReplicas;
  const replicas = Math.ceil(newRatio * (readyPods + filled));
  const contradicts =
    (newRatio < 1 && replicas > currentReplicas) || (newRatio > 1 && replicas < currentReplicas);
  return contradicts ? currentReplicas : replicas;
}

/** Truncated mean percent over the ready pods and `filled` more that use `fillPercent` together. */
function percentWith(question: ReplicaQuestion, filled: number, fillPercent: number): number {
  const { usedTicks, requestedTicks, readyPods } = question;
  // One division, so that whole ticks give the integer that integer arithmetic gives.
  const weighted = 100 * usedTicks * readyPods + fillPercent * requestedTicks;
  return Math.trunc(weighted / (requestedTicks * (readyPods + filled)));
}

function isWithinTolerance(ratio: number): boolean {
  return 1 - TOLERANCE <= ratio && ratio <= 1 + TOLERANCE;
}
