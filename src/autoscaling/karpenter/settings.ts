/** What holds for Karpenter as a whole: its release, its feature gates, what its decisions cost. Plain data but for the budgets. */

import { PLAIN_PLANNING } from './provisioner.ts';
import type { DisruptionBudgets } from '../../orchestration/kubernetes/controllers/disruption-budgets.ts';
import type { PlanningPolicy } from './provisioner.ts';

export interface KarpenterSettings {
  /** The first instant of the run since 1970-01-01T00:00:00Z, for budgets with a schedule. */
  readonly civilStartUs: number;
  /**
   * Order of candidates: by price over disruption cost, descending (from 1.14 on), or by the older disruption cost,
   * ascending.
   */
  readonly order: 'savings' | 'disruption-cost';
  /** Gate SpotToSpotConsolidation. */
  readonly spotToSpot: boolean;
  /** Gate NodeRepair. */
  readonly nodeRepair: boolean;
  /** Time that one simulated scheduling takes, for each node of the cluster. */
  readonly probeUsPerNode: number;
  /** PodDisruptionBudgets of the cluster. */
  readonly podBudgets: DisruptionBudgets | undefined;
  readonly planning: PlanningPolicy;
}

export const PLAIN_SETTINGS: KarpenterSettings = {
  civilStartUs: 0,
  order: 'savings',
  spotToSpot: false,
  nodeRepair: false,
  probeUsPerNode: 0,
  podBudgets: undefined,
  planning: PLAIN_PLANNING,
};
