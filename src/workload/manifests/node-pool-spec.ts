/** What a NodePool (karpenter.sh/v1) says, as plain configuration, and what Karpenter takes where it says nothing. */

import { US_PER_DAY } from '../../base/units.ts';
import type { KubeletSettings } from '../../cluster/kubelet-settings.ts';
import type { LabelRequirement, Taint } from '../../cluster/spec.ts';

export interface NodePoolRequirement extends LabelRequirement {
  /** Distinct values that the types of one claim must keep. */
  readonly minValues?: number;
}

export const DISRUPTION_REASONS = ['Underutilized', 'Empty', 'Drifted'] as const;
export type DisruptionReason = (typeof DISRUPTION_REASONS)[number];

export const CONSOLIDATION_POLICIES = [
  'WhenEmptyOrUnderutilized',
  'WhenEmpty',
  'Balanced',
] as const;
export type ConsolidationPolicy = (typeof CONSOLIDATION_POLICIES)[number];

export interface DisruptionBudget {
  /** A count or a percentage of the pool's nodes. */
  readonly nodes: { readonly count?: number; readonly percent?: number };
  /** Empty: every reason. */
  readonly reasons: readonly DisruptionReason[];
  /** When it is in force; absent: always. */
  readonly window?: { readonly schedule: string; readonly durationUs: number };
}

export interface NodePoolManifest {
  readonly name: string;
  readonly weight: number;
  readonly requirements: readonly NodePoolRequirement[];
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** Infinity: no limit. */
  readonly limits: {
    readonly cpuTicks: number;
    readonly memoryBytes: number;
    readonly nodes: number;
  };
  readonly consolidationPolicy: ConsolidationPolicy;
  /** Infinity: never. */
  readonly consolidateAfterUs: number;
  readonly budgets: readonly DisruptionBudget[];
  /** Infinity: never. */
  readonly expireAfterUs: number;
  /** Time after which a node that is to go goes whatever runs on it; Infinity: it waits for ever. */
  readonly terminationGracePeriodUs: number;
  /** Its template carries karpenter.sh/do-not-disrupt: nodes go only by force. */
  readonly doNotDisrupt: boolean;
  /** A static pool keeps so many nodes, whatever pods there are. */
  readonly replicas?: number;
  /** What its node class tells the kubelets; absent for the defaults of EKS. */
  readonly kubelet?: KubeletSettings;
  /** A node class of EKS Auto Mode: AWS runs the nodes, for a fee. */
  readonly isAutoMode: boolean;
}

const DEFAULT_BUDGETS: readonly DisruptionBudget[] = [{ nodes: { percent: 10 }, reasons: [] }];

/** A NodePool that says nothing but its name (aws.md 1.19, 1.21, 1.22). */
export const PLAIN_NODE_POOL = {
  weight: 0,
  requirements: [],
  labels: {},
  taints: [],
  limits: { cpuTicks: Infinity, memoryBytes: Infinity, nodes: Infinity },
  consolidationPolicy: 'WhenEmptyOrUnderutilized',
  consolidateAfterUs: 0,
  budgets: DEFAULT_BUDGETS,
  expireAfterUs: 30 * US_PER_DAY,
  terminationGracePeriodUs: Infinity,
  doNotDisrupt: false,
  isAutoMode: false,
} as const satisfies Omit<NodePoolManifest, 'name'>;
