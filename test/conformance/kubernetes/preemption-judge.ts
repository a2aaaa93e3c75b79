/**
 * Compares what we say of a preemption with the real code: the refusal of every node, whether the pod may preempt, the victims on
 * every candidate, and the nodes that may be chosen.
 */

import { CycleFilters } from '../../../src/orchestration/kubernetes/framework/cycle-filters.ts';
import {
  DEFAULT_PREEMPTION,
  ineligibility,
  preempt,
  preemptionCandidates,
} from '../../../src/orchestration/kubernetes/framework/preemption.ts';
import { NominatedPods } from '../../../src/orchestration/kubernetes/framework/nominated-pods.ts';
import { SchedulingWorld } from './scheduling-world.ts';
import { chooseCandidates } from '../../../src/orchestration/kubernetes/framework/preemption-choice.ts';
import { profileOf } from '../../../src/orchestration/kubernetes/framework/profile.ts';
import { argumentsOfCase } from './arguments-of-case.ts';
import type { PluginsCase } from './plugins-case.ts';
import type { Refusal } from '../../../src/orchestration/kubernetes/framework/status.ts';
import type { Unfit } from '../../../src/orchestration/kubernetes/framework/cycle.ts';

interface Candidate {
  readonly node: number;
  readonly victims: readonly string[];
  readonly violations: number;
}

/** The real answer, and ours in the same words. Nodes are told by their position in the case. */
interface Answer {
  readonly rejected: readonly (readonly [position: number, code: string, plugin: string])[] | null;
  readonly feasible?: readonly number[];
  readonly eligible: boolean;
  readonly ineligible?: string;
  readonly candidates?: readonly Candidate[];
  readonly chosen?: readonly number[];
}

export function judgePreemption(input: unknown, output: unknown): string | undefined {
  const real = JSON.stringify(sorted(output as Answer));
  const ours = JSON.stringify(sorted(answerOf(input as PluginsCase)));
  return ours === real ? undefined : `${ours}, really ${real}`;
}

function sorted(answer: Answer): Required<Answer> {
  const {
    rejected,
    feasible = [],
    eligible,
    ineligible = '',
    candidates = [],
    chosen = [],
  } = answer;
  const byNode = [...(rejected ?? [])].sort(([a], [b]) => a - b);
  return {
    rejected: byNode,
    feasible: [...feasible].sort((a, b) => a - b),
    eligible,
    ineligible,
    candidates,
    chosen,
  };
}

function answerOf({ nodes, pods, others, pluginConfig, incoming }: PluginsCase): Answer {
  const world = new SchedulingWorld(nodes, others);
  for (const pod of pods) world.add(world.pod(pod), pod.spec.nodeName!);
  const snapshot = world.snapshot();
  const { around } = world;
  const nominated = new NominatedPods();
  const pod = world.pod(incoming);
  const profile = profileOf({ args: argumentsOfCase(pluginConfig) });
  const position = new Map(nodes.map(({ metadata }, i) => [metadata.name, i]));

  const start = CycleFilters.begin(profile.filters, pod, snapshot.nodes, around);
  const { filters, refusal: ofAll } = start;
  const refusals = new Map<string, Refusal>();
  const feasible: number[] = [];
  for (const info of snapshot.nodes) {
    const { name } = info.node;
    if (start.nodes !== undefined && !start.nodes.has(name)) continue;
    const refusal = ofAll ?? filters.refusalOf(info, nominated);
    if (refusal === undefined) feasible.push(position.get(name)!);
    else refusals.set(name, refusal);
  }
  const rejected = [...refusals].map(
    ([name, { code, plugin }]) => [position.get(name)!, code, plugin] as const,
  );
  if (feasible.length > 0) return { rejected, feasible, eligible: false };

  const unknown: Refusal = { code: 'UnschedulableAndUnresolvable', plugin: '', reasons: [] };
  const unfit: Unfit = {
    kind: 'unfit',
    refusals,
    ofOthers: ofAll ?? unknown,
    rejectors: new Set(),
    filters,
  };
  const ineligible = ineligibility(pod, unfit, snapshot);
  if (ineligible !== undefined) return { rejected, eligible: false, ineligible };
  const preemptionWorld = { snapshot, nominated, around };
  const candidates = preemptionCandidates(pod, unfit, preemptionWorld, DEFAULT_PREEMPTION);
  const chosen = chooseCandidates(candidates).map(({ node }) => position.get(node.node.name)!);
  const outcome = preempt(pod, unfit, preemptionWorld);
  if (outcome.kind === 'preempts' && outcome.node.node.name !== nodes[chosen[0]!]!.metadata.name) {
    throw new Error('expected the first of those that may be chosen');
  }
  return {
    rejected,
    eligible: true,
    candidates: candidates
      .map(({ node, victims, violations }) => ({
        node: position.get(node.node.name)!,
        victims: victims.map(({ name }) => name),
        violations,
      }))
      .sort((a, b) => a.node - b.node),
    chosen: chosen.sort((a, b) => a - b),
  };
}
