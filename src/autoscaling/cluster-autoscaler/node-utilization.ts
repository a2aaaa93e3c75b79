/**
 * How much of a node is requested: max(cpu, memory) of requested / allocatable, on GPU nodes that of the GPUs alone.
 *
 * Daemons count: ignore-daemonsets-utilization is false. So do pods placed in thought: the snapshot is asked.
 * Departs   pods that take longer to end than they may are not left out.
 * Source    kubernetes.md 5.6 Eligibility, 5.0.
 */

import { GPUS_PER_HOST_MAX } from '../../cluster/hosts.ts';
import { MILLI_PER_GPU } from '../../base/units.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

/** 0 to 1, of a node that is a host. */
export function nodeUtilization(
  { hosts }: ClusterView,
  snapshot: ClusterSnapshot,
  node: number,
): number {
  const host = snapshot.hostOf[node]!;
  const gpus = hosts.gpuCount[host]!;
  if (gpus > 0) {
    let free = 0;
    for (let device = 0; device < gpus; device++) {
      free += snapshot.gpuFree[node * GPUS_PER_HOST_MAX + device]!;
    }
    return 1 - free / (gpus * MILLI_PER_GPU);
  }
  const cpu = hosts.cpuAllocatable[host]!;
  const memory = hosts.memoryAllocatable[host]!;
  return Math.max(
    (cpu - snapshot.cpuFree[node]!) / cpu,
    (memory - snapshot.memoryFree[node]!) / memory,
  );
}
