/**
 * How much longer a container takes to start because its host has too little CPU for all.
 *
 *     factor = CPU that it would use while it starts / CPU that it gets, at least 1
 *
 * Gets     its share by weight among what the tasks of the host ask for at the moment (runtime/cpu-share.ts).
 * Departs  looked at once, when the container starts: load that comes or goes while it starts changes nothing.
 */

import { NO_ROW } from '../cluster/hosts.ts';
import { cpuWeight } from '../runtime/cpu-weight.ts';
import { shareCpu } from '../runtime/cpu-share.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Usage } from './usage.ts';

export function startFactor(cluster: Cluster, usage: Usage, task: number, nowUs: number): number {
  const { tasks, hosts, specs } = cluster;
  const { startupTicks = 0 } = specs.at(tasks.spec[task]!).usage;
  if (startupTicks === 0) return 1;
  const host = tasks.host[task]!;
  const demands: number[] = [];
  const weights: number[] = [];
  let own = 0;
  let asked = 0;
  for (let other = hosts.firstTask[host]!; other !== NO_ROW; other = tasks.nextOnHost[other]!) {
    if (other === task) own = demands.length;
    const demand = usage.demandTicks(other, nowUs);
    asked += demand;
    demands.push(demand);
    weights.push(cpuWeight(specs.cpuTicks[tasks.spec[other]!]!));
  }
  const capacity = hosts.cpuCapacity[host]!;
  if (asked <= capacity) return 1;
  const granted: number[] = [];
  shareCpu(capacity, demands, weights, demands.length, granted);
  return Math.max(1, demands[own]! / Math.max(1, granted[own]!));
}
