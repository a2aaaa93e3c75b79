/** From a pool `asg` to what its Auto Scaling group is told. */

import { zoneRow } from './world.ts';
import type { AsgPool } from '../schema-pools.ts';
import type { AutoScalingGroup } from '../../autoscaling/asg/group.ts';
import type { World } from './world.ts';

export function groupOf(world: World, pool: number, settings: AsgPool): AutoScalingGroup {
  const { zones = world.variant.scenario.zones, maintenance, refreshes } = settings;
  return {
    pool,
    zones: zones.map((zone) => zoneRow(world, zone)),
    protectBusyHosts: settings.managedScaling !== undefined,
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
