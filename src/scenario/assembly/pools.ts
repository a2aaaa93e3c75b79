/** From the pools of every cluster to pool rows, own hosts, pull paths and the price list. */

import { PLAIN_AGENT } from '../../cluster/agent-settings.ts';
import { CAPACITY_TYPE, LAUNCH_TYPE } from '../../cluster/hosts.ts';
import { GIB, TICKS_PER_CORE } from '../../base/units.ts';
import { HOST_KEY } from '../../orchestration/kubernetes/topology-keys.ts';
import { GPU_MODEL_LABEL } from '../../workload/traces/openb-pods.ts';
import { autoModeBounds, autoModeFee, autoModeReleases, builtInPool } from './auto-mode.ts';
import { PLAIN_NODE_POOL, requirementsOfChoice } from '../../autoscaling/karpenter/config.ts';
import {
  ebsGibNanoUsdPerHour,
  ebsNanoUsdPerHour,
  fargateNanoUsdPerHour,
  fargateStorageNanoUsdPerHour,
  listPriceNanoUsd,
} from '../../cloud/prices.ts';
import { readNodePools } from '../../workload/manifests/node-pool.ts';
import { ownNodeAllocatable } from '../../orchestration/kubernetes/node/allocatable.ts';
import { KUBELET_PULL_LIMIT } from '../../images/pull-limit.ts';
import { pullPath } from '../../images/pull-path.ts';
import { zoneRow } from './world.ts';
import type { Cluster as ClusterSettings } from '../schema-cluster.ts';
import type { AgentSettings } from '../../cluster/agent-settings.ts';
import type { AsgPool, ExternalPool, KarpenterPool, Pool } from '../schema-pools.ts';
import type { HostDescription } from '../../cluster/hosts.ts';
import type { HostShape } from '../../cluster/spec.ts';
import type { NodePoolManifest } from '../../workload/manifests/node-pool-spec.ts';
import type { NodePoolConfig } from '../../autoscaling/karpenter/config.ts';
import type { PoolFee, PriceList } from '../../metrics/bill.ts';
import type { PullPath } from '../../images/pull-path.ts';
import type { Workloads } from './workloads.ts';
import type { World } from './world.ts';

/** Zone of own hosts that name none. */
export const ON_PREM_ZONE = 'on-prem';

const SLOTS_UNBOUNDED = 1_000_000;

export interface Pools {
  /** Row by cluster and name. */
  readonly rowOf: Map<string, number>[];
  readonly ownHosts: HostDescription[];
  readonly pullPaths: PullPath[];
  readonly prices: PriceList;
  /** Karpenter's NodePools by cluster. */
  readonly nodePools: NodePoolConfig[][];
}

interface Draft {
  readonly rowOf: Map<string, number>[];
  readonly ownHosts: HostDescription[];
  readonly pullPaths: PullPath[];
  readonly poolFees: PoolFee[][];
  readonly fargate: PriceList['fargate'][number][];
  readonly nodePools: NodePoolConfig[][];
}

export function assemblePools(world: World, workloads: Workloads): Pools {
  const draft: Draft = {
    rowOf: [],
    ownHosts: [],
    pullPaths: [],
    poolFees: [],
    fargate: [],
    nodePools: [],
  };
  const controlPlane: number[] = [];
  for (const [cluster, settings] of world.variant.clusters.entries()) {
    draft.rowOf.push(new Map());
    draft.nodePools.push([]);
    for (const pool of settings.pools) {
      if (pool.kind === 'karpenter') addNodePools(world, draft, workloads, cluster, settings, pool);
      else addPool(world, draft, workloads, cluster, settings, pool);
    }
    controlPlane.push(controlPlanePrice(world, settings));
  }
  const volumeGib = (type: string) => ebsGibNanoUsdPerHour(type, world.parameters);
  const { rowOf, ownHosts, pullPaths, poolFees, fargate, nodePools } = draft;
  return {
    rowOf,
    ownHosts,
    pullPaths,
    nodePools,
    prices: {
      poolFees,
      fargate,
      controlPlane,
      supply: world.supply,
      volumeGib,
      ...agreementOf(world),
    },
  };
}

/** Nothing when nothing was agreed. */
function agreementOf({ variant }: World): Pick<PriceList, 'agreement'> {
  const { prices } = variant.scenario;
  const isPlain = prices.reserved.length + prices.plans.length + prices.discountPercent === 0;
  return isPlain ? {} : { agreement: prices };
}

function addPool(
  world: World,
  draft: Draft,
  workloads: Workloads,
  cluster: number,
  settings: ClusterSettings,
  pool: Pool,
): number {
  const { pools } = world.cluster;
  const description = {
    name: pool.name,
    cluster,
    kind: pool.kind,
    instanceTypes: pool.kind === 'asg' ? pool.instanceTypes : [],
    spot: pool.kind === 'asg' && pool.capacityType === 'spot',
    labels: pool.labels,
    taints: pool.taints,
    workloads: (pool.workloads ?? []).flatMap((name) => workloads.rowsOf.get(name) ?? []),
    ...(pool.kubelet === undefined ? {} : { kubelet: pool.kubelet }),
    ...(pool.kind === 'asg' ? { agent: agentOf(pool) } : {}),
    ...('settings' in pool ? { fargate: pool.settings } : {}),
    ...(pool.kind === 'asg' && pool.terminationHandler === true ? { hearsNotices: true } : {}),
  };
  const isGroup = pool.kind === 'asg';
  const row = pools.add(
    description,
    isGroup ? pool.min : 0,
    isGroup ? pool.max : 0,
    isGroup ? pool.initial : 0,
  );
  draft.rowOf[cluster]!.set(pool.name, row);
  draft.pullPaths[row] = pathOf(world, settings, pool);
  draft.poolFees[row] = feesOf(world, settings, pool);
  draft.fargate[row] = fargatePrices(world, pool);
  if (pool.kind === 'external') addOwnHosts(world, draft, cluster, settings, pool, row);
  return row;
}

function agentOf({ agent, managedDraining }: AsgPool): AgentSettings {
  return { ...PLAIN_AGENT, ...agent, isDrained: managedDraining ?? PLAIN_AGENT.isDrained };
}

/** A pool that names a file has a row for each NodePool in it; else its keys are its one NodePool. */
function addNodePools(
  world: World,
  draft: Draft,
  workloads: Workloads,
  cluster: number,
  settings: ClusterSettings,
  pool: KarpenterPool,
): void {
  const zones = world.variant.scenario.zones.map((_, zone) => zone);
  for (const manifest of manifestsOf(world, pool)) {
    const { name, labels, taints, kubelet, ...config } = manifest;
    const own = {
      ...pool,
      name,
      labels: { ...labels, ...pool.labels, 'karpenter.sh/nodepool': name },
      taints: [...taints, ...pool.taints],
      kubelet: pool.kubelet ?? kubelet,
      rootVolume: pool.rootVolume ?? kubelet?.imageDiskBytes,
    };
    const row = addPool(world, draft, workloads, cluster, settings, own);
    if (manifest.isAutoMode) {
      const ofType = (type: string) => autoModeFee(type, world.market);
      draft.poolFees[row]!.push({
        item: 'eks-auto-mode',
        nanoUsdPerHour: 0,
        isPerCore: false,
        ofType,
      });
    }
    const { amiReleases } = pool;
    const imageReleases = manifest.isAutoMode ? autoModeReleases(amiReleases) : amiReleases;
    const releases = imageReleases === undefined ? {} : { imageReleases };
    draft.nodePools[cluster]!.push({ ...config, ...releases, name, pool: row, zones });
  }
}

/** ECS agents and EKS nodes pull side by side, a plain kubelet one image after the other; a micro-VM has one image. */
function pathOf({ parameters }: World, settings: ClusterSettings, pool: Pool): PullPath {
  if (pool.kind === 'fargate' || pool.kind === 'fargate-spot') {
    return pullPath('fargate', 'serial', parameters);
  }
  const isPlainKubelet = settings.orchestrator === 'kubernetes' && pool.kind === 'external';
  const launchType = pool.kind === 'external' ? 'external' : 'ec2';
  const path = pullPath(launchType, isPlainKubelet ? 'serial' : 'parallel', parameters);
  if (settings.orchestrator !== 'kubernetes') return path;
  const { diskBytes, imageDiskBytes = diskBytes } = pool.kubelet ?? {};
  const isDiskShared = diskBytes !== undefined && pool.kubelet?.imageDiskBytes === undefined;
  return {
    ...path,
    limit: KUBELET_PULL_LIMIT,
    ...(imageDiskBytes === undefined ? {} : { imageDiskBytes, isDiskShared }),
  };
}

/** What AWS charges on top of the host itself: the root volume of an instance, management of a host that one owns. */
function feesOf(world: World, settings: ClusterSettings, pool: Pool): PoolFee[] {
  if (pool.kind === 'external') return ownHostFees(world, settings);
  if (pool.kind !== 'asg' && pool.kind !== 'karpenter') return [];
  const { parameters } = world;
  const image = settings.orchestrator === 'kubernetes' ? 'kubernetes' : 'ecs';
  const gigabytes =
    pool.rootVolume === undefined ? parameters.get(`ebs.root-${image}-gb`) : pool.rootVolume / GIB;
  if (gigabytes === 0) return [];
  return [
    { item: 'ebs', nanoUsdPerHour: ebsNanoUsdPerHour(gigabytes, parameters), isPerCore: false },
  ];
}

/** aws.md 7.1, 7.2. */
function ownHostFees({ parameters }: World, settings: ClusterSettings): PoolFee[] {
  if (settings.orchestrator === 'ecs') {
    const nanoUsdPerHour = listPriceNanoUsd('price.ecs-anywhere-host-usd', parameters);
    return [{ item: 'ecs-anywhere', nanoUsdPerHour, isPerCore: false }];
  }
  if (settings.orchestrator === 'kubernetes' && settings.distribution === 'eks') {
    const nanoUsdPerHour = listPriceNanoUsd('price.hybrid-node-vcpu-usd', parameters);
    return [{ item: 'hybrid-node', nanoUsdPerHour, isPerCore: true }];
  }
  return [];
}

function controlPlanePrice({ parameters }: World, settings: ClusterSettings): number {
  if (settings.orchestrator !== 'kubernetes' || settings.distribution !== 'eks') return 0;
  return listPriceNanoUsd('price.eks-cluster-standard-usd', parameters);
}

function fargatePrices({ market }: World, pool: Pool): PriceList['fargate'][number] {
  if (pool.kind !== 'fargate' && pool.kind !== 'fargate-spot') return undefined;
  const { region, parameters } = market;
  const { arch, os } = pool.settings;
  const capacityType = pool.kind === 'fargate-spot' ? 'spot' : 'on-demand';
  const priceOf = (cpuTicks: number, memoryBytes: number) =>
    fargateNanoUsdPerHour(
      { cpuTicks, memoryBytes },
      { arch, os, capacityType, region },
      parameters,
    );
  return {
    vcpu: priceOf(TICKS_PER_CORE, 0),
    gib: priceOf(0, GIB),
    storage: fargateStorageNanoUsdPerHour(region, parameters),
  };
}

function addOwnHosts(
  world: World,
  draft: Draft,
  cluster: number,
  settings: ClusterSettings,
  pool: ExternalPool,
  row: number,
): void {
  const zone = pool.zone === '' ? ON_PREM_ZONE : pool.zone;
  const isKubernetes = settings.orchestrator === 'kubernetes';
  for (const shape of shapesOf(world, pool)) {
    const { cpuTicks, memoryBytes } = shape;
    const { node } = shape;
    const allocatable = !isKubernetes
      ? { cpuTicks, memoryBytes, pods: SLOTS_UNBOUNDED }
      : (node ?? ownNodeAllocatable(cpuTicks, memoryBytes, pool.kubelet));
    draft.ownHosts.push({
      name: shape.name,
      cluster,
      pool: row,
      zone: zoneRow(world, zone),
      instanceType: '',
      launchType: LAUNCH_TYPE.external,
      capacityType: CAPACITY_TYPE.none,
      labels: {
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'beta.kubernetes.io/arch': 'amd64',
        'topology.kubernetes.io/zone': zone,
        'berth.dev/pool': pool.name,
        ...(shape.gpuModel === '' ? {} : { [GPU_MODEL_LABEL]: shape.gpuModel }),
        ...labelsOfKind(node?.labels ?? {}),
        ...pool.labels,
      },
      taints: [...(node?.taints ?? []), ...pool.taints],
      cpuCapacityTicks: cpuTicks,
      memoryCapacityBytes: memoryBytes,
      cpuAllocatableTicks: allocatable.cpuTicks,
      memoryAllocatableBytes: allocatable.memoryBytes,
      slots: allocatable.pods,
      gpuCount: shape.gpuCount,
      priceNanoUsdPerHour: pool.costPerHourNanoUsd,
    });
  }
}

/** The host name is no label here: hosts with the same labels are of one kind, and every host has a name besides. */
function labelsOfKind(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => key !== HOST_KEY));
}

/** Equal hosts, or the listed ones: of n hosts, share s keeps ceil(s n), evenly over the list. */
function shapesOf(world: World, pool: ExternalPool): readonly HostShape[] {
  const { hosts } = pool;
  if (hosts.kind === 'file') {
    const all = world.inputs.hosts[hosts.file]!;
    const kept = Math.ceil(hosts.share * all.length);
    return Array.from({ length: kept }, (_, i) => all[Math.floor((i * all.length) / kept)]!);
  }
  const { cpuTicks, memoryBytes, gpuCount, gpuModel } = hosts;
  return Array.from({ length: hosts.count }, (_, i) => {
    return { name: `${pool.name}-${i}`, cpuTicks, memoryBytes, gpuCount, gpuModel };
  });
}

/** Within the bounds of Auto Mode, where AWS runs the nodes. */
function manifestsOf(world: World, pool: KarpenterPool): readonly NodePoolManifest[] {
  return writtenManifests(world, pool).map((manifest) =>
    manifest.isAutoMode ? autoModeBounds(manifest) : manifest,
  );
}

function writtenManifests(world: World, pool: KarpenterPool): readonly NodePoolManifest[] {
  if (pool.autoMode === 'general-purpose' || pool.autoMode === 'system') {
    return [builtInPool(pool.name, pool.autoMode)];
  }
  if (pool.nodePools !== undefined) {
    const { nodePools, notes } = readNodePools(
      pool.nodePools.map((file) => ({ file, text: world.inputs.nodePools[file]! })),
    );
    for (const { file, line, message } of notes) world.notes.push(`${file}:${line}: ${message}`);
    return nodePools;
  }
  return [
    {
      ...PLAIN_NODE_POOL,
      name: pool.name,
      requirements: requirementsOfChoice(pool),
      limits: pool.limits,
      consolidationPolicy: pool.consolidationPolicy,
      consolidateAfterUs: pool.consolidateAfterUs,
      budgets: pool.budgets,
      expireAfterUs: pool.expireAfterUs,
      terminationGracePeriodUs: pool.terminationGracePeriodUs,
      ...(pool.replicas === undefined ? {} : { replicas: pool.replicas }),
      isAutoMode: pool.autoMode === 'own',
    },
  ];
}
