/** One NodePool as Karpenter sees it: what may be launched, how much of it, and when it may go again. */

import type { NodePoolManifest } from '../../workload/manifests/node-pool-spec.ts';
import type { LabelRequirement } from '../../cluster/spec.ts';

export { PLAIN_NODE_POOL } from '../../workload/manifests/node-pool-spec.ts';

/** Labels and taints are those of the pool's description in the view: hosts and NodePool share them. */
export interface NodePoolConfig extends Omit<NodePoolManifest, 'labels' | 'taints'> {
  /** Row in `view.pools`. */
  readonly pool: number;
  /** Releases of the image that nodes boot from; absent: there is none while the run goes on. */
  readonly imageReleases?: ImageReleases;
  /** Rows of the zones in which hosts may be launched, ascending. */
  readonly zones: readonly number[];
}

export interface ImageReleases {
  readonly firstUs: number;
  /** Infinity: only one. */
  readonly everyUs: number;
}

/** The keys of a scenario's pool that choose instance types; an empty list leaves its label open. */
export interface TypeChoice {
  readonly instanceTypes: readonly string[];
  readonly families: readonly string[];
  readonly categories: readonly string[];
  readonly arch: readonly string[];
  readonly capacityTypes: readonly string[];
}

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
