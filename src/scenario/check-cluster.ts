/**
 * What the parts of one cluster demand of each other, once each part is well formed.
 *
 *   own keys    distribution, percentageOfNodesToScore, gangScheduling, quotas, clusterAutoscaler and karpenter are Kubernetes', strategy, provisioning and managedScaling ECS's,
 *               queue batch's
 *   pools       Karpenter launches Kubernetes nodes only; EKS has no Fargate Spot (aws.md 4.2); batch disciplines need
 *               hosts; Fargate under Kubernetes is a feature of EKS
 *   strategy    aws.md 3.11: pools exist and stand once; one item with base > 0; a weight > 0 when there are several;
 *               one provider family, Auto Scaling groups or Fargate; external hosts are no capacity provider
 *   burst       both pools exist and differ
 */

import { DEFAULT_PROFILE } from './check-policy.ts';
import { nearestHint } from './did-you-mean.ts';
import type { Path } from './path.ts';
import type { ClusterMap } from './schema-cluster.ts';
import type { PoolSource } from './schema-pools.ts';

interface ClusterFault {
  readonly path: Path;
  readonly message: string;
  readonly at: 'key' | 'value';
}

const KEYS_OF_ONE: readonly (readonly [key: keyof ClusterMap, orchestrator: string])[] = [
  ['distribution', 'kubernetes'],
  ['percentageOfNodesToScore', 'kubernetes'],
  ['scheduler', 'kubernetes'],
  ['gangScheduling', 'kubernetes'],
  ['quotas', 'kubernetes'],
  ['clusterAutoscaler', 'kubernetes'],
  ['karpenter', 'kubernetes'],
  ['strategy', 'ecs'],
  ['provisioning', 'ecs'],
  ['queue', 'batch'],
];

export function clusterFaults(cluster: ClusterMap): ClusterFault[] {
  const faults: ClusterFault[] = [];
  const { orchestrator } = cluster;
  for (const [key, owner] of KEYS_OF_ONE) {
    if (cluster[key] === undefined || owner === orchestrator) continue;
    const message = `\`${key}\` is a key of ${owner} clusters, and this one is ${orchestrator}`;
    faults.push({ path: [key], message, at: 'key' });
  }
  if (orchestrator !== 'ecs' && (cluster.placement?.length ?? 0) > 1) {
    const message = `expected one placement policy; a list of strategies is for ecs clusters, and this one is ${orchestrator}`;
    faults.push({ path: ['placement'], message, at: 'value' });
  }
  const [policy] = cluster.placement ?? [];
  if (cluster.percentageOfNodesToScore !== undefined && policy && policy.name !== DEFAULT_PROFILE) {
    const message = `\`percentageOfNodesToScore\` is of the default profile, ${DEFAULT_PROFILE}; ${policy.name} scores every node`;
    faults.push({ path: ['percentageOfNodesToScore'], message, at: 'key' });
  }
  for (const key of ['placement', 'percentageOfNodesToScore'] as const) {
    if (cluster.scheduler === undefined || cluster[key] === undefined) continue;
    const message = `\`scheduler\` says how pods are placed; leave out \`${key}\``;
    faults.push({ path: [key], message, at: 'key' });
  }
  if (Object.keys(cluster.pools).length === 0) {
    faults.push({
      path: ['pools'],
      message: 'expected at least one pool, found none',
      at: 'value',
    });
  }
  for (const [name, pool] of Object.entries(cluster.pools)) {
    faults.push(...poolFaults(cluster, pool, ['pools', name]));
  }
  const kinds = Object.values(cluster.pools).map((pool) => pool.kind);
  if (cluster.clusterAutoscaler && orchestrator === 'kubernetes' && !kinds.includes('asg')) {
    const message = '`clusterAutoscaler` needs a pool with `asg` to scale';
    faults.push({ path: ['clusterAutoscaler'], message, at: 'key' });
  }
  if (cluster.karpenter && orchestrator === 'kubernetes' && !kinds.includes('karpenter')) {
    const message = '`karpenter` needs a pool with `karpenter` to launch hosts in';
    faults.push({ path: ['karpenter'], message, at: 'key' });
  }
  if (orchestrator === 'ecs') faults.push(...strategyFaults(cluster));
  if (cluster.burst) faults.push(...burstFaults(cluster));
  return faults;
}

function poolFaults(cluster: ClusterMap, pool: PoolSource, path: Path): ClusterFault[] {
  const { orchestrator } = cluster;
  const at = (key: string, message: string): ClusterFault[] => [
    { path: [...path, key], message, at: 'key' },
  ];
  if (pool.kubelet !== undefined && orchestrator !== 'kubernetes') {
    return at(
      'kubelet',
      `only Kubernetes nodes have a kubelet, and this cluster is ${orchestrator}`,
    );
  }
  if (pool.kubelet !== undefined && pool.kind === 'fargate') {
    return at('kubelet', "the kubelet of a Fargate pod is AWS's own and cannot be told anything");
  }
  const hostsOnly = 'a batch cluster needs hosts: use `asg` or `external`';
  for (const key of ['managedScaling', 'managedDraining', 'agent'] as const) {
    if (pool.kind !== 'asg' || pool[key] === undefined || orchestrator === 'ecs') continue;
    const message = `\`${key}\` is a matter of ECS, and this cluster is ${orchestrator}`;
    return at(key, message);
  }
  if (
    pool.kind === 'asg' &&
    pool.terminationHandler !== undefined &&
    orchestrator !== 'kubernetes'
  ) {
    const message = `nodes of Kubernetes have a termination handler, and this cluster is ${orchestrator}`;
    return at('terminationHandler', message);
  }
  if (pool.kind === 'asg' && pool.scaling.policies.length > 0) {
    const message = 'this sizes the group already; leave out `scaling`, or this';
    if (pool.managedScaling !== undefined) return at('managedScaling', message);
    if (cluster.clusterAutoscaler !== undefined) {
      return [{ path: ['clusterAutoscaler'], message, at: 'key' }];
    }
  }
  if (pool.kind === 'asg' && pool.weighted) {
    const message = '`weights` makes the size of a group capacity, and this counts hosts';
    if (pool.managedScaling !== undefined) return at('managedScaling', message);
    if (cluster.clusterAutoscaler !== undefined) {
      return [{ path: ['clusterAutoscaler'], message, at: 'key' }];
    }
  }
  if (pool.kind === 'karpenter' && orchestrator !== 'kubernetes') {
    const message = `Karpenter launches Kubernetes nodes, and this cluster is ${orchestrator}`;
    return at('karpenter', message);
  }
  if (pool.kind === 'fargate-spot' && orchestrator === 'kubernetes') {
    return at('fargateSpot', 'EKS has no Fargate Spot: its Fargate pods are all on-demand');
  }
  if (pool.kind === 'fargate' && orchestrator === 'kubernetes') {
    const { arch, os } = pool.settings;
    if (arch === 'arm64') return at('fargate', 'EKS runs no arm64 on Fargate');
    if (os === 'windows') return at('fargate', 'EKS runs no Windows on Fargate');
  }
  if (pool.kind === 'fargate-spot' && orchestrator === 'batch') return at('fargateSpot', hostsOnly);
  if (pool.kind === 'fargate' && orchestrator === 'batch') return at('fargate', hostsOnly);
  const distribution = cluster.distribution ?? 'eks';
  if (pool.kind === 'fargate' && orchestrator === 'kubernetes' && distribution !== 'eks') {
    return at('fargate', `Fargate is a feature of EKS, and this distribution is ${distribution}`);
  }
  return [];
}

function strategyFaults(cluster: ClusterMap): ClusterFault[] {
  const faults: ClusterFault[] = [];
  const report = (path: Path, message: string, at: 'key' | 'value' = 'value') =>
    faults.push({ path, message, at });
  const { strategy, pools } = cluster;
  if (strategy === undefined) {
    const open = openProviders(cluster);
    if (open.length > 1) {
      const message = `expected a \`strategy\` over the pools ${open.join(', ')}, or \`workloads\` in all but one of them`;
      report(['pools'], message, 'key');
    }
    return faults;
  }
  const families = new Set<string>();
  strategy.forEach((item, i) => {
    const pool = pools[item.pool];
    const path = ['strategy', i, 'pool'];
    if (pool === undefined) {
      report(path, unknownPool(item.pool, pools));
    } else if (strategy.findIndex((one) => one.pool === item.pool) < i) {
      report(path, `expected each pool once, found "${item.pool}" again`);
    } else if (pool.kind === 'external') {
      report(path, 'external hosts are no capacity provider and cannot be part of a strategy');
    } else {
      families.add(pool.kind === 'asg' ? 'asg' : 'fargate');
      if (families.size > 1) {
        report(path, 'a strategy cannot mix Auto Scaling groups and Fargate');
        families.delete(pool.kind === 'asg' ? 'asg' : 'fargate');
      }
    }
  });
  const based = strategy.flatMap((item, i) => (item.base > 0 ? [i] : []));
  for (const i of based.slice(1)) {
    report(['strategy', i, 'base'], 'only one item of a strategy may have a base above 0');
  }
  if (strategy.length > 1 && strategy.every((item) => item.weight === 0)) {
    report(['strategy'], 'expected an item with a weight above 0, found none');
  }
  return faults;
}

/** Provider pools that an unrestricted task could go to. */
function openProviders({ pools, burst }: ClusterMap): string[] {
  return Object.entries(pools)
    .filter(([name, pool]) => {
      const provider = pool.kind !== 'external' && pool.kind !== 'karpenter';
      return provider && pool.workloads === undefined && burst?.to !== name;
    })
    .map(([name]) => name);
}

function burstFaults({ burst, pools }: ClusterMap): ClusterFault[] {
  const faults: ClusterFault[] = [];
  for (const key of ['from', 'to'] as const) {
    const found = burst![key];
    if (Object.hasOwn(pools, found)) continue;
    faults.push({ path: ['burst', key], message: unknownPool(found, pools), at: 'value' });
  }
  if (burst!.from === burst!.to) {
    const message = `expected another pool than \`from\`, found "${burst!.to}" again`;
    faults.push({ path: ['burst', 'to'], message, at: 'value' });
  }
  return faults;
}

function unknownPool(found: string, pools: ClusterMap['pools']): string {
  const known = Object.keys(pools);
  const hint = nearestHint(found, known);
  return `expected a pool of this cluster (${known.join(', ')}), found "${found}"${hint}`;
}
