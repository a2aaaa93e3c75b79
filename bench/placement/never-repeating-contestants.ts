/**
 * The policies of the benchmark of requests that never repeat: as the engine has them, and as formulas over columns that are
 * written from the definitions.
 */

import { GIB } from '../../src/base/units.ts';
import { alignment } from '../../src/placement/policies/alignment.ts';
import { bestFit, worstFit } from '../../src/placement/policies/best-fit.ts';
import { binpack } from '../../src/placement/policies/binpack.ts';
import { dotProduct } from '../../src/placement/policies/dot-product.ts';
import { firstFit } from '../../src/placement/policies/first-fit.ts';
import {
  leastAllocated,
  leastAllocatedBalanced,
  mostAllocated,
} from '../../src/placement/policies/kubernetes-resources.ts';
import { requestedToCapacityRatio } from '../../src/placement/policies/requested-to-capacity-ratio.ts';
import type { PolicyKind, ScorePolicy } from '../../src/placement/policy.ts';
import type { ColumnScore, Contestant } from './contestants.ts';

const MILLION = 1_000_000;

function share(part: number, all: number): number {
  return Math.trunc((part * 100) / all);
}

function balance(cpuShare: number, memoryShare: number): number {
  return Math.trunc((1 - Math.abs(cpuShare - memoryShare) / 2) * 100);
}

const least: ColumnScore = (cpuFree, cpuAll, memoryFree, memoryAll, cpu, memory) =>
  (share(cpuFree - cpu, cpuAll) + share(memoryFree - memory, memoryAll)) >> 1;

const most: ColumnScore = (cpuFree, cpuAll, memoryFree, memoryAll, cpu, memory) =>
  (share(cpuAll - cpuFree + cpu, cpuAll) + share(memoryAll - memoryFree + memory, memoryAll)) >> 1;

const leastBalanced: ColumnScore = (cpuFree, cpuAll, memoryFree, memoryAll, cpu, memory) => {
  const cpuUsed = cpuAll - cpuFree;
  const memoryUsed = memoryAll - memoryFree;
  const before = balance(cpuUsed / cpuAll, memoryUsed / memoryAll);
  const after = balance((cpuUsed + cpu) / cpuAll, (memoryUsed + memory) / memoryAll);
  const improvement = Math.trunc((50 + after - before) / 2);
  return least(cpuFree, cpuAll, memoryFree, memoryAll, cpu, memory) + 50 + improvement;
};

const leastBalanced135: ColumnScore = (cpuFree, cpuAll, memoryFree, memoryAll, cpu, memory) =>
  least(cpuFree, cpuAll, memoryFree, memoryAll, cpu, memory) +
  balance((cpuAll - cpuFree + cpu) / cpuAll, (memoryAll - memoryFree + memory) / memoryAll);

/** The line from 0 % at 0 to 100 % at 100: a utilisation is its score, and 0 is left out of the mean. */
const ratio: ColumnScore = (cpuFree, cpuAll, memoryFree, memoryAll, cpu, memory) => {
  const cpuScore = share(cpuAll - cpuFree + cpu, cpuAll);
  const memoryScore = share(memoryAll - memoryFree + memory, memoryAll);
  const weight = (cpuScore > 0 ? 1 : 0) + (memoryScore > 0 ? 1 : 0);
  return weight === 0 ? 0 : Math.round((cpuScore + memoryScore) / weight);
};

const UNIT_BYTES = 4 * GIB;
const product: ColumnScore = (cpuFree, _cpuAll, memoryFree, _memoryAll, cpu, memory) =>
  Math.floor(
    MILLION *
      ((cpu / 1_000) * (cpuFree / 1_000) + (memory / UNIT_BYTES) * (memoryFree / UNIT_BYTES)),
  );

const aligned: ColumnScore = (cpuFree, cpuAll, memoryFree, memoryAll, cpu, memory) =>
  Math.floor(
    MILLION *
      ((cpu / cpuAll) * (cpuFree / cpuAll) + (memory / memoryAll) * (memoryFree / memoryAll)),
  );

/** What a user would write: how much of the scarcer resource is left, in thousandths. */
const own: ScorePolicy = {
  name: 'own',
  hostLocal: true,
  trend: { cpuFree: 'rises', memoryFree: 'rises' },
  score: (host, { spec }, { hosts, specs }) =>
    Math.floor(
      1_000 *
        Math.min(
          (hosts.cpuFree[host]! - specs.cpuTicks[spec]!) / hosts.cpuAllocatable[host]!,
          (hosts.memoryFree[host]! - specs.memoryBytes[spec]!) / hosts.memoryAllocatable[host]!,
        ),
    ),
};

const scarcest: ColumnScore = (cpuFree, cpuAll, memoryFree, memoryAll, cpu, memory) =>
  Math.floor(1_000 * Math.min((cpuFree - cpu) / cpuAll, (memoryFree - memory) / memoryAll));

function contestant(
  name: string,
  scan: Contestant['scan'],
  kind: PolicyKind,
  parameters: Readonly<Record<string, string>> = {},
): Contestant {
  const defaults = Object.entries(kind.parameters).map(([key, [first]]) => [key, first!]);
  const all = { ...Object.fromEntries(defaults), ...parameters } as Record<string, string>;
  return { name, scan, naive: [], policies: [{ name, ...kind.create(all) }] };
}

export const UNLIKE_CONTESTANTS: readonly Contestant[] = [
  contestant('first-fit', 'first', firstFit),
  contestant('best-fit', (free, all) => -Math.floor((free * MILLION) / all), bestFit),
  contestant('worst-fit', (free, all) => Math.floor((free * MILLION) / all), worstFit),
  contestant('binpack-cpu', (free) => -free, binpack),
  contestant('binpack-memory', (_cpuFree, _cpuAll, free) => -free, binpack, { resource: 'memory' }),
  contestant('least-allocated', least, leastAllocated),
  contestant('most-allocated', most, mostAllocated),
  contestant('least-allocated-balanced', leastBalanced, leastAllocatedBalanced),
  contestant('least-allocated-balanced-1.35', leastBalanced135, leastAllocatedBalanced, {
    version: '1.35',
  }),
  contestant('requested-to-capacity-ratio', ratio, requestedToCapacityRatio),
  contestant('dot-product', product, dotProduct),
  contestant('alignment', aligned, alignment),
  { name: 'own-policy', scan: scarcest, naive: [], policies: [own] },
];
