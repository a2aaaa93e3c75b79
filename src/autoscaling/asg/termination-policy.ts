/**
 * Which hosts a group gives up, by the default termination policy of EC2 Auto Scaling.
 *
 * Order      1. the zone with the most hosts, among zones with an unprotected one (ties: lowest zone)
 *            2. there, the oldest: lowest row
 * Departs    all hosts of a group share one template and one purchase option, so the steps on mixed groups and outdated
 *            configurations choose nothing. "Closest to the next billing hour, then random" is replaced by oldest first:
 *            instances are billed by the second.
 * Source     aws.md 2.5.
 */

import { ZoneBalance } from './zone-balance.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

/** Up to `count` of `hosts` (in row order) in order of termination; fewer when the rest is protected from scale-in. */
export function chooseVictims(
  view: ClusterView,
  hosts: readonly number[],
  count: number,
  isProtected: (host: number) => boolean,
): number[] {
  const { zone } = view.hosts;
  const balance = new ZoneBalance(view, hosts);
  const open = hosts.filter((host) => !isProtected(host));
  const victims: number[] = [];
  while (victims.length < count && open.length > 0) {
    const fullest = balance.most([...new Set(open.map((host) => zone[host]!))]);
    const at = open.findIndex((host) => zone[host] === fullest);
    victims.push(open[at]!);
    open.splice(at, 1);
    balance.add(fullest, -1);
  }
  return victims;
}
