/**
 * Which hosts a group gives up, by the termination policies of EC2 Auto Scaling.
 *
 * Order      1. mixed groups: spot or on-demand, whatever brings the shares closer to their target
 *            2. of those, the zone with the most hosts of the group, among zones with an unprotected one (ties: lowest zone)
 *            3. there, the policies in turn; what they leave equal goes by age, the oldest first
 *
 *   default                        allocation strategy, then outdated configuration, then age
 *   allocation-strategy            what the strategy would not buy: the lowest in the list, or the dearest per unit of weight
 *   oldest-launch-template         what a refresh has left behind
 *   oldest-instance, newest-instance
 *   closest-to-next-instance-hour  the time since it runs, in the hour
 *
 * Departs    the default policy ends with "closest to the next billing hour, then random"; instances are billed by the second, so
 *            age decides. How much room a spot pool has is not known to the group, so of strategies by capacity only the price counts.
 * Source     aws.md 2.5. AZ balance comes before every policy.
 */

import { NOT_YET } from '../../cluster/hosts.ts';
import { US_PER_HOUR } from '../../base/units.ts';
import { ZoneBalance } from './zone-balance.ts';
import { givesUpSpot, isSpotHost } from './purchase-options.ts';
import type { AutoScalingGroup, TerminationPolicy } from './group.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Roster } from './roster.ts';

/** The higher, the sooner it goes. */
type Urgency = (host: number) => number;

/**
 * Hosts of `hosts` (in row order) to give up, in order, as long as what they hold is not more than `spare`; fewer when the rest
 * is protected from scale-in. `outdatedBeforeUs`: hosts asked for before then have an old configuration.
 */
export function chooseVictims(
  view: ClusterView,
  group: AutoScalingGroup,
  roster: Roster,
  hosts: readonly number[],
  spare: number,
  nowUs: number,
  outdatedBeforeUs: number,
): number[] {
  const { taskCount, zone } = view.hosts;
  const isProtected = (host: number) => group.protectBusyHosts && taskCount[host]! > 0;
  const order = urgencies(view, group, roster, nowUs, outdatedBeforeUs);
  const balance = new ZoneBalance(view, hosts);
  const open = hosts.filter((host) => !isProtected(host));
  let capacity = roster.capacity(hosts);
  let onDemand = roster.onDemand(hosts);
  let left = spare;
  const victims: number[] = [];
  while (open.length > 0) {
    const ofWay = open.filter(
      (host) => isSpotHost(view, host) === givesUpSpot(roster.mixed, onDemand, capacity),
    );
    const candidates = ofWay.length > 0 ? ofWay : open;
    const fullest = balance.most([...new Set(candidates.map((host) => zone[host]!))]);
    const victim = first(
      candidates.filter((host) => zone[host] === fullest),
      order,
    );
    const weight = roster.weightOf(victim);
    if (weight > left) break;
    victims.push(victim);
    open.splice(open.indexOf(victim), 1);
    balance.add(fullest, -1);
    capacity -= weight;
    left -= weight;
    if (!isSpotHost(view, victim)) onDemand -= weight;
  }
  return victims;
}

/** The most urgent; ties go to the oldest, which is the lowest row. */
function first(hosts: readonly number[], order: readonly Urgency[]): number {
  let best = hosts[0]!;
  for (const host of hosts) {
    const decides = order.find((urgency) => urgency(host) !== urgency(best));
    if (decides !== undefined && decides(host) > decides(best)) best = host;
  }
  return best;
}

function urgencies(
  view: ClusterView,
  { terminationPolicies = ['default'] }: AutoScalingGroup,
  roster: Roster,
  nowUs: number,
  outdatedBeforeUs: number,
): Urgency[] {
  const { requestedUs, runningUs } = view.hosts;
  const outdated: Urgency = (host) => Number(requestedUs[host]! < outdatedBeforeUs);
  const misfit = misalignment(view, roster);
  const of: Readonly<Record<TerminationPolicy, readonly Urgency[]>> = {
    default: [misfit, outdated],
    'allocation-strategy': [misfit],
    'oldest-launch-template': [outdated],
    'oldest-instance': [(host) => -host],
    'newest-instance': [(host) => host],
    'closest-to-next-instance-hour': [
      (host) => (runningUs[host] === NOT_YET ? 0 : (nowUs - runningUs[host]!) % US_PER_HOUR),
    ],
  };
  return terminationPolicies.flatMap((policy) => of[policy]);
}

/** How far a host is from what the group's strategy would buy now. */
function misalignment(view: ClusterView, roster: Roster): Urgency {
  const { types, onDemandStrategy, spotStrategy } = roster.mixed;
  if (types.length === 1) return () => 0;
  const place = new Map(types.map(({ name }, index) => [name, index]));
  return (host) => {
    const strategy = isSpotHost(view, host) ? spotStrategy : onDemandStrategy;
    const isByList = strategy === 'prioritized' || strategy === 'capacity-optimized-prioritized';
    if (isByList) return place.get(view.hostTypes[host]!) ?? types.length;
    const price = view.hosts.priceNanoUsdPerHour[host]!;
    return Number.isNaN(price) ? 0 : price / roster.weightOf(host);
  };
}
