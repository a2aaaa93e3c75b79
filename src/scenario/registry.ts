/**
 * Every policy that a scenario can name. To add one: write its file (`placement/policies/`), and list it here.
 * A user's own, given by `--policy FILE`, is looked up beside these.
 */

import { DEFAULT_PROFILE } from './check-policy.ts';
import { alignment } from '../placement/policies/alignment.ts';
import { bestFit, worstFit } from '../placement/policies/best-fit.ts';
import { binpack } from '../placement/policies/binpack.ts';
import { didYouMean } from './did-you-mean.ts';
import { dotProduct } from '../placement/policies/dot-product.ts';
import { fgd } from '../placement/policies/fgd.ts';
import { firstFit } from '../placement/policies/first-fit.ts';
import { gpuBestFit } from '../placement/policies/gpu-best-fit.ts';
import { gpuClustering } from '../placement/policies/gpu-clustering.ts';
import { gpuDotProduct } from '../placement/policies/gpu-dot-product.ts';
import { gpuPacking } from '../placement/policies/gpu-packing.ts';
import {
  balancedAllocation,
  leastAllocated,
  leastAllocatedBalanced,
  mostAllocated,
} from '../placement/policies/kubernetes-resources.ts';
import { leastNodes } from '../autoscaling/cluster-autoscaler/expanders/least-nodes.ts';
import { leastWaste } from '../autoscaling/cluster-autoscaler/expanders/least-waste.ts';
import { mostPods } from '../autoscaling/cluster-autoscaler/expanders/most-pods.ts';
import { nextFit } from '../placement/policies/next-fit.ts';
import { priceExpander } from '../autoscaling/cluster-autoscaler/expanders/price.ts';
import { priorityExpander } from '../autoscaling/cluster-autoscaler/expanders/priority.ts';
import { random } from '../placement/policies/random.ts';
import { random as randomExpander } from '../autoscaling/cluster-autoscaler/expanders/random.ts';
import { ScenarioError } from '../base/scenario-error.ts';
import { requestedToCapacityRatio } from '../placement/policies/requested-to-capacity-ratio.ts';
import { spread } from '../placement/policies/spread.ts';
import { printPolicyName } from '../base/policy-name.ts';
import { TIE_BREAKS, type TieBreak } from '../placement/tie-rule.ts';
import { wantsMix } from '../placement/policies/workload-mix.ts';
import type { AssumedParameters } from '../cloud/assumptions.ts';
import type { Expander } from '../autoscaling/cluster-autoscaler/expander.ts';
import type { ExpanderName } from './schema-cluster-autoscaler.ts';
import type { KnownPolicies } from './check-policy.ts';
import type { PolicyKind, ScorePolicy } from '../placement/policy.ts';
import type { PolicyName } from '../base/policy-name.ts';
import type { PriorityRule } from '../autoscaling/cluster-autoscaler/expanders/priority.ts';
import type { WorkloadMix } from '../placement/policies/workload-mix.ts';

const PLACEMENT_POLICIES: readonly PolicyKind[] = [
  firstFit,
  nextFit,
  bestFit,
  worstFit,
  binpack,
  spread,
  random,
  alignment,
  dotProduct,
  leastAllocated,
  mostAllocated,
  balancedAllocation,
  leastAllocatedBalanced,
  requestedToCapacityRatio,
  fgd,
  gpuBestFit,
  gpuClustering,
  gpuDotProduct,
  gpuPacking,
];

const QUEUES = ['fcfs'] as const;

/** The expander of the Cluster Autoscaler that a name means. */
export function expanderOf(
  name: ExpanderName,
  priorities: readonly PriorityRule[],
  parameters: AssumedParameters,
): Expander {
  switch (name) {
    case 'random':
      return randomExpander;
    case 'most-pods':
      return mostPods;
    case 'least-nodes':
      return leastNodes;
    case 'least-waste':
      return leastWaste;
    case 'priority':
      return priorityExpander(priorities);
    case 'price':
      return priceExpander(parameters);
  }
}

/** Names for validation, the user's own policies among them. */
export function knownPolicies(own: readonly PolicyKind[] = []): KnownPolicies {
  const names = [...PLACEMENT_POLICIES, ...own].map(({ name }) => name);
  return { ecs: names, kubernetes: names, batch: names, queue: QUEUES };
}

/** True for the policy that leaves the choice to a draw among equals. */
export function isRandom({ name }: PolicyName): boolean {
  return name === random.name;
}

/** True for the policy that a Kubernetes cluster runs as kube-scheduler's default profile. */
export function isDefaultProfile({ name }: PolicyName): boolean {
  return name === DEFAULT_PROFILE;
}

/** True for a default profile of a version that draws among equally good nodes (kubernetes.md 1.6). */
export function drawsAmongEquals(name: PolicyName): boolean {
  return isDefaultProfile(name) && name.parameters['version'] === '1.34';
}

/** Which of several equally good hosts is taken: as the list says, else the lowest row. */
export function tieBreakOf(names: readonly PolicyName[]): TieBreak {
  if (names.some(isRandom)) return 'random';
  const given = names.at(-1)?.parameters['tieBreak'];
  return TIE_BREAKS.find((one) => one === given) ?? TIE_BREAKS[0];
}

/**
 * The policy of a name, parameters checked and completed by their defaults; one that wants to know the workload is told its
 * mix. Throws ScenarioError.
 */
export function placementPolicy(
  name: PolicyName,
  own: readonly PolicyKind[] = [],
  mix: () => WorkloadMix = () => [],
): ScorePolicy {
  const kinds = [...own, ...PLACEMENT_POLICIES];
  const kind = kinds.find((one) => one.name === name.name);
  const text = printPolicyName(name);
  if (kind === undefined) {
    const names = kinds.map((one) => one.name);
    throw fault(`expected a placement policy, found ${text}${didYouMean(name.name, names)}`);
  }
  const { tieBreak: _, ...given } = name.parameters; // For `tieBreakOf`.
  for (const [key, value] of Object.entries(given)) {
    const values = kind.parameters[key];
    if (values === undefined) {
      const keys = Object.keys(kind.parameters);
      const expected = keys.length === 0 ? 'no parameters' : `parameters ${keys.join(', ')}`;
      throw fault(`${kind.name} takes ${expected}, found "${key}"${didYouMean(key, keys)}`);
    }
    if (!values.includes(value)) {
      throw fault(
        `${kind.name} takes ${key}=${values.join('|')}, found "${value}"${didYouMean(value, values)}`,
      );
    }
  }
  const defaults = Object.entries(kind.parameters).map(([key, values]) => [key, values[0]!]);
  const parameters = { ...Object.fromEntries(defaults), ...given };
  const policy = { name: text, ...kind.create(parameters) };
  if (wantsMix(policy)) policy.prepare(mix());
  return policy;
}

function fault(message: string): ScenarioError {
  return new ScenarioError([{ file: 'placement', line: 0, column: 0, path: '', message }]);
}
