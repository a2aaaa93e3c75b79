/** From the columns of a finished run to the rows of its hosts. */

import { CAPACITY_TYPES, LAUNCH_TYPE, LAUNCH_TYPES, NOT_YET } from '../cluster/hosts.ts';
import { terminationReasons } from '../base/reason-code.ts';
import { isFailedLaunch } from '../cluster/launch-failure.ts';
import { hostBilledUs } from './billing-time.ts';
import { ticksToMilli } from '../base/units.ts';
import type { Bill } from './bill.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { HostRow, RunKey } from './rows.ts';

/** A time column's value, or null for one that has not come. */
function time(us: number): number | null {
  return us === NOT_YET ? null : us;
}

export function hostRowOf(
  view: ClusterView,
  key: RunKey,
  host: number,
  bill: Bill,
  endUs: number,
): HostRow {
  const { hosts } = view;
  const price = bill.hostNanoUsd(host);
  return {
    ...key,
    host: view.hostNames[host]!,
    instanceType: view.hostTypes[host]!,
    capacityType: CAPACITY_TYPES[hosts.capacityType[host]! as 0 | 1 | 2 | 3],
    zone: view.zones[hosts.zone[host]!]!,
    requestedUs: hosts.requestedUs[host]!,
    runningUs: time(hosts.runningUs[host]!),
    readyUs: time(hosts.readyUs[host]!),
    terminatedUs: time(hosts.terminatedUs[host]!),
    terminationReason:
      hosts.terminatedUs[host] === NOT_YET
        ? 'end-of-run'
        : terminationReasons.wordOf(hosts.terminationReason[host]!),
    cpuMilli: ticksToMilli(hosts.cpuCapacity[host]!),
    memoryBytes: hosts.memoryCapacity[host]!,
    priceNanoUsdPerHour: Number.isNaN(price) ? null : price,
    billedUs: hostBilledUs(view, host, endUs),
    costMicroUsd: bill.hostMicroUsd[host]!,
    cpuUtilization: hostUtilization(view, host, endUs),
    launchType: LAUNCH_TYPES[hosts.launchType[host]! as 0 | 1 | 2],
    pool: view.pools.descriptions[hosts.pool[host]!]!.name,
  };
}

/** Bound CPU over allocatable, time-weighted from ready to the end. */
function hostUtilization({ hosts }: ClusterView, host: number, endUs: number): number | null {
  const readyUs = hosts.readyUs[host]!;
  if (readyUs === NOT_YET || hosts.cpuAllocatable[host] === 0) return null;
  const stopUs = hosts.terminatedUs[host] === NOT_YET ? endUs : hosts.terminatedUs[host]!;
  if (stopUs <= readyUs) return null;
  const sinceUs = Math.max(hosts.accountedUs[host]!, readyUs);
  const bound = hosts.cpuAllocatable[host]! - hosts.cpuFree[host]!;
  const tickUs = hosts.cpuBoundTickUs[host]! + bound * Math.max(0, stopUs - sinceUs);
  return tickUs / (hosts.cpuAllocatable[host]! * (stopUs - readyUs));
}

/** Hosts that came during the run: own hosts, micro-VMs and launches that failed apart. */
export function hostsLaunched(view: ClusterView): number {
  const { hosts } = view;
  let count = 0;
  for (let host = 0; host < hosts.count; host++) {
    if (hosts.launchType[host] === LAUNCH_TYPE.ec2 && !isFailedLaunch(view, host)) count++;
  }
  return count;
}
