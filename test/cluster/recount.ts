/** What the ledger keeps incrementally, counted again from the task and host rows: its dull twin. */

import { FIRST_END_STATE, TASK_STATE } from '../../src/cluster/tasks.ts';
import { GPUS_PER_HOST_MAX, HOST_STATE, LAUNCH_TYPE, NO_ROW } from '../../src/cluster/hosts.ts';
import { MILLI_PER_GPU } from '../../src/base/units.ts';
import { WORKLOAD_KINDS } from '../../src/cluster/workloads.ts';
import type { Cluster } from '../../src/cluster/cluster.ts';

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');

function count(length: number, holds: (row: number) => boolean): number {
  return Array.from({ length }, (_, row) => row).filter(holds).length;
}

function isInside({ tasks }: Cluster, task: number): boolean {
  return tasks.state[task]! > TASK_STATE.pending && tasks.state[task]! < FIRST_END_STATE;
}

function recountHost(cluster: Cluster, host: number) {
  const { hosts, tasks, specs, workloads } = cluster;
  const bound = Array.from({ length: tasks.count }, (_, task) => task).filter(
    (task) => isInside(cluster, task) && tasks.host[task] === host,
  );
  const sum = (of: (task: number) => number) => bound.reduce((total, task) => total + of(task), 0);
  const daemonCount = sum((task) => Number(workloads.kind[tasks.workload[task]!] === DAEMON));
  return {
    cpuFree: hosts.cpuAllocatable[host]! - sum((task) => specs.cpuTicks[tasks.spec[task]!]!),
    memoryFree:
      hosts.memoryAllocatable[host]! - sum((task) => specs.memoryBytes[tasks.spec[task]!]!),
    slotsFree: hosts.slotsAllocatable[host]! - bound.length,
    gpuFree: Array.from({ length: GPUS_PER_HOST_MAX }, (_, device) => {
      const whole = device < hosts.gpuCount[host]! ? MILLI_PER_GPU : 0;
      const holds = (task: number) => (tasks.gpuMask[task]! >> device) & 1;
      return whole - sum((task) => holds(task) * specs.gpuMilli[tasks.spec[task]!]!);
    }),
    taskCount: bound.length - daemonCount,
    daemonCount,
    // The list has the latest bind first; its order is not recounted.
    tasks: bound,
  };
}

function keptOfHost({ hosts, tasks }: Cluster, host: number) {
  const list: number[] = [];
  let previous: number = NO_ROW;
  for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
    if (tasks.previousOnHost[task] !== previous) throw new Error(`task ${task} is linked wrongly`);
    list.push(task);
    previous = task;
  }
  return {
    cpuFree: hosts.cpuFree[host]!,
    memoryFree: hosts.memoryFree[host]!,
    slotsFree: hosts.slotsFree[host]!,
    gpuFree: [...hosts.gpuFree.subarray(host * GPUS_PER_HOST_MAX, (host + 1) * GPUS_PER_HOST_MAX)],
    taskCount: hosts.taskCount[host]!,
    daemonCount: hosts.daemonCount[host]!,
    tasks: list.sort((a, b) => a - b),
  };
}

function recountWorkload(cluster: Cluster, workload: number) {
  const { tasks } = cluster;
  const mine = (holds: (task: number) => boolean) =>
    count(tasks.count, (task) => tasks.workload[task] === workload && holds(task));
  // Spreading on Kubernetes looks past pods that are terminating.
  const isSpreadBy = (task: number) =>
    isInside(cluster, task) &&
    (tasks.stopping[task] === 0 ||
      cluster.orchestrators[cluster.workloads.cluster[workload]!] !== 'kubernetes');
  const stays = (task: number) => isInside(cluster, task) && tasks.stopping[task] === 0;
  return {
    submitted: mine(() => true),
    pending: mine((task) => tasks.state[task] === TASK_STATE.pending),
    bound: mine(stays),
    ready: mine((task) => stays(task) && tasks.isReady[task] === 1),
    stopping: mine((task) => isInside(cluster, task) && tasks.stopping[task] === 1),
    onHost: Array.from({ length: cluster.hosts.count }, (_, host) =>
      mine((task) => isSpreadBy(task) && tasks.host[task] === host),
    ),
    inZone: cluster.zones.map((_, zone) =>
      mine((task) => isSpreadBy(task) && cluster.hosts.zone[tasks.host[task]!] === zone),
    ),
  };
}

function keptOfWorkload({ workloads, counts, hosts, zones }: Cluster, workload: number) {
  return {
    submitted: workloads.submitted[workload]!,
    pending: workloads.pending[workload]!,
    bound: workloads.bound[workload]!,
    ready: workloads.ready[workload]!,
    stopping: workloads.stopping[workload]!,
    onHost: Array.from({ length: hosts.count }, (_, host) => counts.onHost(workload, host)),
    inZone: zones.map((_, zone) => counts.inZone(workload, zone)),
  };
}

function recountTotals(cluster: Cluster) {
  const { hosts, tasks, workloads } = cluster;
  const counts = (task: number) => workloads.kind[tasks.workload[task]!] !== DAEMON;
  const isPending = (task: number) => tasks.state[task] === TASK_STATE.pending;
  const totals = { cpuAllocatable: 0, memoryAllocatable: 0, cpuRequested: 0, memoryRequested: 0 };
  for (let host = 0; host < hosts.count; host++) {
    const state = hosts.state[host];
    if (state !== HOST_STATE.ready && state !== HOST_STATE.draining) continue;
    const { cpuFree, memoryFree } = recountHost(cluster, host);
    totals.cpuAllocatable += hosts.cpuAllocatable[host]!;
    totals.memoryAllocatable += hosts.memoryAllocatable[host]!;
    totals.cpuRequested += hosts.cpuAllocatable[host]! - cpuFree;
    totals.memoryRequested += hosts.memoryAllocatable[host]! - memoryFree;
  }
  const up: readonly number[] = [HOST_STATE.running, HOST_STATE.ready, HOST_STATE.draining];
  return {
    ...totals,
    hostsUp: count(
      hosts.count,
      (host) => hosts.launchType[host] !== LAUNCH_TYPE.fargate && up.includes(hosts.state[host]!),
    ),
    tasksPending: count(tasks.count, (task) => counts(task) && isPending(task)),
    tasksInside: count(tasks.count, (task) => counts(task) && isInside(cluster, task)),
  };
}

function each<T>(length: number, of: (row: number) => T): T[] {
  return Array.from({ length }, (_, row) => of(row));
}

export function recount(cluster: Cluster) {
  return {
    hosts: each(cluster.hosts.count, (host) => recountHost(cluster, host)),
    workloads: each(cluster.workloads.count, (workload) => recountWorkload(cluster, workload)),
    totals: recountTotals(cluster),
  };
}

export function kept(cluster: Cluster): ReturnType<typeof recount> {
  return {
    hosts: each(cluster.hosts.count, (host) => keptOfHost(cluster, host)),
    workloads: each(cluster.workloads.count, (workload) => keptOfWorkload(cluster, workload)),
    totals: cluster.totals.save(),
  };
}
