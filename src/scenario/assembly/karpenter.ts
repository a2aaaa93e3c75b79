/** Karpenter of a cluster, from its keys and its pools. */

import { Karpenter } from '../../autoscaling/karpenter/karpenter.ts';
import { US_PER_SECOND } from '../../base/units.ts';
import { loopPhaseUs } from '../../random/loop-phase.ts';
import { surroundingsOf } from './scheduler-profiles.ts';
import type { Controller } from '../../orchestration/controller.ts';
import type { DisruptionBudgets } from '../../orchestration/kubernetes/controllers/disruption-budgets.ts';
import type { KarpenterKeys } from '../schema-karpenter.ts';
import type { NodePoolConfig } from '../../autoscaling/karpenter/config.ts';
import type { World } from './world.ts';

const LOOP_US = 10 * US_PER_SECOND;

/** Empty for a cluster without NodePools. */
export function karpenterOf(
  world: World,
  cluster: number,
  keys: KarpenterKeys,
  nodePools: readonly NodePoolConfig[],
  podBudgets: DisruptionBudgets,
): Controller[] {
  if (nodePools.length === 0) return [];
  const settings = {
    civilStartUs: world.variant.scenario.startUs,
    order: keys.version === '1.13' ? 'disruption-cost' : 'savings',
    spotToSpot: keys.spotToSpotConsolidation,
    nodeRepair: keys.nodeRepair,
    probeUsPerNode: world.parameters.get('karpenter.probe-us-per-node'),
    podBudgets,
    planning: {
      ignoresPreferences: keys.preferencePolicy === 'Ignore',
      isBestEffort: keys.minValuesPolicy === 'BestEffort',
      namespaces: surroundingsOf(world).namespaces,
    },
  } as const;
  const phaseUs = loopPhaseUs(world.seed, 'karpenter', cluster, LOOP_US);
  return [new Karpenter(world.cluster, cluster, nodePools, world.market, phaseUs, settings)];
}
