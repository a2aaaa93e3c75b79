/**
 * The host-local half of kube-scheduler's default scores (kubernetes.md 1.9), in its integers.
 *
 *     LeastAllocated   mean over cpu, memory of (cap - used) * 100 div cap, 0 when used > cap
 *     MostAllocated    mean of used * 100 div cap, used clamped to cap
 *     Balanced <=1.35  b(with),  b(x) = int((1 - |f_cpu - f_mem| / 2) * 100), f = share in use, at most 1
 *     Balanced 1.36    50 + (50 + b(with) - b(without)) div 2: 50 to 100, 75 neutral
 *
 * used       what is bound plus the task's own request. A request of 0 counts as 100 m / 200 MiB for Least and Most
 *            (the scheduler's non-zero request), as 0 for Balanced.
 * Skipped    BalancedAllocation leaves out a task that requests neither: every host scores the same (0; 1.36: 75).
 * Units      milli-cores and bytes, as the real one counts; integers 0 to 100, a sum of two up to 200.
 * Ties       the next policy of the list, then the tie rule.
 * Departs    bound tasks with a request of 0 are not given the non-zero default; daemons and tasks state their requests.
 */

import { MIB, TICKS_PER_MILLI } from '../../base/units.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { PlacementRequest, PolicyKind } from '../policy.ts';

const CPU_WHEN_ABSENT_MILLI = 100;
const MEMORY_WHEN_ABSENT_BYTES = 200 * MIB;
const SCORE_MAX = 100;

/** A power of two, so that multiplying by it is exact. */
const MILLI_PER_TICK = 1 / TICKS_PER_MILLI;

function cpuMilli(ticks: number): number {
  return Math.ceil(ticks * MILLI_PER_TICK);
}

/** Allocatable of one host, and what would be in use there with the task, milli-cores and bytes. */
export interface Room {
  readonly cpu: number;
  readonly cpuUsed: number;
  readonly memory: number;
  readonly memoryUsed: number;
}

/** Filled once per score, never kept. */
const room = { cpu: 0, cpuUsed: 0, memory: 0, memoryUsed: 0 };

/** Valid until the next call. */
export function roomWithTask(host: number, { spec }: PlacementRequest, view: ClusterView): Room {
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
  return room;
}

function leastOf(capacity: number, used: number): number {
  if (capacity === 0 || used > capacity) return 0;
  return Math.trunc(((capacity - used) * SCORE_MAX) / capacity);
}

function mostOf(capacity: number, used: number): number {
  if (capacity === 0) return 0;
  return Math.trunc((Math.min(used, capacity) * SCORE_MAX) / capacity);
}

/** Mean of LeastAllocated over CPU and memory, 0 to 100. In plain numbers: an index asks millions of times. */
export function leastAllocatedScore(
  host: number,
  { spec }: PlacementRequest,
  { hosts, specs }: ClusterView,
): number {
  const cpuTicks = specs.cpuTicks[spec]!;
  const memoryBytes = specs.memoryBytes[spec]!;
  const cpuBound = cpuMilli(hosts.cpuAllocatable[host]! - hosts.cpuFree[host]!);
  const cpuAsked = cpuTicks === 0 ? CPU_WHEN_ABSENT_MILLI : cpuMilli(cpuTicks);
  const memory = hosts.memoryAllocatable[host]!;
  const memoryAsked = memoryBytes === 0 ? MEMORY_WHEN_ABSENT_BYTES : memoryBytes;
  return Math.trunc(
    (leastOf(cpuMilli(hosts.cpuAllocatable[host]!), cpuBound + cpuAsked) +
      leastOf(memory, memory - hosts.memoryFree[host]! + memoryAsked)) /
      2,
  );
}

/** NodeResourcesBalancedAllocation of version 1.36, 50 to 100; 75 is neutral. */
export function balancedScore(
  host: number,
  { spec }: PlacementRequest,
  { hosts, specs }: ClusterView,
): number {
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

/** NodeResourcesBalancedAllocation of versions up to 1.35, 0 to 100. */
function balancedScore135(host: number, request: PlacementRequest, view: ClusterView): number {
  const { hosts, specs } = view;
  const cpuTicks = specs.cpuTicks[request.spec]!;
  const memoryBytes = specs.memoryBytes[request.spec]!;
  if (cpuTicks === 0 && memoryBytes === 0) return 0;
  const cpu = hosts.cpuAllocatable[host]!;
  const memory = hosts.memoryAllocatable[host]!;
  return balance(
    (cpuMilli(cpu - hosts.cpuFree[host]!) + cpuMilli(cpuTicks)) / cpuMilli(cpu),
    (memory - hosts.memoryFree[host]! + memoryBytes) / memory,
  );
}

function balance(cpuShare: number, memoryShare: number): number {
  const difference = Math.abs(Math.min(1, cpuShare) - Math.min(1, memoryShare));
  return Math.trunc((1 - difference / 2) * SCORE_MAX);
}

export const leastAllocated: PolicyKind = {
  name: 'least-allocated',
  summary: "kube-scheduler's LeastAllocated over CPU and memory",
  parameters: {},
  create: () => ({ hostLocal: true, score: leastAllocatedScore }),
};

export const mostAllocated: PolicyKind = {
  name: 'most-allocated',
  summary: "kube-scheduler's MostAllocated over CPU and memory",
  parameters: {},
  create: () => ({
    hostLocal: true,
    score(host, request, view) {
      roomWithTask(host, request, view);
      return Math.trunc(
        (mostOf(room.cpu, room.cpuUsed) + mostOf(room.memory, room.memoryUsed)) / 2,
      );
    },
  }),
};

function balancedOf(version: string | undefined): typeof balancedScore {
  return version === '1.35' ? balancedScore135 : balancedScore;
}

export const balancedAllocation: PolicyKind = {
  name: 'balanced-allocation',
  summary: "kube-scheduler's BalancedAllocation of CPU and memory, of version 1.36 or up to 1.35",
  parameters: { version: ['1.36', '1.35'] },
  create: ({ version }) => ({ hostLocal: true, score: balancedOf(version) }),
};

export const leastAllocatedBalanced: PolicyKind = {
  name: 'least-allocated-balanced',
  summary: "kube-scheduler's LeastAllocated plus BalancedAllocation, every host scored",
  parameters: { version: ['1.36', '1.35'] },
  create: ({ version }) => {
    const balanced = balancedOf(version);
    return {
      hostLocal: true,
      score: (host, request, view) =>
        leastAllocatedScore(host, request, view) + balanced(host, request, view),
    };
  },
};
