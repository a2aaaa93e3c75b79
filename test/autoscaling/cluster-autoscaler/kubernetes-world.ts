import { ClusterAutoscaler } from '../../../src/autoscaling/cluster-autoscaler/cluster-autoscaler.ts';
import { GIB, MIB, TICKS_PER_MILLI, US_PER_SECOND } from '../../../src/base/units.ts';
import { MARKET, World } from '../../support/world.ts';
import { ClusterSnapshot } from '../../../src/autoscaling/cluster-autoscaler/cluster-snapshot.ts';
import { DisruptionBudgets } from '../../../src/orchestration/kubernetes/controllers/disruption-budgets.ts';
import { PodSpecs } from '../../../src/autoscaling/cluster-autoscaler/pod-specs.ts';
import { GROUP_BACK_OFF } from '../../../src/autoscaling/cluster-autoscaler/scale-up-requests.ts';
import { UNREADY_LIMITS } from '../../../src/autoscaling/cluster-autoscaler/cluster-state.ts';
import { describeInstance } from '../../../src/orchestration/host-description.ts';
import { leastWaste } from '../../../src/autoscaling/cluster-autoscaler/expanders/least-waste.ts';
import type { ClusterAutoscalerOptions } from '../../../src/autoscaling/cluster-autoscaler/cluster-autoscaler.ts';
import type { NodeTemplate } from '../../../src/autoscaling/cluster-autoscaler/node-template.ts';
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

  /** The node of a group as it joins: the template of one that was seen. */
  template(pool: number): NodeTemplate {
    const description = describeInstance(this.cluster, pool, 'm5.large', 0, false, MARKET);
    const { labels, taints } = description;
    return { pool, description, kind: this.cluster.specs.kindRowOf({ labels, taints }) };
  }

  snapshot(daemons: readonly number[] = []): ClusterSnapshot {
    return new ClusterSnapshot(this.cluster, new PodSpecs(this.cluster), daemons, 0);
  }

  autoscaler(
    pools: readonly number[],
    parts: Partial<ClusterAutoscalerOptions> = {},
  ): ClusterAutoscaler {
    const options: ClusterAutoscalerOptions = {
      cluster: 0,
      groups: pools.map((pool) => ({ pool, zone: 0 })),
      budgets: new DisruptionBudgets(this.cluster, []),
      expanders: [leastWaste],
      tieDraw: undefined,
      scanIntervalUs: 10 * US_PER_SECOND,
      unneededTimeUs: 600 * US_PER_SECOND,
      unreadyTimeUs: 1200 * US_PER_SECOND,
      utilizationThreshold: 0.5,
      gpuUtilizationThreshold: 0.5,
      ignoresDaemons: false,
      recheckUs: 300 * US_PER_SECOND,
      skips: { withSystemPods: true, withLocalStorage: true, replicasMin: 0 },
      expendableBelow: -10,
      removesNodes: true,
      softTaintsMax: 10,
      groupBackOff: GROUP_BACK_OFF,
      unready: UNREADY_LIMITS,
      newPodDelayUs: 0,
      delayAfterAddUs: 600 * US_PER_SECOND,
      delayAfterDeleteUs: 0,
      provisionUs: 900 * US_PER_SECOND,
      scaleUp: {
        nodesPerScaleUp: 1000,
        nodesTotal: 0,
        balanceSimilarGroups: false,
        ignoredLabels: [],
        fastPath: false,
      },
      scaleDown: {
        nodesMax: 10,
        drainingMax: 1,
        afterTaintUs: 5 * US_PER_SECOND,
        evictionUs: 120 * US_PER_SECOND,
        graceMaxUs: 600 * US_PER_SECOND,
      },
      phaseUs: 0,
      ...parts,
    };
    return new ClusterAutoscaler(this.cluster, options, MARKET);
  }
}
