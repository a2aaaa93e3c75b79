/**
 * From when to when a host is billed, and for how long.
 *
 *   EC2        from `running` to the terminate call, whole seconds, at least 60 s; spot taken back in its first hour is free
 *   Fargate    from the start of the image pull (the micro-VM is ready), whole seconds, at least 60 s, 5 min on Windows
 *   external   while it is there
 * Source     aws.md 2.1, 4.4. Open hosts are billed to the end of the run.
 */

import { CAPACITY_TYPE, LAUNCH_TYPE, NOT_YET } from '../cluster/hosts.ts';
import { US_PER_MINUTE } from '../base/units.ts';
import { billedUs, spotBilledUs } from '../cloud/billing.ts';
import { terminationReasons } from '../base/reason-code.ts';
import type { ClusterView } from '../cluster/cluster.ts';

const FARGATE_WINDOWS_LEAST_US = 5 * US_PER_MINUTE;

/** Start of billing, or NOT_YET when it never began. */
export function billingStartUs({ hosts }: ClusterView, host: number): number {
  switch (hosts.launchType[host]) {
    case LAUNCH_TYPE.fargate:
      return hosts.readyUs[host]!;
    case LAUNCH_TYPE.external:
      return hosts.requestedUs[host]!;
    default:
      return hosts.runningUs[host]!;
  }
}

export function hostBilledUs(view: ClusterView, host: number, endUs: number): number {
  const { hosts } = view;
  const startUs = billingStartUs(view, host);
  if (startUs === NOT_YET) return 0;
  const stopUs = hosts.terminatedUs[host] === NOT_YET ? endUs : hosts.terminatedUs[host]!;
  if (hosts.launchType[host] === LAUNCH_TYPE.external) return stopUs - startUs;
  const isSpotInstance =
    hosts.launchType[host] === LAUNCH_TYPE.ec2 && hosts.capacityType[host] === CAPACITY_TYPE.spot;
  if (!isSpotInstance) return billedUs(startUs, stopUs, leastUs(view, host));
  const reason = terminationReasons.wordOf(hosts.terminationReason[host]!);
  return spotBilledUs(startUs, stopUs, reason === 'spot-interruption');
}

function leastUs({ hosts, pools }: ClusterView, host: number): number | undefined {
  const isWindows = pools.descriptions[hosts.pool[host]!]?.fargate?.os === 'windows';
  return isWindows ? FARGATE_WINDOWS_LEAST_US : undefined;
}
