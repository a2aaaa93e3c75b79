/**
 * Each policy three times: as the engine has it, as objects and functions, and as a formula over columns. The formulas are
 * written from the policies' definitions, not from their code.
 */

import { bestFit, worstFit } from '../../src/placement/policies/best-fit.ts';
import { binpack } from '../../src/placement/policies/binpack.ts';
import { firstFit } from '../../src/placement/policies/first-fit.ts';
import { leastAllocatedBalanced } from '../../src/placement/policies/kubernetes-resources.ts';
import { spread } from '../../src/placement/policies/spread.ts';
import type { PolicyKind, ScorePolicy } from '../../src/placement/policy.ts';
import type { Template } from './load.ts';

export interface NaiveNode {
  readonly id: number;
  readonly zone: string;
  readonly capacity: { readonly cpu: number; readonly memory: number };
  readonly free: { cpu: number; memory: number; gpu: number; pods: number };
  /** Tasks by template: each template is a workload of its own. */
  readonly tasks: Map<number, number>;
}

export interface NaiveCluster {
  /** Tasks of each template in each zone. */
  readonly inZone: Map<string, number>[];
}

/** Higher is better. */
type NaiveScore = (
  node: NaiveNode,
  template: Template,
  number: number,
  cluster: NaiveCluster,
) => number;

/** Free and all of CPU (milli-cores) and memory of one host, and what is asked; higher is better. */
export type ColumnScore = (
  cpuFree: number,
  cpuAll: number,
  memoryFree: number,
  memoryAll: number,
  cpu: number,
  memory: number,
) => number;

export interface Contestant {
  readonly name: string;
  readonly policies: readonly ScorePolicy[];
  readonly naive: readonly NaiveScore[];
  /** Undefined where the scan has a loop of its own. */
  readonly scan: ColumnScore | 'first' | 'spread' | 'random';
}

function policy(kind: PolicyKind, parameters: Readonly<Record<string, string>> = {}): ScorePolicy {
  return { name: kind.name, ...kind.create(parameters) };
}

const leastAllocatedBalancedScan: ColumnScore = (cpuFree, cpuAll, memFree, memAll, cpu, mem) => {
  const cpuLeft = Math.trunc(((cpuFree - cpu) * 100) / cpuAll);
  const memLeft = Math.trunc(((memFree - mem) * 100) / memAll);
  const cpuUsed = cpuAll - cpuFree;
  const memUsed = memAll - memFree;
  const before = Math.trunc((1 - Math.abs(cpuUsed / cpuAll - memUsed / memAll) / 2) * 100);
  const after = Math.trunc(
    (1 - Math.abs((cpuUsed + cpu) / cpuAll - (memUsed + mem) / memAll) / 2) * 100,
  );
  return ((cpuLeft + memLeft) >> 1) + 50 + Math.trunc((50 + after - before) / 2);
};

const naiveLeastAllocated: NaiveScore = ({ free, capacity }, { cpuMilli, memoryBytes }) => {
  const cpu = Math.floor(((free.cpu - cpuMilli) * 100) / capacity.cpu);
  const memory = Math.floor(((free.memory - memoryBytes) * 100) / capacity.memory);
  return Math.floor((cpu + memory) / 2);
};

const naiveBalanced: NaiveScore = ({ free, capacity }, { cpuMilli, memoryBytes }) => {
  const balance = (cpu: number, memory: number): number =>
    Math.floor((1 - Math.abs(cpu / capacity.cpu - memory / capacity.memory) / 2) * 100);
  const used = { cpu: capacity.cpu - free.cpu, memory: capacity.memory - free.memory };
  const before = balance(used.cpu, used.memory);
  const after = balance(used.cpu + cpuMilli, used.memory + memoryBytes);
  return 50 + Math.trunc((50 + after - before) / 2);
};

const own: ScorePolicy = {
  name: 'own',
  hostLocal: true,
  // What a user would write: how much of the dominant resource is free after placement, in thousandths.
  score: (host, { spec }, { hosts, specs }) =>
    Math.floor(
      1_000 *
        Math.min(
          (hosts.cpuFree[host]! - specs.cpuTicks[spec]!) / hosts.cpuAllocatable[host]!,
          (hosts.memoryFree[host]! - specs.memoryBytes[spec]!) / hosts.memoryAllocatable[host]!,
        ),
    ),
};

export const CONTESTANTS: readonly Contestant[] = [
  { name: 'first-fit', policies: [policy(firstFit)], naive: [], scan: 'first' },
  {
    name: 'least-allocated-balanced',
    policies: [policy(leastAllocatedBalanced)],
    naive: [(...a) => naiveLeastAllocated(...a) + naiveBalanced(...a)],
    scan: leastAllocatedBalancedScan,
  },
  {
    name: 'worst-fit',
    policies: [policy(worstFit, { resource: 'cpu' })],
    naive: [({ free, capacity }) => Math.floor((free.cpu * 1_000_000) / capacity.cpu)],
    scan: (cpuFree, cpuAll) => Math.floor((cpuFree * 1_000_000) / cpuAll),
  },
  {
    name: 'best-fit',
    policies: [policy(bestFit, { resource: 'cpu' })],
    naive: [({ free, capacity }) => -Math.floor((free.cpu * 1_000_000) / capacity.cpu)],
    scan: (cpuFree, cpuAll) => -Math.floor((cpuFree * 1_000_000) / cpuAll),
  },
  {
    name: 'binpack-cpu',
    policies: [policy(binpack, { resource: 'cpu' })],
    naive: [({ free }) => -free.cpu],
    scan: (cpuFree) => -cpuFree,
  },
  {
    name: 'binpack-memory',
    policies: [policy(binpack, { resource: 'memory' })],
    naive: [({ free }) => -free.memory],
    scan: (_cpuFree, _cpuAll, memoryFree) => -memoryFree,
  },
  {
    name: 'spread',
    policies: [policy(spread, { field: 'zone' }), policy(spread, { field: 'instance' })],
    naive: [
      ({ zone }, _template, number, { inZone }) => -(inZone[number]!.get(zone) ?? 0),
      ({ tasks }, _template, number) => -(tasks.get(number) ?? 0),
    ],
    scan: 'spread',
  },
  { name: 'random', policies: [], naive: [], scan: 'random' },
  {
    name: 'own-policy',
    policies: [own],
    naive: [
      ({ free, capacity }, { cpuMilli, memoryBytes }) =>
        Math.floor(
          1_000 *
            Math.min(
              (free.cpu - cpuMilli) / capacity.cpu,
              (free.memory - memoryBytes) / capacity.memory,
            ),
        ),
    ],
    scan: (cpuFree, cpuAll, memoryFree, memoryAll, cpu, memory) =>
      Math.floor(1_000 * Math.min((cpuFree - cpu) / cpuAll, (memoryFree - memory) / memoryAll)),
  },
];
