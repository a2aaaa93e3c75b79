/** What is free on the GPUs of a host, and asked of them, milli-GPU. */

import { GPUS_PER_HOST_MAX } from '../../cluster/hosts.ts';
import { MILLI_PER_GPU } from '../../base/units.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

/** Over all devices of the host. */
export function gpuMilliFree({ hosts }: ClusterView, host: number): number {
  const base = host * GPUS_PER_HOST_MAX;
  const end = base + hosts.gpuCount[host]!;
  let milli = 0;
  for (let device = base; device < end; device++) milli += hosts.gpuFree[device]!;
  return milli;
}

/** Devices that nobody holds a part of. */
export function wholeGpusFree({ hosts }: ClusterView, host: number): number {
  const base = host * GPUS_PER_HOST_MAX;
  const end = base + hosts.gpuCount[host]!;
  let count = 0;
  for (let device = base; device < end; device++) {
    if (hosts.gpuFree[device] === MILLI_PER_GPU) count++;
  }
  return count;
}

/** Over all devices that the task asks for. */
export function gpuMilliAsked({ specs }: ClusterView, spec: number): number {
  return specs.gpuCount[spec]! * specs.gpuMilli[spec]!;
}
