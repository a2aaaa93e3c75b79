/**
 * The Fargate micro-VM that a task gets: the row of the size table that holds its request (rounded up), or the very
 * size of an imported task definition, which ECS refuses when it is no row (aws.md 4.1). EKS adds 256 MB for its agents.
 */

import { CAPACITY_TYPE, LAUNCH_TYPE } from '../cluster/hosts.ts';
import { GIB, TICKS_PER_CORE } from '../base/units.ts';
import { fargateNanoUsdPerHour } from '../cloud/prices.ts';
import { fargateSizeFor, isExactFargateSize } from '../cloud/fargate-sizes.ts';
import { PLAIN_FARGATE } from '../cluster/fargate-settings.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { HostDescription } from '../cluster/hosts.ts';
import type { Market } from '../orchestration/host-description.ts';

/** Undefined when Fargate sells no such size, or cannot run the task at all (GPUs, aws.md 4.2). */
export function describeMicroVm(
  cluster: Cluster,
  pool: number,
  zone: number,
  task: number,
  { region, parameters }: Market,
): HostDescription | undefined {
  const spec = cluster.specs.at(cluster.tasks.spec[task]!);
  const { labels, taints, cluster: clusterRow, kind, fargate } = cluster.pools.descriptions[pool]!;
  const { arch, os } = fargate ?? PLAIN_FARGATE;
  const orchestrator = cluster.orchestrators[clusterRow] === 'kubernetes' ? 'kubernetes' : 'ecs';
  if (spec.gpuCount > 0) return undefined;
  if (spec.fargateExact && orchestrator === 'ecs') {
    if (!isExactFargateSize(spec.cpuTicks, spec.memoryBytes)) return undefined;
  }
  const size = fargateSizeFor(spec.cpuTicks, spec.memoryBytes, { orchestrator, os });
  if (size === undefined) return undefined;
  const isSpot = kind === 'fargate-spot';
  const offer = { arch, os, capacityType: isSpot ? 'spot' : 'on-demand', region } as const;
  return {
    name: '',
    cluster: clusterRow,
    pool,
    zone,
    instanceType: `${size.cpuTicks / TICKS_PER_CORE}vcpu-${size.memoryBytes / GIB}gib`,
    launchType: LAUNCH_TYPE.fargate,
    capacityType: isSpot ? CAPACITY_TYPE.spot : CAPACITY_TYPE.onDemand,
    labels,
    taints,
    cpuCapacityTicks: size.cpuTicks,
    memoryCapacityBytes: size.memoryBytes,
    cpuAllocatableTicks: size.cpuTicks,
    memoryAllocatableBytes: size.memoryBytes,
    slots: 1,
    gpuCount: 0,
    priceNanoUsdPerHour: fargateNanoUsdPerHour(size, offer, parameters) ?? NaN,
  };
}
