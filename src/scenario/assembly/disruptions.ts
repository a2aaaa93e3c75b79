/** From the list `disruptions` to processes by pool and outages by zone. */

import { zoneRow } from './world.ts';
import type { HostFailureProcess } from '../../disruption/host-failure.ts';
import type { Retirement } from '../../orchestration/platform-retirement.ts';
import type { LinkLoss } from '../../disruption/link-loss.ts';
import type { World } from './world.ts';
import type { ZoneOutage } from '../../disruption/zone-outage.ts';

/** By pool row; of several entries for a pool the last counts. */
export function hostFailuresOf(world: World): (HostFailureProcess | undefined)[] {
  const { descriptions } = world.cluster.pools;
  const out: (HostFailureProcess | undefined)[] = descriptions.map(() => undefined);
  for (const entry of world.variant.scenario.disruptions) {
    if (entry.kind !== 'host-failure') continue;
    for (const [row, { kind, name }] of descriptions.entries()) {
      const isMeant = entry.pools?.includes(name) ?? true;
      if (!kind.startsWith('fargate') && isMeant) out[row] = entry.process;
    }
  }
  return out;
}

export function retirementsOf(world: World): Retirement[] {
  return world.variant.scenario.disruptions
    .flatMap((entry) => (entry.kind === 'fargate-retirement' ? [entry] : []))
    .sort((a, b) => a.atUs - b.atUs);
}

export function outagesOf(world: World): ZoneOutage[] {
  return world.variant.scenario.disruptions.flatMap((entry) =>
    entry.kind === 'zone-outage'
      ? [{ zone: zoneRow(world, entry.zone), fromUs: entry.fromUs, untilUs: entry.untilUs }]
      : [],
  );
}

export function linkLossesOf(world: World): LinkLoss[] {
  const { descriptions } = world.cluster.pools;
  return world.variant.scenario.disruptions.flatMap((entry) => {
    if (entry.kind !== 'link-loss') return [];
    const pools = descriptions.flatMap(({ kind, name }, row) =>
      kind === 'external' && (entry.pools?.includes(name) ?? true) ? [row] : [],
    );
    const zone = entry.zone === undefined ? {} : { zone: zoneRow(world, entry.zone) };
    return [{ pools, ...zone, fromUs: entry.fromUs, untilUs: entry.untilUs }];
  });
}
