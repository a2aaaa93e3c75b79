/** Placement over host objects: each filter and each score a function, every host asked, the first of the best taken. */

import type { LoopPolicy } from './loop-scenario.ts';
import type { Template } from '../placement/load.ts';

export interface TwinHost {
  readonly id: number;
  readonly cpu: { readonly all: number; free: number };
  readonly memory: { readonly all: number; free: number };
  gpusFree: number;
}

type Filter = (host: TwinHost, task: Template) => boolean;
type Score = (host: TwinHost, task: Template) => number;

const FILTERS: readonly Filter[] = [
  ({ cpu }, { cpuMilli }) => cpu.free >= cpuMilli,
  ({ memory }, { memoryBytes }) => memory.free >= memoryBytes,
  ({ gpusFree }, { gpus }) => gpusFree >= gpus,
];

const leastAllocated: Score = ({ cpu, memory }, { cpuMilli, memoryBytes }) =>
  Math.floor(
    (Math.floor(((cpu.free - cpuMilli) * 100) / cpu.all) +
      Math.floor(((memory.free - memoryBytes) * 100) / memory.all)) /
      2,
  );

const balanced: Score = ({ cpu, memory }, { cpuMilli, memoryBytes }) => {
  const cpuShare = (cpu.all - cpu.free + cpuMilli) / cpu.all;
  const memoryShare = (memory.all - memory.free + memoryBytes) / memory.all;
  return Math.floor((1 - Math.abs(cpuShare - memoryShare) / 2) * 100);
};

const SCORES: Readonly<Record<LoopPolicy, readonly Score[]>> = {
  'first-fit': [],
  'least-allocated-balanced': [leastAllocated, balanced],
};

export function chooseHost(
  policy: LoopPolicy,
  hosts: readonly TwinHost[],
  task: Template,
): TwinHost | undefined {
  const fits = (host: TwinHost): boolean => FILTERS.every((filter) => filter(host, task));
  const scores = SCORES[policy];
  if (scores.length === 0) return hosts.find(fits);
  let best: TwinHost | undefined;
  let highest = -1;
  for (const host of hosts) {
    if (!fits(host)) continue;
    const sum = scores.reduce((total, score) => total + score(host, task), 0);
    if (sum > highest) {
      best = host;
      highest = sum;
    }
  }
  return best;
}
