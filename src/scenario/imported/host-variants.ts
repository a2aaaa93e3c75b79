/**
 * Where imported workloads may run: one EKS cluster on Karpenter, one on an Auto Scaling group that the Cluster Autoscaler
 * moves, and, where manifests have Nodes, the cluster as it is.
 *
 *   instance type   of the group: the smallest m6i (r6i for memory-heavy pods, g4dn for GPUs) that holds the largest pod
 *                   and a quarter of all requests, so that a handful of nodes is enough
 *   most nodes      four times as many as all requests fill, at least 10
 */

import { findInstanceType, instanceTypes } from '../../cloud/catalogue.ts';
import type { InstanceType } from '../../cloud/instance-type.ts';
import { GIB, TICKS_PER_CORE, TICKS_PER_MILLI } from '../../base/units.ts';
import { formatBytes, formatCpu } from '../../base/quantity.ts';
import type { NodeSpec } from '../../cluster/node-spec.ts';
import type { TaskSpec } from '../../cluster/spec.ts';

export interface Demand {
  readonly spec: TaskSpec;
  readonly count: number;
}

export interface HostsAsked {
  readonly demands: readonly Demand[];
  readonly nodes: readonly NodeSpec[];
  /** A file of NodePools, where the manifests have some. */
  readonly nodePoolsPath: string | undefined;
}

type PlainMap = Readonly<Record<string, unknown>>;

const INSTANCE_TYPE = 'node.kubernetes.io/instance-type';
const ARCH = 'kubernetes.io/arch';
const COMPUTE_TYPE = 'eks.amazonaws.com/compute-type';
/** Memory for each core above which a pod is memory-heavy: m6i has 4 GiB, r6i 8 GiB. */
const HEAVY_BYTES_PER_CORE = 5 * GIB;

export function hostVariants(asked: HostsAsked): Record<string, PlainMap> {
  const gpus = Math.max(0, ...asked.demands.map(({ spec }) => spec.gpuCount));
  const type = groupType(asked.demands, gpus);
  const max = mostNodes(asked.demands, type);
  const group = { instanceTypes: [type.name], min: 1, max };
  return {
    'eks-karpenter': {
      orchestrator: 'kubernetes',
      pools: {
        system: { asg: { instanceTypes: ['m6i.large'], min: 2, max: 2 } },
        work: { karpenter: karpenterKeys(asked, gpus) },
      },
    },
    'eks-cluster-autoscaler': {
      orchestrator: 'kubernetes',
      pools: { work: { asg: group } },
      clusterAutoscaler: { expander: 'least-waste' },
    },
    ...asIs(asked.nodes),
  };
}

function karpenterKeys({ nodePoolsPath, demands }: HostsAsked, gpus: number): PlainMap {
  if (nodePoolsPath !== undefined) return { nodePools: nodePoolsPath };
  const arms = demands.some(({ spec }) => asksForArm(spec));
  return {
    ...(gpus > 0 ? { categories: ['c', 'm', 'r', 'g'] } : {}),
    ...(arms ? { arch: ['amd64', 'arm64'] } : {}),
    consolidateAfter: '1m',
  };
}

function asksForArm({ nodeSelector, requirements }: TaskSpec): boolean {
  return (
    nodeSelector[ARCH] === 'arm64' ||
    requirements.some(({ key, values }) => key === ARCH && values.includes('arm64'))
  );
}

function groupType(demands: readonly Demand[], gpus: number): InstanceType {
  const cpuTicks = sumOf(demands, 'cpuTicks');
  const memoryBytes = sumOf(demands, 'memoryBytes');
  const isHeavy = memoryBytes / Math.max(1, cpuTicks / TICKS_PER_CORE) > HEAVY_BYTES_PER_CORE;
  const family = gpus > 0 ? 'g4dn' : isHeavy ? 'r6i' : 'm6i';
  const sizes = instanceTypes()
    .filter((type) => type.family === family && type.bareMetal !== true)
    .toSorted((a, b) => a.cpuTicks - b.cpuTicks);
  const largest = sizes.at(-1)!;
  const fits = ({ eksAllocatable: room, gpu }: InstanceType, share: number) =>
    demands.every(
      ({ spec }) => spec.cpuTicks <= room.cpuTicks && spec.memoryBytes <= room.memoryBytes,
    ) &&
    gpus <= (gpu?.count ?? 0) &&
    cpuTicks * share <= room.cpuTicks &&
    memoryBytes * share <= room.memoryBytes;
  return sizes.find((type) => fits(type, 1 / 4)) ?? sizes.find((type) => fits(type, 0)) ?? largest;
}

function mostNodes(demands: readonly Demand[], { eksAllocatable: room }: InstanceType): number {
  const filled = Math.max(
    sumOf(demands, 'cpuTicks') / room.cpuTicks,
    sumOf(demands, 'memoryBytes') / room.memoryBytes,
  );
  return Math.max(10, 4 * Math.ceil(filled));
}

function sumOf(demands: readonly Demand[], size: 'cpuTicks' | 'memoryBytes'): number {
  return demands.reduce((total, { spec, count }) => total + spec[size] * count, 0);
}

/** A pool for each kind of node; types that the catalogue does not know are own hosts without a price. */
function asIs(nodes: readonly NodeSpec[]): Record<string, PlainMap> {
  const kinds = new Map<string, { node: NodeSpec; count: number }>();
  for (const node of nodes) {
    if (node.labels[COMPUTE_TYPE] === 'fargate') continue;
    const key = JSON.stringify([node.labels[INSTANCE_TYPE], node.taints, node.capacity]);
    const kind = kinds.get(key);
    if (kind === undefined) kinds.set(key, { node, count: 1 });
    else kind.count++;
  }
  if (kinds.size === 0) return {};
  const pools: Record<string, PlainMap> = {};
  for (const { node, count } of kinds.values()) {
    const name = (node.labels[INSTANCE_TYPE] ?? 'hosts')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-');
    let unique = name;
    for (let number = 2; pools[unique] !== undefined; number++) unique = `${name}-${number}`;
    pools[unique] = poolOf(node, count);
  }
  return { 'as-it-is': { orchestrator: 'kubernetes', pools } };
}

function poolOf({ labels, taints, capacity }: NodeSpec, count: number): PlainMap {
  const type = findInstanceType(labels[INSTANCE_TYPE] ?? '');
  const source =
    type === undefined
      ? {
          external: {
            hosts: count,
            cpu: formatCpu((capacity['cpu'] ?? 0) * TICKS_PER_MILLI),
            memory: formatBytes(capacity['memory'] ?? 0),
            costPerHour: 0,
          },
        }
      : { asg: { instanceTypes: [type.name], min: count, max: count } };
  return { ...source, ...(taints.length > 0 ? { taints } : {}) };
}
