/** From the pools `asg` of all clusters to their Auto Scaling groups, and to what sizes them by policies of their own. */

import { AutoScalingGroups } from '../../autoscaling/asg/auto-scaling-group.ts';
import { GroupScaling } from '../../autoscaling/asg/scaling/group-scaling.ts';
import { US_PER_MINUTE } from '../../base/units.ts';
import { loopPhaseUs } from '../../random/loop-phase.ts';
import { zoneRow } from './world.ts';
import type { AsgPool } from '../schema-pools.ts';
import type { AutoScalingGroup } from '../../autoscaling/asg/group.ts';
import type { Controller } from '../../orchestration/controller.ts';
import type { Pools } from './pools.ts';
import type { ResolvedVariant } from '../experiment.ts';
import type { UsageProbe } from '../../telemetry/usage-probe.ts';
import type { World } from './world.ts';

/** One controller keeps all groups, and one runs their policies where there are any. */
export function autoScalingGroups(world: World, pools: Pools, probe: UsageProbe): Controller[] {
  const { variant, cluster, parameters, seed } = world;
  const all = variant.clusters.flatMap((settings, row) =>
    settings.pools
      .filter((pool): pool is AsgPool => pool.kind === 'asg')
      .map((pool) => ({ settings: pool, pool: pools.rowOf[row]!.get(pool.name)! })),
  );
  if (all.length === 0) return [];
  const scaled = all.flatMap(({ settings: { scaling }, pool }) =>
    scaling.policies.length + scaling.schedule.length === 0 ? [] : [{ ...scaling, pool }],
  );
  const phaseUs = loopPhaseUs(seed, 'group-scaling', 0, US_PER_MINUTE);
  const groups = all.map(({ settings, pool }) => groupOf(world, pool, settings));
  return [
    ...(scaled.length === 0 ? [] : [new GroupScaling(cluster, probe, scaled, parameters, phaseUs)]),
    new AutoScalingGroups(cluster, groups, parameters),
  ];
}

/** By pool row. */
export function heedsRiskOf({ clusters }: ResolvedVariant, { rowOf }: Pools): boolean[] {
  const heeds: boolean[] = [];
  for (const [cluster, { pools }] of clusters.entries()) {
    for (const pool of pools) {
      if (pool.kind === 'asg') heeds[rowOf[cluster]!.get(pool.name)!] = pool.capacityRebalance;
    }
  }
  return heeds;
}

function groupOf(world: World, pool: number, settings: AsgPool): AutoScalingGroup {
  const { zones = world.variant.scenario.zones, maintenance, refreshes } = settings;
  return {
    pool,
    zones: zones.map((zone) => zoneRow(world, zone)),
    protectBusyHosts: settings.managedScaling?.terminationProtection ?? false,
    instances: settings.instances,
    balancedOnly: settings.zoneDistribution === 'balanced-only',
    rebalanceZones: settings.zoneRebalance,
    capacityRebalance: settings.capacityRebalance,
    terminationPolicies: settings.terminationPolicies,
    ...(maintenance === undefined ? {} : { maintenance }),
    lifetimeUs: settings.lifetimeUs,
    refreshes,
  };
}
