/**
 * Whom a pod would evict from a node (kubernetes.md 1.10, SelectVictimsOnNode).
 *
 *   1  all pods of lower priority go; if the pod does not fit then, the node is no candidate
 *   2  those whose eviction would break a budget come back first, then the others, each from the most important: who still lets
 *      the pod fit stays, the rest are victims
 *
 * Important  higher priority, then earlier start; a pod that has not started yet starts now.
 * Budgets    are soft: they say who comes back first and which node is better, and forbid nothing.
 */

import { isEmptySelector, selectorMatches } from './label-selector.ts';
import type { Candidate } from './preemption.ts';
import type { CycleFilters } from './cycle-filters.ts';
import type { DisruptionBudget } from './surroundings.ts';
import type { NodeInfo } from './node-info.ts';
import type { NominatedPods } from './nominated-pods.ts';
import type { PodInfo } from './pod-info.ts';

/** Undefined where evicting does not help; the node itself stays as it is. */
export function selectVictims(
  pod: PodInfo,
  node: NodeInfo,
  filters: CycleFilters,
  nominated: NominatedPods,
  budgets: readonly DisruptionBudget[],
): Candidate | undefined {
  const potential = node.pods.filter(({ spec }) => spec.priority < pod.spec.priority);
  if (potential.length === 0) return undefined;
  const emptied = node.clone();
  const whatIf = filters.copy();
  for (const one of potential) whatIf.remove(one, emptied);
  if (whatIf.refusalOf(emptied, nominated) !== undefined) return undefined;

  const victims: PodInfo[] = [];
  const reprieve = (one: PodInfo): void => {
    whatIf.add(one, emptied);
    if (whatIf.refusalOf(emptied, nominated) === undefined) return;
    whatIf.remove(one, emptied);
    victims.push(one);
  };
  const allowed = budgets.map(({ disruptionsAllowed }) => disruptionsAllowed);
  const isCovered = (one: PodInfo, budget: number): boolean => covers(budgets[budget]!, one);
  const { breaking, keeping } = splitByBudgets(potential.sort(byImportance), allowed, isCovered);
  breaking.forEach(reprieve);
  const violations = victims.length;
  keeping.forEach(reprieve);
  if (victims.length === 0) return undefined;
  return { node, victims: victims.sort(byImportance), violations };
}

/** What makes a pod important. */
export interface Victim {
  readonly spec: Pick<PodInfo['spec'], 'priority'>;
  readonly startTimeUs: number;
}

/** The more important first. */
export function byImportance(a: Victim, b: Victim): number {
  if (a.spec.priority !== b.spec.priority) return b.spec.priority - a.spec.priority;
  const [startA, startB] = [startOf(a), startOf(b)];
  return startA === startB ? 0 : startA - startB;
}

/** Infinity, which is later than all others, for a pod that has not started. */
export function startOf({ startTimeUs }: Victim): number {
  return Number.isNaN(startTimeUs) ? Infinity : startTimeUs;
}

/**
 * Whose eviction breaks a budget, and whose does not: each pod, in the order of the pods, uses up one disruption of every budget that
 * covers it, also where another of them is short already. `allowed` says how many each budget has.
 */
export function splitByBudgets<Pod>(
  pods: readonly Pod[],
  allowed: readonly number[],
  isCovered: (pod: Pod, budget: number) => boolean,
): { breaking: Pod[]; keeping: Pod[] } {
  const left = [...allowed];
  const isBreaking = (pod: Pod): boolean => {
    let breaks = false;
    for (let budget = 0; budget < left.length; budget++) {
      if (isCovered(pod, budget) && --left[budget]! < 0) breaks = true;
    }
    return breaks;
  };
  const breaking: Pod[] = [];
  const keeping: Pod[] = [];
  for (const pod of pods) (isBreaking(pod) ? breaking : keeping).push(pod);
  return { breaking, keeping };
}

// An empty selector covers no pod here, and no selector covers a pod without labels.
function covers({ namespace, selector, disrupted }: DisruptionBudget, pod: PodInfo): boolean {
  const { labels, template } = pod.spec;
  if (namespace !== template.namespace || Object.keys(labels).length === 0) return false;
  if (isEmptySelector(selector) || !selectorMatches(selector, labels)) return false;
  return !disrupted.has(pod.name);
}
