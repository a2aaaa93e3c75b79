/** From what services say of scaling to the autoscalers of the pods of one Kubernetes cluster. */

import { ANY_AMOUNTS, VerticalPodAutoscaler } from '../../autoscaling/vpa/vpa.ts';
import { HorizontalPodAutoscaler } from '../../autoscaling/hpa/hpa.ts';
import { Keda } from '../../autoscaling/keda/keda.ts';
import { SCRAPE_PERIOD_US } from '../../telemetry/pod-samples.ts';
import { RESIZE_RESTART } from '../../cluster/workloads.ts';
import { US_PER_MINUTE, US_PER_SECOND } from '../../base/units.ts';
import { loopPhaseUs } from '../../random/loop-phase.ts';
import type { Controller } from '../../orchestration/controller.ts';
import type { DisruptionBudgets } from '../../orchestration/kubernetes/controllers/disruption-budgets.ts';
import type { HpaTarget } from '../../autoscaling/hpa/hpa.ts';
import type { KedaTarget } from '../../autoscaling/keda/keda.ts';
import type { ResizedService, ScaledService, Workloads } from './workloads.ts';
import type { UsageProbe } from '../../telemetry/usage-probe.ts';
import type { VpaTarget } from '../../autoscaling/vpa/vpa.ts';
import type { World } from './world.ts';

const HPA_PERIOD_US = 15 * US_PER_SECOND;

export function podAutoscalers(
  world: World,
  { scaled, resized }: Workloads,
  probe: UsageProbe,
  cluster: number,
  budgets: DisruptionBudgets,
): Controller[] {
  const isOurs = ({ workload }: { readonly workload: number }): boolean =>
    world.cluster.workloads.cluster[workload] === cluster;
  return [
    ...horizontal(world, scaled.filter(isOurs), probe, cluster),
    ...activation(world, scaled.filter(isOurs), probe, cluster),
    ...vertical(world, resized.filter(isOurs), probe, cluster, budgets),
  ];
}

function horizontal(
  { cluster, seed }: World,
  scaled: readonly ScaledService[],
  probe: UsageProbe,
  index: number,
): Controller[] {
  if (scaled.length === 0) return [];
  const phases = {
    syncUs: loopPhaseUs(seed, 'hpa', index, HPA_PERIOD_US),
    scrapeUs: loopPhaseUs(seed, 'metrics-server', index, SCRAPE_PERIOD_US),
  };
  return [new HorizontalPodAutoscaler(cluster, probe, scaled.map(horizontalTarget), phases)];
}

/** Between 1 and the maximum: below 1 is not for a HorizontalPodAutoscaler. */
function horizontalTarget({ workload, minimum, maximum, scaling }: ScaledService): HpaTarget {
  const { metrics, behavior } = scaling;
  return {
    workload,
    minReplicas: Math.max(1, minimum),
    maxReplicas: maximum,
    metrics,
    ...(behavior === undefined ? {} : { behavior }),
  };
}

function activation(
  { cluster, seed }: World,
  scaled: readonly ScaledService[],
  probe: UsageProbe,
  index: number,
): Controller[] {
  const targets = scaled.flatMap(({ workload, minimum, scaling: { keda } }): KedaTarget[] =>
    keda === undefined ? [] : [{ ...keda, workload, minReplicas: minimum }],
  );
  const phases = targets.map(({ pollingUs }, at) =>
    loopPhaseUs(seed, `keda/${index}`, at, pollingUs),
  );
  return targets.length === 0 ? [] : [new Keda(cluster, probe, targets, phases)];
}

function vertical(
  { cluster, seed }: World,
  resized: readonly ResizedService[],
  probe: UsageProbe,
  index: number,
  budgets: DisruptionBudgets,
): Controller[] {
  if (resized.length === 0) return [];
  for (const { workload, resizing } of resized) {
    const isScaled = resizing.controlledValues === 'requests-and-limits' && resizing.mode !== 'off';
    cluster.workloads.scalesLimits[workload] = isScaled ? 1 : 0;
    cluster.workloads.resizeRestarts[workload] = resizing.restartOnResize.reduce(
      (bits, resource) => bits | RESIZE_RESTART[resource],
      0,
    );
  }
  const phases = {
    recommenderUs: loopPhaseUs(seed, 'vpa-recommender', index, US_PER_MINUTE),
    updaterUs: loopPhaseUs(seed, 'vpa-updater', index, US_PER_MINUTE),
  };
  const targets = resized.map(verticalTarget);
  return [new VerticalPodAutoscaler(cluster, probe, targets, budgets, phases)];
}

function verticalTarget({
  workload,
  statesMemory,
  resizing,
  evictionRequirements = [],
}: ResizedService): VpaTarget {
  const { minAllowed, maxAllowed } = ANY_AMOUNTS;
  return {
    workload,
    mode: resizing.mode,
    minReplicas: resizing.minReplicas,
    controlled: statesMemory ? ['cpuMilli', 'memoryBytes'] : ['cpuMilli'],
    minAllowed: { ...minAllowed, ...resizing.minAllowed },
    maxAllowed: { ...maxAllowed, ...resizing.maxAllowed },
    evictionRequirements,
  };
}
