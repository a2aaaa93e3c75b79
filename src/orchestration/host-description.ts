/**
 * What an instance of a pool looks like once it has joined: its labels, its taints and what the orchestrator may hand
 * out of it. Autoscalers ask before they launch, the simulation when it launches, so that both see the same host.
 *
 * Allocatable   Kubernetes: the EKS formula (aws.md 1.15), pods by ENIs. ECS: registered CPU and memory (aws.md 3.4).
 * Labels        the Kubernetes names and, for ECS, its attribute names of the same facts.
 * Slots         in awsvpc mode an ECS instance takes as many tasks as it has network interfaces for (aws.md 3.4); in the other
 *               modes their number is unbounded. Of a type that does not say how many it takes none.
 */

import { assert } from '../base/assert.ts';
import { MIB } from '../base/units.ts';
import { CAPACITY_TYPE, LAUNCH_TYPE } from '../cluster/hosts.ts';
import { PLAIN_AGENT } from '../cluster/agent-settings.ts';
import { ecsRegistered } from '../cloud/allocatable.ts';
import { eksNodeAllocatable } from './kubernetes/node/allocatable.ts';
import { findInstanceType } from '../cloud/catalogue.ts';
import { onDemandNanoUsdPerHour, spotNanoUsdPerHour } from '../cloud/prices.ts';
import type { AgentSettings } from '../cluster/agent-settings.ts';
import type { AssumedParameters } from '../cloud/assumptions.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { HostDescription } from '../cluster/hosts.ts';
import type { InstanceType } from '../cloud/instance-type.ts';

/** More tasks than any host holds: no bound by number. */
const SLOTS_UNBOUNDED = 1_000_000;

/** Where instances are bought and what is assumed about them. */
export interface Market {
  readonly region: string;
  readonly parameters: AssumedParameters;
}

/** One instance of `typeName` in a pool and zone; the name is the caller's. */
export function describeInstance(
  view: ClusterView,
  pool: number,
  typeName: string,
  zone: number,
  spot: boolean,
  market: Market,
): HostDescription {
  const type = findInstanceType(typeName);
  assert(type !== undefined, () => `no instance type ${typeName} in the catalogue`);
  const { cluster, labels, taints, name, kubelet, agent } = view.pools.descriptions[pool]!;
  const isKubernetes = view.orchestrators[cluster] === 'kubernetes';
  const { region, parameters } = market;
  const allocatable = isKubernetes
    ? eksNodeAllocatable(type, kubelet)
    : ecsAllocatable(type, agent, parameters);
  const price = spot
    ? spotNanoUsdPerHour(type, region, parameters)
    : onDemandNanoUsdPerHour(type, region, parameters);
  const zoneName = `${region}${view.zones[zone]!}`;
  return {
    name: '',
    cluster,
    pool,
    zone,
    instanceType: typeName,
    launchType: LAUNCH_TYPE.ec2,
    capacityType: spot ? CAPACITY_TYPE.spot : CAPACITY_TYPE.onDemand,
    labels: {
      ...instanceLabels(type, zoneName, spot, isKubernetes),
      'berth.dev/pool': name,
      ...labels,
    },
    taints,
    cpuCapacityTicks: type.cpuTicks,
    memoryCapacityBytes: type.memoryBytes,
    cpuAllocatableTicks: allocatable.cpuTicks,
    memoryAllocatableBytes: allocatable.memoryBytes,
    slots: allocatable.pods,
    gpuCount: type.gpu?.count ?? 0,
    priceNanoUsdPerHour: price ?? NaN,
  };
}

function ecsAllocatable(
  type: InstanceType,
  agent: AgentSettings | undefined,
  parameters: AssumedParameters,
) {
  const { networkMode, hasTrunking, reservedMemoryBytes } = agent ?? PLAIN_AGENT;
  const interfaces = (hasTrunking ? type.awsvpcTasksTrunking : null) ?? type.awsvpcTasks ?? 0;
  return {
    ...ecsRegistered(type, reservedMemoryBytes, parameters),
    pods: networkMode === 'awsvpc' ? interfaces : SLOTS_UNBOUNDED,
  };
}

function instanceLabels(
  type: InstanceType,
  zone: string,
  spot: boolean,
  isKubernetes: boolean,
): Record<string, string> {
  const capacityType = spot ? 'spot' : 'on-demand';
  if (!isKubernetes) {
    return {
      'ecs.instance-type': type.name,
      'ecs.availability-zone': zone,
      'ecs.cpu-architecture': type.arch === 'arm64' ? 'arm64' : 'x86_64',
      'ecs.os-type': 'linux',
    };
  }
  return {
    'node.kubernetes.io/instance-type': type.name,
    'topology.kubernetes.io/zone': zone,
    'kubernetes.io/arch': type.arch,
    'kubernetes.io/os': 'linux',
    // The node and cloud controllers still set the old names, and manifests still select by them.
    'beta.kubernetes.io/instance-type': type.name,
    'failure-domain.beta.kubernetes.io/zone': zone,
    'beta.kubernetes.io/arch': type.arch,
    'beta.kubernetes.io/os': 'linux',
    'karpenter.sh/capacity-type': capacityType,
    'karpenter.k8s.aws/instance-family': type.family,
    'karpenter.k8s.aws/instance-category': type.category,
    'karpenter.k8s.aws/instance-generation': String(type.generation),
    'karpenter.k8s.aws/instance-size': type.size,
    'karpenter.k8s.aws/instance-cpu': String(type.vcpu),
    'karpenter.k8s.aws/instance-memory': String(type.memoryMib),
    'karpenter.k8s.aws/instance-cpu-manufacturer': type.cpuManufacturer,
    ...labelsOfExtras(type),
  };
}

/** Labels that only some types have, in Karpenter's units: Mbps, GB of disk, MiB of GPU memory. */
function labelsOfExtras(type: InstanceType): Record<string, string> {
  const { gpu, accelerator } = type;
  const values: Readonly<Record<string, string | number | null | undefined>> = {
    'instance-hypervisor': type.hypervisor,
    'instance-ebs-bandwidth': type.ebsMbpsMax,
    'instance-network-bandwidth':
      type.networkGbpsBaseline === null ? null : Math.round(type.networkGbpsBaseline * 1_000),
    'instance-local-nvme': type.localNvmeGb,
    'instance-gpu-name': gpu?.model,
    'instance-gpu-manufacturer': gpu?.manufacturer,
    'instance-gpu-count': gpu?.count,
    'instance-gpu-memory': gpu === null ? null : gpu.memoryBytesEach / MIB,
    'instance-accelerator-name': accelerator?.name,
    'instance-accelerator-count': accelerator?.count,
  };
  const labels: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined) labels[`karpenter.k8s.aws/${name}`] = String(value);
  }
  return labels;
}
