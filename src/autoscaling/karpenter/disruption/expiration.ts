/** Nodes that reach expireAfter go, whatever budgets say and without a replacement beforehand (aws.md 1.22). */

import { HOST_STATE } from '../../../cluster/hosts.ts';
import { NEVER } from '../../../base/units.ts';
import type { Provisioner } from '../provisioner.ts';

export interface Expiry {
  /** Hosts that are too old now, in row order. */
  readonly hosts: readonly number[];
  /** When the next of the others will be; NEVER when none. */
  readonly nextUs: number;
}

export function expiryOf(
  provisioner: Provisioner,
  leaving: ReadonlySet<number>,
  nowUs: number,
): Expiry {
  const hosts: number[] = [];
  let nextUs = NEVER;
  for (const host of provisioner.hostsUpTo(HOST_STATE.ready)) {
    const config = provisioner.configOf(host);
    if (config === undefined || leaving.has(host)) continue;
    const expiresUs = provisioner.view.hosts.requestedUs[host]! + config.expireAfterUs;
    if (expiresUs <= nowUs) hosts.push(host);
    else nextUs = Math.min(nextUs, expiresUs);
  }
  return { hosts, nextUs };
}
