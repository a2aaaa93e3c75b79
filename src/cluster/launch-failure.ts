/**
 * A host that was asked for and never ran: EC2 refused it, or its zone went out while it was pending. Whoever launches hosts
 * sees it as a host that leaves without having run.
 */

import { NOT_YET } from './hosts.ts';
import { terminationReasons } from '../base/reason-code.ts';
import type { ClusterView } from './cluster.ts';
import type { TerminationReason } from '../base/reasons.ts';

const REFUSALS: readonly TerminationReason[] = [
  'insufficient-capacity',
  'quota-reached',
  'no-address',
];
const REFUSED = new Set(REFUSALS.map((word) => terminationReasons.codeOf(word)));
const LAUNCH_FAILED = terminationReasons.codeOf('launch-failed');

/** EC2 said no, or is about to: the answer is on its way while the host is still launching. */
export function isRefusedLaunch({ hosts }: Pick<ClusterView, 'hosts'>, host: number): boolean {
  return hosts.runningUs[host] === NOT_YET && REFUSED.has(hosts.terminationReason[host]!);
}

export function isFailedLaunch(view: Pick<ClusterView, 'hosts'>, host: number): boolean {
  const { hosts } = view;
  if (hosts.runningUs[host] !== NOT_YET) return false;
  return hosts.terminationReason[host] === LAUNCH_FAILED || isRefusedLaunch(view, host);
}

/** The refusal does not belong to one pool of capacity: another type or zone would be refused too. */
export function isAccountWide({ hosts }: Pick<ClusterView, 'hosts'>, host: number): boolean {
  return terminationReasons.wordOf(hosts.terminationReason[host]!) === 'quota-reached';
}
