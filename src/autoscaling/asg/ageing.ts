/**
 * Hosts that are too old: beyond the group's maximum lifetime, or from before a refresh that has begun (aws.md 2.9).
 *
 * Refresh    every host that was asked for before its time; one refresh follows the other.
 * Departs    no checkpoints, no rollback, and hosts that match the new configuration already are replaced too (skip matching is
 *            off, as by API).
 */

import { HOST_STATE, NOT_YET } from '../../cluster/hosts.ts';
import { NEVER } from '../../base/units.ts';
import type { AutoScalingGroup } from './group.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Replacements } from './replacements.ts';

/** Marks the hosts of a group that are due; the time at which the next one is. */
export function markTheOld(
  view: ClusterView,
  group: AutoScalingGroup,
  hosts: readonly number[],
  replacements: Replacements,
  nowUs: number,
): number {
  const { lifetimeUs = NEVER, refreshes = [] } = group;
  const { requestedUs, runningUs, state } = view.hosts;
  let nextUs = NEVER;
  for (const refresh of refreshes) {
    if (refresh.atUs > nowUs) {
      nextUs = Math.min(nextUs, refresh.atUs);
      continue;
    }
    for (const host of hosts) {
      if (requestedUs[host]! >= refresh.atUs) continue;
      replacements.mark(host, 'refreshed', refresh, refresh.warmupUs);
    }
  }
  if (lifetimeUs === NEVER) return nextUs;
  for (const host of hosts) {
    if (state[host]! > HOST_STATE.ready || runningUs[host] === NOT_YET) continue;
    const dueUs = runningUs[host]! + lifetimeUs;
    if (dueUs <= nowUs) replacements.mark(host, 'expired');
    else nextUs = Math.min(nextUs, dueUs);
  }
  return nextUs;
}

/** Hosts from before then have an old configuration. */
export function outdatedBeforeUs({ refreshes = [] }: AutoScalingGroup, nowUs: number): number {
  return refreshes.reduce(
    (latest, { atUs }) => (atUs <= nowUs ? Math.max(latest, atUs) : latest),
    0,
  );
}
