import { ClusterAutoscaler } from '../../../src/autoscaling/cluster-autoscaler/cluster-autoscaler.ts';
import { GIB, MIB, TICKS_PER_MILLI, US_PER_SECOND } from '../../../src/base/units.ts';
import { MARKET, World } from '../../support/world.ts';
import { leastWaste } from '../../../src/autoscaling/cluster-autoscaler/expanders/least-waste.ts';
import type { ClusterAutoscalerOptions } from '../../../src/autoscaling/cluster-autoscaler/cluster-autoscaler.ts';
import type { TaskSpec } from '../../../src/cluster/spec.ts';

/**
 * Groups of m5.large: 1930 m and 6903 MiB allocatable, 29 pods (aws.md 1.15). A pod of 900 m fits twice.
 */
export class KubernetesWorld extends World {
  constructor() {
    super('kubernetes');
  }

  service(name: string, cpuMilli: number, parts: Partial<TaskSpec> = {}): number {
    return this.addWorkload(name, 'service', cpuMilli * TICKS_PER_MILLI, 512 * MIB, parts);
  }

  daemon(cpuMilli: number): number {
    return this.addWorkload('agent', 'daemon', cpuMilli * TICKS_PER_MILLI, GIB / 8);
  }

  autoscaler(
    pools: readonly number[],
    parts: Partial<ClusterAutoscalerOptions> = {},
  ): ClusterAutoscaler {
    const options: ClusterAutoscalerOptions = {
      cluster: 0,
      groups: pools.map((pool) => ({ pool, zone: 0 })),
      expanders: [leastWaste],
      tieDraw: undefined,
      scanIntervalUs: 10 * US_PER_SECOND,
      unneededTimeUs: 600 * US_PER_SECOND,
      utilizationThreshold: 0.5,
      delayAfterAddUs: 600 * US_PER_SECOND,
      phaseUs: 0,
      ...parts,
    };
    return new ClusterAutoscaler(this.cluster, options, MARKET);
  }
}
