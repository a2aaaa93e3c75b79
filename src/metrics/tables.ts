/** From the columns of a finished run to the rows of its tables. */

import { CAPACITY_TYPES, LAUNCH_TYPE, LAUNCH_TYPES, NOT_YET, NO_ROW } from '../cluster/hosts.ts';
import { FIRST_END_STATE } from '../cluster/tasks.ts';
import { TASK_STATES } from '../base/reasons.ts';
import { WORKLOAD_KINDS } from '../cluster/workloads.ts';
import { endReasons, pendingReasons, terminationReasons } from '../base/reason-code.ts';
import { hostBilledUs } from './billing-time.ts';
import { ticksToMilli } from '../base/units.ts';
import { waitUs } from './task-facts.ts';
import type { Bill } from './bill.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { CostRow, HostRow, TaskRow } from './rows.ts';

/** Which run a row belongs to. */
export interface RunKey {
  readonly variant: string;
  readonly seed: string;
}

/** A time column's value, or null for one that has not come. */
function time(us: number): number | null {
  return us === NOT_YET ? null : us;
}

/** A row that `fillTaskRow` may write: every field is there from the start, so that its shape never changes. */
export type WritableTaskRow = { -readonly [K in keyof TaskRow]: TaskRow[K] };

export function emptyTaskRow({ variant, seed }: RunKey): WritableTaskRow {
  return {
    variant,
    seed,
    task: '',
    workload: '',
    kind: 'job',
    orchestrator: '',
    launchType: '',
    zone: '',
    host: '',
    instanceType: '',
    cpuMilli: 0,
    memoryBytes: 0,
    gpuMilli: 0,
    submittedUs: 0,
    placedUs: null,
    pulledUs: null,
    startedUs: null,
    readyUs: null,
    finishedUs: null,
    waitUs: null,
    state: 'pending',
    origin: '',
    attempts: 0,
    reason: '',
  };
}

export function fillTaskRow(
  row: WritableTaskRow,
  view: ClusterView,
  task: number,
  endUs: number,
): void {
  const { tasks, hosts, specs, workloads } = view;
  const spec = tasks.spec[task]!;
  const host = tasks.host[task]!;
  const workload = tasks.workload[task]!;
  const isOver = tasks.state[task]! >= FIRST_END_STATE;
  const isPlaced = host !== NO_ROW;
  row.task = `task-${tasks.number[task]}`;
  row.workload = workloads.names[workload]!;
  row.kind = WORKLOAD_KINDS[workloads.kind[workload]!]!;
  row.orchestrator = view.orchestrators[tasks.cluster[task]!]!;
  row.launchType = isPlaced ? LAUNCH_TYPES[hosts.launchType[host]! as 0 | 1 | 2] : '';
  row.zone = isPlaced ? view.zones[hosts.zone[host]!]! : '';
  row.host = isPlaced ? view.hostNames[host]! : '';
  row.instanceType = isPlaced ? view.hostTypes[host]! : '';
  row.cpuMilli = ticksToMilli(specs.cpuTicks[spec]!);
  row.memoryBytes = specs.memoryBytes[spec]!;
  row.gpuMilli = specs.gpuCount[spec]! * specs.gpuMilli[spec]!;
  row.submittedUs = tasks.submittedUs[task]!;
  row.placedUs = time(tasks.placedUs[task]!);
  row.pulledUs = time(tasks.pulledUs[task]!);
  row.startedUs = time(tasks.startedUs[task]!);
  row.readyUs = time(tasks.readyUs[task]!);
  row.finishedUs = time(tasks.finishedUs[task]!);
  row.waitUs = waitUs(view, task, endUs);
  row.state = TASK_STATES[tasks.state[task]!]!.word;
  row.origin = `task-${tasks.origin[task]}`;
  row.attempts = tasks.attempts[task]!;
  if (isOver) row.reason = endReasons.wordOf(tasks.reason[task]!);
  else row.reason = isPlaced ? '' : pendingReasons.wordOf(tasks.reason[task]!);
}

export function hostRowOf(
  view: ClusterView,
  key: RunKey,
  host: number,
  bill: Bill,
  endUs: number,
): HostRow {
  const { hosts } = view;
  const price = hosts.priceNanoUsdPerHour[host]!;
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

export function costRowsOf(key: RunKey, bill: Bill): CostRow[] {
  return bill.lines.map(
    ({ workload, item, resource, numerator, denominator, unit, priceNanoUsd, costMicroUsd }) => ({
      ...key,
      workload,
      item,
      resource,
      quantity: numerator / denominator,
      unit,
      priceNanoUsd,
      costMicroUsd,
    }),
  );
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

/** Hosts that came during the run: own hosts and micro-VMs apart. */
export function hostsLaunched({ hosts }: ClusterView): number {
  let count = 0;
  for (let host = 0; host < hosts.count; host++) {
    if (hosts.launchType[host] === LAUNCH_TYPE.ec2) count++;
  }
  return count;
}
