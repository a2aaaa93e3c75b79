/**
 * The sizes of the task that a pod is: its effective requests (kubernetes.md 1.7) and its limit of CPU.
 *
 *   cpu limit    the pod's own, else the sum over containers and sidecars; no limit when one of them has none
 *
 * A missing request is 0 here; the scheduler's "non-zero" values are its own affair. Resources that no task has, such as
 * huge pages, stand in the pod's template alone.
 */

import { TICKS_PER_MILLI } from '../../base/units.ts';
import { effectiveRequests } from '../../cluster/pod-requests.ts';
import type { PodTemplate } from '../../cluster/pod-template.ts';
import { quantityOf } from './api-values.ts';
import type { YamlCursor } from './yaml-cursor.ts';

export interface PodSizes {
  readonly cpuTicks: number;
  readonly memoryBytes: number;
  readonly gpuCount: number;
  /** Infinity for no limit. */
  readonly cpuLimitTicks: number;
}

const GPU_RESOURCES = ['nvidia.com/gpu', 'amd.com/gpu'];

export function podSizes(podSpec: YamlCursor, template: PodTemplate): PodSizes {
  const effective = effectiveRequests(template);
  let gpuCount = 0;
  for (const resource of GPU_RESOURCES) gpuCount += effective[resource] ?? 0;
  return {
    cpuTicks: (effective['cpu'] ?? 0) * TICKS_PER_MILLI,
    memoryBytes: effective['memory'] ?? 0,
    gpuCount,
    cpuLimitTicks: cpuLimitMilli(podSpec, template) * TICKS_PER_MILLI,
  };
}

function cpuLimitMilli(podSpec: YamlCursor, template: PodTemplate): number {
  const ofPod = quantityOf(podSpec.get('resources').get('limits').get('cpu'), 'milli');
  if (ofPod !== undefined) return ofPod;
  const sidecars = template.initContainers.filter(({ isSidecar }) => isSidecar);
  let total = 0;
  for (const { limits } of [...template.containers, ...sidecars])
    total += limits['cpu'] ?? Infinity;
  return template.containers.length === 0 ? Infinity : total;
}
