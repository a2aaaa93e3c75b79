/** From the settings of every cluster to its controllers, in the order in which one instant wakes them. */

import { autoScalingGroups } from './auto-scaling-groups.ts';
import { Burst } from '../../orchestration/burst.ts';
import { ClusterAutoscaler } from '../../autoscaling/cluster-autoscaler/cluster-autoscaler.ts';
import { DaemonController } from '../../orchestration/daemon-controller.ts';
import { DefaultProfile } from '../../orchestration/kubernetes/cycle/default-profile.ts';
import { drawsAmongEquals, expanderOf, isDefaultProfile, placementPolicy } from '../registry.ts';
import {
  backoffOf,
  coschedulingOf,
  configuredChoice,
  schedulerOfInputs,
  surroundingsOf,
} from './scheduler-profiles.ts';
import { PlatformRetirement } from '../../orchestration/platform-retirement.ts';
import { retirementsOf } from './disruptions.ts';
import { JobRetries } from '../../orchestration/job-retries.ts';
import { KubeScheduler } from '../../orchestration/kubernetes/kube-scheduler.ts';
import { LaggingCache } from '../../cluster/lagging-cache.ts';
import { ManagedScaling } from '../../autoscaling/capacity-provider/managed-scaling.ts';
import { PoolChooser } from '../../orchestration/pool-chooser.ts';
import { QueueScheduler } from '../../orchestration/queue-scheduler.ts';
import { ecsChoice } from './ecs-placement.ts';
import { ecsServiceScheduler, scaledEcsServices } from './ecs-services.ts';
import { policyChoice } from './policy-choice.ts';
import { ServiceAutoScaling } from '../../autoscaling/target-tracking/service-auto-scaling.ts';
import { US_PER_MINUTE } from '../../base/units.ts';
import { COLLECTOR_PERIOD_US } from '../../orchestration/kubernetes/node/pod-collector.ts';
import { CounterDraws } from '../../random/counter-hash.ts';
import {
  LEASE_PERIOD_US,
  MONITOR_PERIOD_US,
  NodeLifecycle,
} from '../../orchestration/kubernetes/node/node-lifecycle.ts';
import { NamedPods } from '../../orchestration/kubernetes/node/named-pods.ts';
import { loopPhaseUs } from '../../random/loop-phase.ts';
import { daemonSetController, workloadControllers } from './kubernetes-workloads.ts';
import { rolloutControllers } from './rollouts.ts';
import type { DisruptionBudgets } from '../../orchestration/kubernetes/controllers/disruption-budgets.ts';
import { karpenterOf } from './karpenter.ts';
import { volumeRulesOf } from './storage.ts';
import { quotaAdmission } from './quotas.ts';
import { podAutoscalers } from './pod-autoscalers.ts';
import type { ClusterAutoscalerOptions } from '../../autoscaling/cluster-autoscaler/cluster-autoscaler.ts';
import type { AsgPool } from '../schema-pools.ts';
import type { Cluster, EcsCluster, KubernetesCluster } from '../schema-cluster.ts';
import type { Controller } from '../../orchestration/controller.ts';
import type { Pools } from './pools.ts';
import type { UsageProbe } from '../../telemetry/usage-probe.ts';
import type { Workloads } from './workloads.ts';
import type { World } from './world.ts';

export function assembleControllers(
  world: World,
  workloads: Workloads,
  pools: Pools,
  probe: UsageProbe,
  budgets: readonly DisruptionBudgets[],
): Controller[] {
  const controllers: Controller[] = rolloutControllers(world, workloads);
  for (const [cluster, settings] of world.variant.clusters.entries()) {
    const { from, to, afterUs } = settings.burst ?? {};
    if (from !== undefined && to !== undefined && afterUs !== undefined) {
      const rowOf = pools.rowOf[cluster]!;
      const rule = { from: rowOf.get(from)!, to: rowOf.get(to)!, afterUs };
      controllers.push(new Burst(world.cluster, rule));
    }
    controllers.push(
      settings.orchestrator === 'kubernetes'
        ? daemonSetController(world, workloads, cluster)
        : new DaemonController(world.cluster, cluster),
    );
    controllers.push(...quotaAdmission(world, workloads, settings));
    controllers.push(schedulerOf(world, workloads, cluster, settings, budgets[cluster]!));
    if (settings.orchestrator === 'ecs') {
      controllers.push(...ecsControllers(world, workloads, pools, probe, cluster, settings));
    } else if (settings.orchestrator === 'kubernetes') {
      const parts = [world, workloads, pools, probe, cluster, settings] as const;
      controllers.push(...kubernetesControllers(...parts, budgets[cluster]!));
    }
  }
  const retirements = retirementsOf(world);
  if (retirements.length > 0) controllers.push(new PlatformRetirement(world.cluster, retirements));
  controllers.push(new JobRetries(world.cluster));
  controllers.push(...autoScalingGroups(world, pools, probe));
  return controllers;
}

export function assembleChoosers(world: World, pools: Pools): PoolChooser[] {
  return world.variant.clusters.map((settings, cluster) => {
    const rowOf = pools.rowOf[cluster]!;
    const items = settings.orchestrator === 'ecs' ? settings.strategy : [];
    const strategy = items.map((item) => ({ ...item, pool: rowOf.get(item.pool)! }));
    // Tasks of a bursting cluster wait for the pool that may refuse them.
    const first = settings.burst?.from;
    if (first !== undefined && strategy.length === 0) {
      strategy.push({ pool: rowOf.get(first)!, base: 0, weight: 1 });
    }
    return new PoolChooser(world.cluster, [...rowOf.values()], strategy);
  });
}

function phaseUs({ seed }: World, loop: string, cluster: number, periodUs: number): number {
  return loopPhaseUs(seed, loop, cluster, periodUs);
}

function schedulerOf(
  world: World,
  workloads: Workloads,
  cluster: number,
  settings: Cluster,
  budgets: DisruptionBudgets,
): Controller {
  const { parameters } = world;
  switch (settings.orchestrator) {
    case 'ecs':
      return new QueueScheduler(world.cluster, {
        actor: 'ecs-scheduler',
        cluster,
        choice: ecsChoice(world, workloads, cluster, settings.placement),
        thinkUs: 0,
        bindUs: 0,
        strictOrder: false,
      });
    case 'kubernetes':
      return new KubeScheduler(world.cluster, {
        cluster,
        ...kubernetesChoice(world, cluster, settings),
        thinkUs: parameters.us('kubernetes.schedule-think-s'),
        bindUs: parameters.us('kubernetes.bind-s'),
        backoff: backoffOf(world, settings),
        schedulesGangs: settings.schedulesGangs === true,
        ...coschedulingOf(world, settings),
        delayUs: parameters.us('kubernetes.informer-delay-s'),
        budgets,
        namespaces: surroundingsOf(world).namespaces,
        ...volumeRulesOf(world),
      });
    case 'batch':
      return new QueueScheduler(world.cluster, {
        actor: 'batch-scheduler',
        cluster,
        choice: policyChoice(world, `placement/${cluster}`, [settings.placement]),
        thinkUs: 0,
        bindUs: 0,
        strictOrder: true,
      });
  }
}

/**
 * The default profile samples nodes and spreads as the real one does, on a cache that lags by the informers' delay; any other
 * policy scores every node of the ledger.
 */
function kubernetesChoice(world: World, cluster: number, settings: KubernetesCluster) {
  const { placement, percentageOfNodesToScore: percentage } = settings;
  const stream = `placement/${cluster}`;
  const configuration = schedulerOfInputs(world, settings);
  if (configuration !== undefined) {
    return configuredChoice(world, configuration, settings.schedulerVersion, stream);
  }
  if (!isDefaultProfile(placement)) return { choice: policyChoice(world, stream, [placement]) };
  const options = {
    local: placementPolicy(placement),
    percentage,
    draws: drawsAmongEquals(placement) ? world.streams.open(stream) : undefined,
    around: surroundingsOf(world),
  };
  const delayUs = world.parameters.us('kubernetes.informer-delay-s');
  if (delayUs === 0) return { choice: new DefaultProfile(world.cluster, options) };
  const cache = new LaggingCache(world.cluster, delayUs);
  return { choice: new DefaultProfile(world.cluster, { ...options, free: cache }), cache };
}

function ecsControllers(
  world: World,
  workloads: Workloads,
  pools: Pools,
  probe: UsageProbe,
  cluster: number,
  settings: EcsCluster,
): Controller[] {
  const services = ecsServiceScheduler(world, workloads, cluster, settings);
  const out: Controller[] = [services];
  const managed = settings.pools
    .filter((pool): pool is AsgPool => pool.kind === 'asg')
    .flatMap(({ name, managedScaling }) => {
      if (managedScaling === undefined) return [];
      return [{ ...managedScaling, pool: pools.rowOf[cluster]!.get(name)!, zone: 0 }];
    });
  if (managed.length > 0) {
    const phase = phaseUs(world, 'managed-scaling', cluster, US_PER_MINUTE);
    const { provisioning: rule } = settings;
    out.push(new ManagedScaling(world.cluster, managed, rule, phase, world.market));
  }
  const scaled = scaledEcsServices(world, workloads, cluster);
  if (scaled.length > 0) {
    const phase = phaseUs(world, 'target-tracking', cluster, US_PER_MINUTE);
    const { cluster: view, parameters } = world;
    out.push(new ServiceAutoScaling(view, probe, scaled, services, parameters, phase));
  }
  return out;
}

function kubernetesControllers(
  world: World,
  workloads: Workloads,
  pools: Pools,
  probe: UsageProbe,
  cluster: number,
  settings: KubernetesCluster,
  budgets: DisruptionBudgets,
): Controller[] {
  const out: Controller[] = [
    ...nodeControllers(world, cluster),
    ...namedPods(world, cluster),
    ...workloadControllers(world, workloads, cluster, budgets),
  ];
  out.push(...podAutoscalers(world, workloads, probe, cluster, budgets));
  const groups = settings.pools
    .filter((pool): pool is AsgPool => pool.kind === 'asg')
    .map(({ name, zones }) => {
      return { pool: pools.rowOf[cluster]!.get(name)!, zone: zonesOf(world, zones)[0]! };
    });
  if (settings.clusterAutoscaler !== undefined && groups.length > 0) {
    const options = {
      ...clusterAutoscalerOptions(world, cluster, settings.clusterAutoscaler),
      groups,
      budgets,
    };
    out.push(new ClusterAutoscaler(world.cluster, options, world.market));
  }
  out.push(...karpenterOf(world, cluster, settings.karpenter, pools.nodePools[cluster]!, budgets));
  return out;
}

function clusterAutoscalerOptions(
  world: World,
  cluster: number,
  settings: NonNullable<KubernetesCluster['clusterAutoscaler']>,
): Omit<ClusterAutoscalerOptions, 'groups' | 'budgets'> {
  const { expanders, priorities, nodesPerScaleUp, nodesTotal } = settings;
  const { balanceSimilarGroups, ignoredLabels, fastPath } = settings;
  const draws = world.streams.open(`cluster-autoscaler/${cluster}`);
  return {
    ...settings,
    cluster,
    expanders: expanders.map((name) => expanderOf(name, priorities, world.parameters)),
    tieDraw: () => draws.next(),
    namespaces: surroundingsOf(world).namespaces,
    scaleUp: { nodesPerScaleUp, nodesTotal, balanceSimilarGroups, ignoredLabels, fastPath },
    scaleDown: { ...settings, nodesMax: settings.removalsMax, drainingMax: settings.drainsMax },
    phaseUs: phaseUs(world, 'cluster-autoscaler', cluster, settings.scanIntervalUs),
  };
}

/** Where no machine ever fails nobody looks for silent ones. */
function nodeControllers(world: World, cluster: number): Controller[] {
  if (world.variant.scenario.disruptions.length === 0) return [];
  const leases = new CounterDraws(world.seed, 'phase/lease');
  const options = {
    cluster,
    monitorPhaseUs: phaseUs(world, 'node-lifecycle', cluster, MONITOR_PERIOD_US),
    collectorPhaseUs: phaseUs(world, 'pod-collector', cluster, COLLECTOR_PERIOD_US),
    leasePhaseUs: (host: number) => Math.floor(leases.uniform(host) * LEASE_PERIOD_US),
  };
  return [new NodeLifecycle(world.cluster, options)];
}

/** Where pods name their nodes. */
function namedPods({ cluster: view, parameters }: World, cluster: number): Controller[] {
  const { workloads, specs } = view;
  const areNamed = Array.from({ length: workloads.count }, (_, row) => row).some(
    (row) =>
      workloads.cluster[row] === cluster &&
      (specs.at(workloads.spec[row]!).pod?.nodeName ?? '') !== '',
  );
  const latencyUs = parameters.us('kubernetes.bind-s') + parameters.us('kubernetes.stop-confirm-s');
  return areNamed ? [new NamedPods(view, cluster, latencyUs)] : [];
}

/** Rows of the zones of a group: those that are named, or all of the region. */
function zonesOf({ variant }: World, named: readonly string[] | undefined): number[] {
  const { zones } = variant.scenario;
  return zones.flatMap((zone, row) => (named?.includes(zone) === false ? [] : [row]));
}
