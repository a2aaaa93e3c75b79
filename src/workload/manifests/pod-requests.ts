/**
 * What a pod asks for (kubernetes.md 1.7).
 *
 *   container    its request; a limit without a request counts as the request
 *   R            sum over containers and sidecars (init containers with restartPolicy Always)
 *   I            init containers in order, s = sum of the sidecars so far: a sidecar counts s with itself, an ordinary one
 *                its own request + s; the maximum of each resource
 *   pod          max(R, I) of each resource; cpu and memory that the pod's own `resources.requests` states replace it;
 *                `overhead` comes on top
 *   cpu limit    the pod's own, else the sum over containers and sidecars; no limit when one of them has none
 *
 * A missing request is 0 here; the scheduler's "non-zero" values are its own affair.
 * Left out: resize in place, ephemeral storage, huge pages and extended resources other than GPUs (reported by name).
 */

import { TICKS_PER_MILLI } from '../../base/units.ts';
import { parseKubernetesQuantity } from './kubernetes-quantity.ts';
import type { YamlCursor } from './yaml-cursor.ts';

export interface PodRequests {
  readonly cpuTicks: number;
  readonly memoryBytes: number;
  readonly gpuCount: number;
  /** Infinity for no limit. */
  readonly cpuLimitTicks: number;
  /** Names of requested resources that are not modelled, each once. */
  readonly leftOut: readonly string[];
}

interface Amounts {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
  readonly gpuCount: number;
}

const GPU_RESOURCES = ['nvidia.com/gpu', 'amd.com/gpu'];
const MODELLED = ['cpu', 'memory', ...GPU_RESOURCES];
const NOTHING: Amounts = { cpuMilli: 0, memoryBytes: 0, gpuCount: 0 };

export function podRequests(podSpec: YamlCursor): PodRequests {
  const containers = podSpec.get('containers').items();
  const initContainers = podSpec.get('initContainers').items();
  const sidecars = initContainers.filter(isSidecar);
  const long = [...containers, ...sidecars];

  const running = long.map(containerRequest).reduce(sum, NOTHING);
  const together = larger(running, initPeak(initContainers));
  const requests = podSpec.get('resources').get('requests');
  const asked = {
    ...together,
    cpuMilli: amount(requests.get('cpu'), 'milli') ?? together.cpuMilli,
    memoryBytes: amount(requests.get('memory'), 'unit') ?? together.memoryBytes,
  };
  const total = sum(
    asked,
    amountsOf((resource) => podSpec.get('overhead').get(resource)),
  );
  return {
    cpuTicks: total.cpuMilli * TICKS_PER_MILLI,
    memoryBytes: total.memoryBytes,
    gpuCount: total.gpuCount,
    cpuLimitTicks: cpuLimitMilli(podSpec, long) * TICKS_PER_MILLI,
    leftOut: otherResources([podSpec, ...containers, ...initContainers]),
  };
}

function isSidecar(container: YamlCursor): boolean {
  return container.get('restartPolicy').text() === 'Always';
}

function initPeak(initContainers: readonly YamlCursor[]): Amounts {
  let peak = NOTHING;
  let sidecars = NOTHING;
  for (const container of initContainers) {
    const withSidecars = sum(containerRequest(container), sidecars);
    if (isSidecar(container)) sidecars = withSidecars;
    peak = larger(peak, withSidecars);
  }
  return peak;
}

function containerRequest(container: YamlCursor): Amounts {
  const resources = container.get('resources');
  return amountsOf((resource) => {
    const request = resources.get('requests').get(resource);
    return request.isAbsent ? resources.get('limits').get(resource) : request;
  });
}

function cpuLimitMilli(podSpec: YamlCursor, containers: readonly YamlCursor[]): number {
  const ofPod = amount(podSpec.get('resources').get('limits').get('cpu'), 'milli');
  if (ofPod !== null) return ofPod;
  let total = 0;
  for (const container of containers) {
    total += amount(container.get('resources').get('limits').get('cpu'), 'milli') ?? Infinity;
  }
  return containers.length === 0 ? Infinity : total;
}

function amountsOf(resource: (name: string) => YamlCursor): Amounts {
  let gpuCount = 0;
  for (const name of GPU_RESOURCES) gpuCount += amount(resource(name), 'unit') ?? 0;
  return {
    cpuMilli: amount(resource('cpu'), 'milli') ?? 0,
    memoryBytes: amount(resource('memory'), 'unit') ?? 0,
    gpuCount,
  };
}

/** Null when nothing is stated. */
function amount(cursor: YamlCursor, grain: 'milli' | 'unit'): number | null {
  if (cursor.isAbsent) return null;
  const value = parseKubernetesQuantity(cursor.textOrNumber(), grain);
  if (value === null) cursor.fault('a Kubernetes quantity such as 500m, 2, 1.5Gi or 128Mi');
  return value;
}

function otherResources(holders: readonly YamlCursor[]): string[] {
  const names = new Set<string>();
  for (const holder of holders) {
    for (const part of ['requests', 'limits']) {
      for (const [name] of holder.get('resources').get(part).entries()) {
        if (!MODELLED.includes(name)) names.add(name);
      }
    }
  }
  return [...names];
}

function sum(a: Amounts, b: Amounts): Amounts {
  return {
    cpuMilli: a.cpuMilli + b.cpuMilli,
    memoryBytes: a.memoryBytes + b.memoryBytes,
    gpuCount: a.gpuCount + b.gpuCount,
  };
}

function larger(a: Amounts, b: Amounts): Amounts {
  return {
    cpuMilli: Math.max(a.cpuMilli, b.cpuMilli),
    memoryBytes: Math.max(a.memoryBytes, b.memoryBytes),
    gpuCount: Math.max(a.gpuCount, b.gpuCount),
  };
}
