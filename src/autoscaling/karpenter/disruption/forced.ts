/**
 * Nodes that go by force, whatever budgets and pods say and without a replacement beforehand.
 *
 * Expired     at expireAfter since they were asked for.
 * Overdue     not running 5 minutes after they were asked for, or not joined after 15.
 * Unhealthy   silent for 30 minutes, where node repair is on and at most 20 % of the pool's nodes (rounded up) are so; where
 *             more are, it looks again after 5 minutes.
 * Source      aws.md 1.16, 1.22.
 */

import { HOST_STATE } from '../../../cluster/hosts.ts';
import { NEVER, US_PER_MINUTE } from '../../../base/units.ts';
import type { Provisioner } from '../provisioner.ts';
import type { TerminationReason } from '../../../base/reasons.ts';

const LAUNCH_TIMEOUT_US = 5 * US_PER_MINUTE;
const REGISTRATION_TIMEOUT_US = 15 * US_PER_MINUTE;
const SILENT_US = 30 * US_PER_MINUTE;
const REPAIR_RETRY_US = 5 * US_PER_MINUTE;
const UNHEALTHY_PERCENT = 20;

export interface Forced {
  /** In row order. */
  readonly hosts: readonly { readonly host: number; readonly reason: TerminationReason }[];
  /** When to look again; NEVER when only a change could bring another. */
  readonly nextUs: number;
}

/** `silentSinceUs` by host: when it stopped answering; empty where nodes are not repaired. */
export function forcedEnds(
  provisioner: Provisioner,
  leaving: ReadonlySet<number>,
  silentSinceUs: ReadonlyMap<number, number>,
  nowUs: number,
): Forced {
  const { hosts } = provisioner.view;
  const found: { host: number; reason: TerminationReason }[] = [];
  let nextUs = NEVER;
  for (const host of provisioner.hostsUpTo(HOST_STATE.ready)) {
    const config = provisioner.configOf(host);
    if (config === undefined) continue;
    const requestedUs = hosts.requestedUs[host]!;
    const expiresUs = leaving.has(host) ? NEVER : requestedUs + config.expireAfterUs;
    const overdueUs =
      hosts.state[host] === HOST_STATE.launching
        ? requestedUs + LAUNCH_TIMEOUT_US
        : hosts.state[host] === HOST_STATE.running
          ? requestedUs + REGISTRATION_TIMEOUT_US
          : NEVER;
    const brokenUs = (silentSinceUs.get(host) ?? NEVER) + SILENT_US;
    if (expiresUs <= nowUs) found.push({ host, reason: 'expired' });
    else if (overdueUs <= nowUs) found.push({ host, reason: 'launch-failed' });
    else if (brokenUs <= nowUs) {
      if (mayRepair(provisioner, config.pool, silentSinceUs)) {
        found.push({ host, reason: 'unhealthy' });
      } else nextUs = Math.min(nextUs, nowUs + REPAIR_RETRY_US);
    } else nextUs = Math.min(nextUs, expiresUs, overdueUs, brokenUs);
  }
  return { hosts: found, nextUs };
}

function mayRepair(
  provisioner: Provisioner,
  pool: number,
  silent: ReadonlyMap<number, number>,
): boolean {
  const own = provisioner
    .hostsUpTo(HOST_STATE.draining)
    .filter((host) => provisioner.view.hosts.pool[host] === pool)
    .filter((host) => provisioner.view.hosts.state[host]! >= HOST_STATE.ready);
  const unhealthy = own.filter((host) => silent.has(host)).length;
  return unhealthy <= Math.ceil((UNHEALTHY_PERCENT * own.length) / 100);
}
