/**
 * What a group that lacks capacity orders.
 *
 * Way      on demand or spot, by the share that the group should have (purchase-options.ts).
 * Zone     of those that are not avoided the one with the fewest of its hosts, ties to the lowest; with balanced-only nothing
 *          while a zone that has fewer than all open ones is avoided.
 * Type     EC2 chooses in that zone by the group's strategy (cloud/supply/allocation); a group of one type has no choice.
 * Weights  what EC2 chooses is not known before: as many are ordered as are needed if each were of the heaviest type. The group
 *          looks again when they are there, so it overshoots by less than one instance.
 * Source   aws.md 2.4, 2.7.
 */

import { ZoneBalance } from './zone-balance.ts';
import { isNextSpot } from './purchase-options.ts';
import type { Action, FleetRequest } from '../../orchestration/actions.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { AutoScalingGroup } from './group.ts';
import type { AvoidedZones } from './avoided-zones.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Roster } from './roster.ts';

/** Orders what is missing; `hosts` are those that stay. */
export function orderMissing(
  view: ClusterView,
  group: AutoScalingGroup,
  roster: Roster,
  hosts: readonly number[],
  missing: number,
  avoided: AvoidedZones,
  out: ActionBuffer,
): void {
  const { pool } = group;
  const { mixed, weightMax } = roster;
  const balance = new ZoneBalance(view, hosts);
  let capacity = roster.capacity(hosts);
  let onDemand = roster.onDemand(hosts);
  const tried = new Set<number>();
  const isShut = (zone: number, spot: boolean): boolean =>
    avoided.has(pool, zone, spot) || (tried.has(zone) && avoided.isFailing(pool, zone, spot));
  for (let left = missing; left > 0; left -= weightMax) {
    const spot = isNextSpot(mixed, onDemand, capacity);
    const zone = zoneFor(group, balance, (one) => isShut(one, spot));
    // Nothing is bought in the other way instead.
    if (zone === undefined) return;
    tried.add(zone);
    balance.add(zone, 1);
    capacity += weightMax;
    if (!spot) onDemand += weightMax;
    out.push(launchOf(view, group, roster, hosts, zone, spot));
  }
}

function zoneFor(
  { zones, balancedOnly = false }: AutoScalingGroup,
  balance: ZoneBalance,
  isAvoided: (zone: number) => boolean,
): number | undefined {
  const open = zones.filter((zone) => !isAvoided(zone));
  if (open.length === 0) return undefined;
  const zone = balance.fewest(open);
  return balancedOnly && balance.of(zone) > balance.of(balance.fewest(zones)) ? undefined : zone;
}

function launchOf(
  view: ClusterView,
  { pool }: AutoScalingGroup,
  { mixed }: Roster,
  hosts: readonly number[],
  zone: number,
  spot: boolean,
): Extract<Action, { kind: 'launch' }> {
  const { types, spotStrategy, onDemandStrategy, spotPools } = mixed;
  const launch = { kind: 'launch', pool, instanceType: types[0]!.name, zone, spot } as const;
  if (types.length === 1) return launch;
  const held = (type: string) =>
    hosts.filter((host) => view.hostTypes[host] === type && view.hosts.zone[host] === zone).length;
  const fleet: FleetRequest = {
    strategy: spot ? spotStrategy : onDemandStrategy,
    pools: spot ? spotPools : 1,
    offers: types.map(({ name, weight }) => ({
      instanceType: name,
      zone,
      weight,
      held: held(name),
    })),
  };
  return { ...launch, fleet };
}
