/**
 * DefaultPreemption (kubernetes.md 1.10): on which node a pod that fits nowhere could evict others of lower priority, whom
 * there, and where it does.
 *
 *   eligible    may the pod preempt at all, or does it wait for victims that are still stopping
 *   candidates  nodes whose refusal preemption may lift, in the order of the snapshot from an offset, around the end; enough
 *               when one of them breaks no budget and there are max(10 %, 100) of them
 *   victims     see preemption-victims.ts
 *   choice      see preemption-choice.ts
 *
 * Offset     0, or drawn as in reality. Up to 100 nodes it does not matter: all are candidates then.
 */

import { chooseCandidates } from './preemption-choice.ts';
import { selectVictims } from './preemption-victims.ts';
import type { Draw } from '../../../placement/tie-rule.ts';
import type { NodeInfo } from './node-info.ts';
import type { NominatedPods } from './nominated-pods.ts';
import type { PodInfo } from './pod-info.ts';
import type { Snapshot, Unfit } from './cycle.ts';
import type { Surroundings } from './surroundings.ts';

/** A node and the pods to evict from it, the most important first. */
export interface Candidate {
  readonly node: NodeInfo;
  readonly victims: readonly PodInfo[];
  /** Victims whose eviction breaks a budget. */
  readonly violations: number;
}

export interface Preemption extends Candidate {
  readonly kind: 'preempts';
  /** Pods of lower priority that were nominated to the node and no longer are. */
  readonly dismissed: readonly PodInfo[];
}

/** The pod keeps the nomination that it has. */
export interface Ineligible {
  readonly kind: 'ineligible';
  readonly reason: string;
}

/** Evicting helps nowhere. A nomination that the pod has is lost. */
export interface NoCandidate {
  readonly kind: 'no-candidate';
}

export interface PreemptionSettings {
  readonly minCandidateNodesPercentage: number;
  readonly minCandidateNodesAbsolute: number;
  /** Draws the offset and breaks the last tie; without it the first nodes of the snapshot win. */
  readonly draw?: Draw;
}

export const DEFAULT_PREEMPTION: PreemptionSettings = {
  minCandidateNodesPercentage: 10,
  minCandidateNodesAbsolute: 100,
};

/** Where a preemption looks. */
export interface PreemptionWorld {
  readonly snapshot: Snapshot;
  readonly nominated: NominatedPods;
  readonly around: Surroundings;
}

export function preempt(
  pod: PodInfo,
  unfit: Unfit,
  world: PreemptionWorld,
  settings: PreemptionSettings = DEFAULT_PREEMPTION,
): Preemption | Ineligible | NoCandidate {
  const reason = ineligibility(pod, unfit, world.snapshot);
  if (reason !== undefined) return { kind: 'ineligible', reason };
  const best = chooseCandidates(preemptionCandidates(pod, unfit, world, settings));
  if (best.length === 0) return { kind: 'no-candidate' };
  const candidate = best[drawnBelow(best.length, settings.draw)]!;
  const dismissed = world.nominated
    .on(candidate.node.node.name)
    .filter(({ spec }) => spec.priority < pod.spec.priority);
  return { kind: 'preempts', ...candidate, dismissed };
}

/** Why the pod may not preempt now, in kube-scheduler's words; undefined when it may. */
export function ineligibility(
  pod: PodInfo,
  { refusals, ofOthers }: Unfit,
  snapshot: Snapshot,
): string | undefined {
  if (pod.spec.template.preemptionPolicy === 'Never') {
    return 'not eligible due to preemptionPolicy=Never.';
  }
  const { nominatedNode } = pod;
  if (nominatedNode === '') return undefined;
  const refusal = refusals.get(nominatedNode) ?? ofOthers;
  if (refusal.code === 'UnschedulableAndUnresolvable') return undefined;
  const pods = snapshot.byName(nominatedNode)?.pods ?? [];
  const waits = pods.some(
    ({ isPreempted, spec }) => isPreempted === true && spec.priority < pod.spec.priority,
  );
  return waits ? 'not eligible due to a terminating pod on the nominated node.' : undefined;
}

/** Candidates that break no budget first. */
export function preemptionCandidates(
  pod: PodInfo,
  unfit: Unfit,
  { snapshot, nominated, around }: PreemptionWorld,
  settings: PreemptionSettings,
): Candidate[] {
  const { refusals, ofOthers, filters } = unfit;
  const potential = snapshot.nodes.filter(
    ({ node }) => (refusals.get(node.name) ?? ofOthers).code === 'Unschedulable',
  );
  const wanted = candidatesWanted(potential.length, settings);
  const offset = drawnBelow(potential.length, settings.draw);
  const keeping: Candidate[] = [];
  const breaking: Candidate[] = [];
  for (let i = 0; i < potential.length; i++) {
    const node = potential[(offset + i) % potential.length]!;
    const candidate = selectVictims(pod, node, filters, nominated, around.budgets);
    if (candidate === undefined) continue;
    (candidate.violations === 0 ? keeping : breaking).push(candidate);
    if (keeping.length > 0 && keeping.length + breaking.length >= wanted) break;
  }
  return [...keeping, ...breaking];
}

function candidatesWanted(
  nodes: number,
  { minCandidateNodesPercentage, minCandidateNodesAbsolute }: PreemptionSettings,
): number {
  const share = Math.trunc((nodes * minCandidateNodesPercentage) / 100);
  return Math.min(Math.max(share, minCandidateNodesAbsolute), nodes);
}

function drawnBelow(count: number, draw: Draw | undefined): number {
  return draw === undefined ? 0 : Math.floor(draw() * count);
}
