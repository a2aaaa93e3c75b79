/** A host with round numbers: 4 cores, 16 GiB, 8 slots, no GPU, unless `parts` says otherwise. */

import { CAPACITY_TYPE, LAUNCH_TYPE } from '../../src/cluster/hosts.ts';
import { GIB, TICKS_PER_CORE } from '../../src/base/units.ts';
import type { HostDescription } from '../../src/cluster/hosts.ts';

export function plainHost(parts: Partial<HostDescription> = {}): HostDescription {
  return {
    name: 'host',
    cluster: 0,
    pool: 0,
    zone: 0,
    instanceType: 'plain',
    launchType: LAUNCH_TYPE.ec2,
    capacityType: CAPACITY_TYPE.onDemand,
    labels: {},
    taints: [],
    cpuCapacityTicks: 4 * TICKS_PER_CORE,
    memoryCapacityBytes: 16 * GIB,
    cpuAllocatableTicks: 4 * TICKS_PER_CORE,
    memoryAllocatableBytes: 16 * GIB,
    slots: 8,
    gpuCount: 0,
    priceNanoUsdPerHour: 0,
    ...parts,
  };
}
