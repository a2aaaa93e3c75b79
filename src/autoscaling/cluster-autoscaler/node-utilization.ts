/**
 * How much of a node is requested: max(cpu, memory) of requested / allocatable, on GPU nodes that of the GPUs alone.
 *
 * Daemons count, unless they are to be ignored: then neither what they request counts nor what they leave no room for. Pods
 * placed in thought count: the snapshot is asked.
 * Departs   pods that take longer to end than they may are not left out.
 * Source    kubernetes.md 5.6 Eligibility, 5.0.
 */

import { GPUS_PER_HOST_MAX, NO_ROW } from '../../cluster/hosts.ts';
import { MILLI_PER_GPU } from '../../base/units.ts';
import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');
const NOTHING = { cpuTicks: 0, memoryBytes: 0 };

/** 0 to 1, of a node that is a host. */
export function nodeUtilization(
  view: ClusterView,
  snapshot: ClusterSnapshot,
  node: number,
  ignoresDaemons: boolean,
): number {
  const { hosts } = view;
  const host = snapshot.hostOf[node]!;
  const gpus = hosts.gpuCount[host]!;
  if (gpus > 0) {
    let free = 0;
    for (let device = 0; device < gpus; device++) {
      free += snapshot.gpuFree[node * GPUS_PER_HOST_MAX + device]!;
    }
    return 1 - free / (gpus * MILLI_PER_GPU);
  }
  const daemons = ignoresDaemons ? daemonRequests(view, host) : NOTHING;
  const cpu = hosts.cpuAllocatable[host]! - daemons.cpuTicks;
  const memory = hosts.memoryAllocatable[host]! - daemons.memoryBytes;
  return Math.max(
    (cpu - snapshot.cpuFree[node]!) / cpu,
    (memory - snapshot.memoryFree[node]!) / memory,
  );
}

function daemonRequests({ hosts, tasks, specs, workloads }: ClusterView, host: number) {
  let cpuTicks = 0;
  let memoryBytes = 0;
  for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
    if (workloads.kind[tasks.workload[task]!] !== DAEMON) continue;
    cpuTicks += specs.cpuTicks[tasks.spec[task]!]!;
    memoryBytes += specs.memoryBytes[tasks.spec[task]!]!;
  }
  return { cpuTicks, memoryBytes };
}
