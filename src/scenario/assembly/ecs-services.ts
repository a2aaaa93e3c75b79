/** The service scheduler of an ECS cluster, with what its services say about deployments. */

import { EcsServiceScheduler } from '../../orchestration/ecs/service/service-scheduler.ts';
import { PLAIN_SERVICE } from '../../orchestration/ecs/service/service-options.ts';
import { SERVICE_COOLDOWN_US } from '../../autoscaling/target-tracking/service-auto-scaling.ts';
import { percentOf } from '../../telemetry/service-metric.ts';
import type {
  ScaledService,
  ServicePolicy,
} from '../../autoscaling/target-tracking/service-policy.ts';
import type { EcsCluster } from '../schema-cluster.ts';
import type { EcsServiceOptions } from '../../orchestration/ecs/service/service-options.ts';
import type { PolicyName } from '../../base/policy-name.ts';
import type { Workloads } from './workloads.ts';
import type { World } from './world.ts';

export function ecsServiceScheduler(
  { cluster, parameters }: World,
  { controlled }: Workloads,
  index: number,
  { placement }: EcsCluster,
): EcsServiceScheduler {
  const services = new Map<number, EcsServiceOptions>();
  for (let row = 0; row < cluster.workloads.count; row++) {
    const stated = controlled.ecsServices.get(row) ?? PLAIN_SERVICE;
    const own = controlled.ecsPlacements.get(row)?.strategies ?? [];
    const spreads = spreadsOverZones(own.length > 0 ? own : placement);
    services.set(row, spreads ? stated : { ...stated, rebalancesZones: false });
  }
  const throttle = {
    firstUs: parameters.us('ecs.launch-throttle-first-s'),
    factor: parameters.get('ecs.launch-throttle-factor'),
  };
  return new EcsServiceScheduler(cluster, { cluster: index, services, throttle });
}

/** Zones are evened out only where the first strategy spreads over them, or none is stated (aws.md 3.9). */
function spreadsOverZones([first]: readonly PolicyName[]): boolean {
  if (first === undefined) return true;
  return first.name === 'spread' && first.parameters['field'] === 'zone';
}

/** Services of a cluster that Application Auto Scaling sizes; `scaling` alone is target tracking on CPU. */
export function scaledEcsServices(
  { cluster }: World,
  { scaled, controlled }: Workloads,
  index: number,
): ScaledService[] {
  const { workloads } = cluster;
  const services: ScaledService[] = [];
  for (let workload = 0; workload < workloads.count; workload++) {
    if (workloads.cluster[workload] !== index) continue;
    const stated = controlled.ecsScalings.get(workload);
    const plain = scaled.find((one) => one.workload === workload);
    if (stated === undefined && plain === undefined) continue;
    services.push({
      workload,
      minimum: workloads.minimum[workload]!,
      maximum: workloads.maximum[workload]!,
      policies: stated?.policies ?? [trackingOfCpu(plain!.scaling.targetFraction)],
      schedule: stated?.schedule ?? [],
    });
  }
  return services;
}

function trackingOfCpu(fraction: number): ServicePolicy {
  return {
    kind: 'target',
    measure: 'cpu',
    target: percentOf(fraction),
    disableScaleIn: false,
    scaleOutCooldownUs: SERVICE_COOLDOWN_US,
    scaleInCooldownUs: SERVICE_COOLDOWN_US,
  };
}
