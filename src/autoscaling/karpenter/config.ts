/** One NodePool as Karpenter sees it: what may be launched, how much of it, and when it may go again. */

import { US_PER_DAY } from '../../base/units.ts';
import type { NodePoolManifest } from '../../workload/manifests/node-pool.ts';
import type { LabelRequirement } from '../../cluster/spec.ts';

/** Labels and taints are those of the pool's description in the view: hosts and NodePool share them. */
export interface NodePoolConfig extends Omit<NodePoolManifest, 'labels' | 'taints'> {
  /** Row in `view.pools`. */
  readonly pool: number;
  /** Rows of the zones in which hosts may be launched, ascending. */
  readonly zones: readonly number[];
}

/** The keys of a scenario's pool that choose instance types; an empty list leaves its label open. */
export interface TypeChoice {
  readonly instanceTypes: readonly string[];
  readonly families: readonly string[];
  readonly categories: readonly string[];
  readonly arch: readonly string[];
  readonly capacityTypes: readonly string[];
}

/** A NodePool with Karpenter's defaults (aws.md 1.19, 1.21, 1.22). */
export const PLAIN_NODE_POOL = {
  weight: 0,
  requirements: [],
  limits: { cpuTicks: Infinity, memoryBytes: Infinity, nodes: Infinity },
  consolidationPolicy: 'WhenEmptyOrUnderutilized',
  consolidateAfterUs: 0,
  budgets: [{ nodes: { percent: 10 }, reasons: [] }],
  expireAfterUs: 30 * US_PER_DAY,
} as const satisfies Partial<NodePoolConfig>;

export function requirementsOfChoice(choice: TypeChoice): LabelRequirement[] {
  const columns: readonly (readonly [string, readonly string[]])[] = [
    ['node.kubernetes.io/instance-type', choice.instanceTypes],
    ['karpenter.k8s.aws/instance-family', choice.families],
    ['karpenter.k8s.aws/instance-category', choice.categories],
    ['kubernetes.io/arch', choice.arch],
    ['karpenter.sh/capacity-type', choice.capacityTypes],
  ];
  return columns
    .filter(([, values]) => values.length > 0)
    .map(([key, values]) => ({ key, operator: 'In', values }));
}
