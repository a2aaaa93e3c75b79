/**
 * The host-local half of kube-scheduler's default scores (kubernetes.md 1.9), in its integers.
 *
 *     LeastAllocated   mean over cpu, memory of (cap - used) * 100 div cap, 0 when used > cap
 *     MostAllocated    mean of used * 100 div cap, used clamped to cap
 *     Balanced 1.36    50 + (50 + b(with) - b(without)) div 2,  b(x) = int((1 - |f_cpu - f_mem| / 2) * 100)
 *
 * used       what is bound plus the task's own request. A request of 0 counts as 100 m / 200 MiB for Least and Most
 *            (the scheduler's non-zero request), as 0 for Balanced.
 * Units      milli-cores and bytes, as the real one counts.
 * Departs    bound tasks with a request of 0 are not given the non-zero default; daemons and tasks state their requests.
 */

import { MIB, TICKS_PER_MILLI } from '../../base/units.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { PlacementRequest, PolicyKind } from '../policy.ts';

const CPU_WHEN_ABSENT_MILLI = 100;
const MEMORY_WHEN_ABSENT_BYTES = 200 * MIB;
const SCORE_MAX = 100;

function cpuMilli(ticks: number): number {
  return Math.ceil(ticks / TICKS_PER_MILLI);
}

/** Allocatable and used-with-the-task of one host. Filled once per score, never kept. */
const room = { cpu: 0, cpuUsed: 0, memory: 0, memoryUsed: 0 };

function measure(host: number, { spec }: PlacementRequest, view: ClusterView): void {
  const { hosts, specs } = view;
  const cpuTicks = specs.cpuTicks[spec]!;
  const memoryBytes = specs.memoryBytes[spec]!;
  room.cpu = cpuMilli(hosts.cpuAllocatable[host]!);
  room.cpuUsed =
    cpuMilli(hosts.cpuAllocatable[host]! - hosts.cpuFree[host]!) +
    (cpuTicks === 0 ? CPU_WHEN_ABSENT_MILLI : cpuMilli(cpuTicks));
  room.memory = hosts.memoryAllocatable[host]!;
  room.memoryUsed =
    room.memory -
    hosts.memoryFree[host]! +
    (memoryBytes === 0 ? MEMORY_WHEN_ABSENT_BYTES : memoryBytes);
}

function leastOf(capacity: number, used: number): number {
  if (capacity === 0 || used > capacity) return 0;
  return Math.trunc(((capacity - used) * SCORE_MAX) / capacity);
}

function mostOf(capacity: number, used: number): number {
  if (capacity === 0) return 0;
  return Math.trunc((Math.min(used, capacity) * SCORE_MAX) / capacity);
}

/** Mean of LeastAllocated over CPU and memory, 0 to 100. */
export function leastAllocatedScore(
  host: number,
  request: PlacementRequest,
  view: ClusterView,
): number {
  measure(host, request, view);
  return Math.trunc((leastOf(room.cpu, room.cpuUsed) + leastOf(room.memory, room.memoryUsed)) / 2);
}

/** NodeResourcesBalancedAllocation of version 1.36, 50 to 100; 75 is neutral. */
export function balancedScore(host: number, { spec }: PlacementRequest, view: ClusterView): number {
  const { hosts, specs } = view;
  const cpu = cpuMilli(hosts.cpuAllocatable[host]!);
  const memory = hosts.memoryAllocatable[host]!;
  const cpuBound = cpuMilli(hosts.cpuAllocatable[host]! - hosts.cpuFree[host]!);
  const memoryBound = memory - hosts.memoryFree[host]!;
  const before = balance(cpuBound / cpu, memoryBound / memory);
  const after = balance(
    (cpuBound + cpuMilli(specs.cpuTicks[spec]!)) / cpu,
    (memoryBound + specs.memoryBytes[spec]!) / memory,
  );
  return 50 + Math.trunc((50 + after - before) / 2);
}

function balance(cpuShare: number, memoryShare: number): number {
  const difference = Math.abs(Math.min(1, cpuShare) - Math.min(1, memoryShare));
  return Math.trunc((1 - difference / 2) * SCORE_MAX);
}

export const leastAllocated: PolicyKind = {
  name: 'least-allocated',
  summary: "kube-scheduler's LeastAllocated over CPU and memory",
  parameters: {},
  create: () => ({ score: leastAllocatedScore }),
};

export const mostAllocated: PolicyKind = {
  name: 'most-allocated',
  summary: "kube-scheduler's MostAllocated over CPU and memory",
  parameters: {},
  create: () => ({
    score(host, request, view) {
      measure(host, request, view);
      return Math.trunc(
        (mostOf(room.cpu, room.cpuUsed) + mostOf(room.memory, room.memoryUsed)) / 2,
      );
    },
  }),
};

export const leastAllocatedBalanced: PolicyKind = {
  name: 'least-allocated-balanced',
  summary: "kube-scheduler's LeastAllocated plus BalancedAllocation (1.36), every host scored",
  parameters: {},
  create: () => ({
    score: (host, request, view) =>
      leastAllocatedScore(host, request, view) + balancedScore(host, request, view),
  }),
};
