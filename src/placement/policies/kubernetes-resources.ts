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
 *            A resource that the host has nothing of is not balanced: b = 100.
 * Skipped    BalancedAllocation leaves out a task that requests neither: every host scores the same (0; 1.36: 75).
 * Units      milli-cores and bytes, as the real one counts; integers 0 to 100, a sum of two up to 200.
 * Ties       the next policy of the list, then the tie rule.
 * Departs    bound tasks with a request of 0 are not given the non-zero default here; kube-scheduler's default profile adds it.
 */

import { MIB, TICKS_PER_MILLI } from '../../base/units.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { FreeBox, PlacementRequest, PolicyKind } from '../policy.ts';

const CPU_WHEN_ABSENT_MILLI = 100;
const MEMORY_WHEN_ABSENT_BYTES = 200 * MIB;
const SCORE_MAX = 100;

/** A power of two, so that multiplying by it is exact. */
const MILLI_PER_TICK = 1 / TICKS_PER_MILLI;

export function cpuMilli(ticks: number): number {
  return Math.ceil(ticks * MILLI_PER_TICK);
}

/** What a task that asks for so much counts as for LeastAllocated and MostAllocated, milli-cores. */
export function cpuCountedMilli(cpuTicks: number): number {
  return cpuTicks === 0 ? CPU_WHEN_ABSENT_MILLI : cpuMilli(cpuTicks);
}

/** The same of memory. */
export function memoryCountedBytes(memoryBytes: number): number {
  return memoryBytes === 0 ? MEMORY_WHEN_ABSENT_BYTES : memoryBytes;
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
    cpuMilli(hosts.cpuAllocatable[host]! - hosts.cpuFree[host]!) + cpuCountedMilli(cpuTicks);
  room.memory = hosts.memoryAllocatable[host]!;
  room.memoryUsed = room.memory - hosts.memoryFree[host]! + memoryCountedBytes(memoryBytes);
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
  const cpuAsked = cpuCountedMilli(cpuTicks);
  const memory = hosts.memoryAllocatable[host]!;
  const memoryAsked = memoryCountedBytes(memoryBytes);
  return Math.trunc(
    (leastOf(cpuMilli(hosts.cpuAllocatable[host]!), cpuBound + cpuAsked) +
      leastOf(memory, memory - hosts.memoryFree[host]! + memoryAsked)) /
      2,
  );
}

/** The same where tasks count as more than they ask for: so much of what is bound, and so much of the task itself. */
export function leastAllocatedOf(
  host: number,
  { hosts }: ClusterView,
  more: { readonly cpuMilli: number; readonly memoryBytes: number },
  asked: { readonly cpuMilli: number; readonly memoryBytes: number },
): number {
  const cpuBound = cpuMilli(hosts.cpuAllocatable[host]! - hosts.cpuFree[host]!) + more.cpuMilli;
  const memory = hosts.memoryAllocatable[host]!;
  const memoryBound = memory - hosts.memoryFree[host]! + more.memoryBytes;
  return Math.trunc(
    (leastOf(cpuMilli(hosts.cpuAllocatable[host]!), cpuBound + asked.cpuMilli) +
      leastOf(memory, memoryBound + asked.memoryBytes)) /
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
  const before = balance(cpuBound, cpu, memoryBound, memory);
  const after = balance(
    cpuBound + cpuMilli(specs.cpuTicks[spec]!),
    cpu,
    memoryBound + specs.memoryBytes[spec]!,
    memory,
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
    cpuMilli(cpu - hosts.cpuFree[host]!) + cpuMilli(cpuTicks),
    cpuMilli(cpu),
    memory - hosts.memoryFree[host]! + memoryBytes,
    memory,
  );
}

function balance(cpuUsed: number, cpu: number, memoryUsed: number, memory: number): number {
  if (cpu === 0 || memory === 0) return SCORE_MAX;
  const difference = Math.abs(Math.min(1, cpuUsed / cpu) - Math.min(1, memoryUsed / memory));
  return Math.trunc((1 - difference / 2) * SCORE_MAX);
}

/** More than rounding to milli-cores and floating point move a sum or a difference of shares. */
function roundingOf(cpu: number): number {
  return 3 / cpu + 1e-9;
}

/** The most that LeastAllocated gives in a box: where most is free, by each resource and by the sum of shares. */
function leastAllocatedBound(
  box: FreeBox,
  { spec }: PlacementRequest,
  { specs }: ClusterView,
): number {
  const cpu = cpuMilli(box.cpuAllocatable);
  const cpuBound = cpuMilli(box.cpuAllocatable - box.cpuFreeMax);
  const cpuAsked = cpuCountedMilli(specs.cpuTicks[spec]!);
  const memory = box.memoryAllocatable;
  const memoryAsked = memoryCountedBytes(specs.memoryBytes[spec]!);
  const byCorner =
    (leastOf(cpu, cpuBound + cpuAsked) +
      leastOf(memory, memory - box.memoryFreeMax + memoryAsked)) /
    2;
  // A default in place of nothing asked may exceed what is free; that score is cut off at 0.
  const hasDefault = specs.cpuTicks[spec] === 0 || specs.memoryBytes[spec] === 0;
  if (hasDefault || cpu === 0 || memory === 0) return Math.trunc(byCorner);
  const left = box.shareSumMax - cpuAsked / cpu - memoryAsked / memory + roundingOf(cpu);
  return Math.trunc(Math.min(byCorner, (left * SCORE_MAX) / 2));
}

/** The most that MostAllocated gives in a box. */
function mostAllocatedBound(
  box: FreeBox,
  { spec }: PlacementRequest,
  { specs }: ClusterView,
): number {
  const cpu = cpuMilli(box.cpuAllocatable);
  const cpuBound = cpuMilli(box.cpuAllocatable - box.cpuFreeMin);
  const cpuAsked = cpuCountedMilli(specs.cpuTicks[spec]!);
  const memory = box.memoryAllocatable;
  const memoryAsked = memoryCountedBytes(specs.memoryBytes[spec]!);
  const byCorner =
    (mostOf(cpu, cpuBound + cpuAsked) + mostOf(memory, memory - box.memoryFreeMin + memoryAsked)) /
    2;
  if (cpu === 0 || memory === 0) return Math.trunc(byCorner);
  const inUse = 2 - box.shareSumMin + cpuAsked / cpu + memoryAsked / memory + roundingOf(cpu);
  return Math.trunc(Math.min(byCorner, (inUse * SCORE_MAX) / 2));
}

/** The extremes of `balance` in a box with so much more in use: where the shares differ least, and where they differ most. */
function balanceIn(box: FreeBox, cpuMore: number, memoryMore: number, extreme: 'most' | 'least') {
  const cpu = cpuMilli(box.cpuAllocatable);
  const memory = box.memoryAllocatable;
  if (cpu === 0 || memory === 0) return SCORE_MAX;
  const change = cpuMore / cpu - memoryMore / memory;
  const rounding = roundingOf(cpu);
  const low = box.shareGapMin - change - rounding;
  const high = box.shareGapMax - change + rounding;
  const difference = extreme === 'most' ? Math.max(0, low, -high) : Math.max(high, -low);
  return Math.trunc((1 - difference / 2) * SCORE_MAX);
}

function balancedBound(box: FreeBox, { spec }: PlacementRequest, { specs }: ClusterView): number {
  const before = balanceIn(box, 0, 0, 'least');
  const after = balanceIn(box, cpuMilli(specs.cpuTicks[spec]!), specs.memoryBytes[spec]!, 'most');
  return 50 + Math.trunc((50 + after - before) / 2);
}

function balancedBound135(
  box: FreeBox,
  { spec }: PlacementRequest,
  { specs }: ClusterView,
): number {
  return balanceIn(box, cpuMilli(specs.cpuTicks[spec]!), specs.memoryBytes[spec]!, 'most');
}

export const leastAllocated: PolicyKind = {
  name: 'least-allocated',
  summary: "kube-scheduler's LeastAllocated over CPU and memory",
  parameters: {},
  create: () => ({
    hostLocal: true,
    formula: { allocated: 'least', balanced: 'none' },
    bound: leastAllocatedBound,
    score: leastAllocatedScore,
  }),
};

export const mostAllocated: PolicyKind = {
  name: 'most-allocated',
  summary: "kube-scheduler's MostAllocated over CPU and memory",
  parameters: {},
  create: () => ({
    hostLocal: true,
    formula: { allocated: 'most', balanced: 'none' },
    bound: mostAllocatedBound,
    score(host, request, view) {
      roomWithTask(host, request, view);
      return Math.trunc(
        (mostOf(room.cpu, room.cpuUsed) + mostOf(room.memory, room.memoryUsed)) / 2,
      );
    },
  }),
};

interface Balanced {
  readonly version: '1.36' | '1.35';
  readonly score: typeof balancedScore;
  readonly bound: typeof balancedBound;
}

/** `version` as the parameter has it. */
function balancedOf(version: string | undefined): Balanced {
  return version === undefined || version === '1.36'
    ? { version: '1.36', score: balancedScore, bound: balancedBound }
    : { version: '1.35', score: balancedScore135, bound: balancedBound135 };
}

export const balancedAllocation: PolicyKind = {
  name: 'balanced-allocation',
  summary: "kube-scheduler's BalancedAllocation of CPU and memory, of version 1.36 or up to 1.35",
  parameters: { version: ['1.36', '1.35'] },
  create: (parameters) => {
    const { version, score, bound } = balancedOf(parameters['version']);
    return { hostLocal: true, formula: { allocated: 'none', balanced: version }, bound, score };
  },
};

export const leastAllocatedBalanced: PolicyKind = {
  name: 'least-allocated-balanced',
  summary: "kube-scheduler's LeastAllocated plus BalancedAllocation",
  parameters: { version: ['1.36', '1.35', '1.34'] },
  create: (parameters) => {
    const { version, score, bound } = balancedOf(parameters['version']);
    return {
      hostLocal: true,
      formula: { allocated: 'least', balanced: version },
      bound: (box, request, view) =>
        leastAllocatedBound(box, request, view) + bound(box, request, view),
      score: (host, request, view) =>
        leastAllocatedScore(host, request, view) + score(host, request, view),
    };
  },
};
