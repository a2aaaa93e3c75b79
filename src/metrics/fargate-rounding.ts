/** How Fargate rounded the sizes that were asked for: one sentence a workload and size (aws.md 4.1). */

import { GIB, MIB, TICKS_PER_CORE } from '../base/units.ts';
import { LAUNCH_TYPE, NO_ROW } from '../cluster/hosts.ts';
import type { ClusterView } from '../cluster/cluster.ts';

export function fargateRounding(view: ClusterView): string[] {
  const { tasks, hosts, specs, workloads } = view;
  const sentences = new Set<string>();
  for (let task = 0; task < tasks.count; task++) {
    const host = tasks.host[task]!;
    if (host === NO_ROW || hosts.launchType[host] !== LAUNCH_TYPE.fargate) continue;
    const spec = tasks.spec[task]!;
    const cpuTicks = specs.cpuTicks[spec]!;
    const memoryBytes = specs.memoryBytes[spec]!;
    const isExact =
      hosts.cpuCapacity[host] === cpuTicks && hosts.memoryCapacity[host] === memoryBytes;
    if (isExact) continue;
    const asked = `${cpuTicks / TICKS_PER_CORE} vCPU and ${memoryBytes / MIB} MiB`;
    const sold = `${hosts.cpuCapacity[host]! / TICKS_PER_CORE} vCPU and ${hosts.memoryCapacity[host]! / GIB} GiB`;
    sentences.add(
      `${workloads.names[tasks.workload[task]!]} asks for ${asked}; Fargate runs it as ${sold}`,
    );
  }
  return summarised([...sentences]);
}

const SENTENCES_MAX = 50;

/** Jobs of drawn sizes have a sentence each: the first ones stand for them. */
function summarised(sentences: readonly string[]): string[] {
  if (sentences.length <= SENTENCES_MAX) return [...sentences];
  const more = sentences.length - SENTENCES_MAX;
  return [...sentences.slice(0, SENTENCES_MAX), `and ${more} more sizes that Fargate rounds up`];
}
