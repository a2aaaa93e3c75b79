/**
 * One cluster: who orchestrates it and where its capacity comes from. Keys of one orchestrator only are refused under
 * another, with the reason, so the rest of the program sees three plain shapes.
 */

import { DEFAULT_PROFILE } from './check-policy.ts';
import { z } from 'zod';
import { parsePolicyName } from '../base/policy-name.ts';
import type { PolicyName } from '../base/policy-name.ts';
import { clusterAutoscaler } from './schema-cluster-autoscaler.ts';
import { karpenter } from './schema-karpenter.ts';
import type { ClusterAutoscaler } from './schema-cluster-autoscaler.ts';
import type { KarpenterKeys } from './schema-karpenter.ts';
import { clusterFaults } from './check-cluster.ts';
import { pool } from './schema-pools.ts';
import { provisioning } from './schema-provisioning.ts';
import type { ProvisioningRule } from '../autoscaling/capacity-provider/provisioning.ts';
import { quotas } from './schema-quota.ts';
import type { Quota } from './schema-quota.ts';
import type { Pool } from './schema-pools.ts';
import { count, duration, either, filePath, name } from './schema-quantity.ts';

export interface StrategyItem {
  readonly pool: string;
  readonly base: number;
  readonly weight: number;
}

/** A task that `from` refused for so long goes to `to`. */
export interface Burst {
  readonly from: string;
  readonly to: string;
  readonly afterUs: number;
}

interface ClusterBase {
  readonly name: string;
  readonly pools: readonly Pool[];
  readonly burst: Burst | undefined;
}

export interface EcsCluster extends ClusterBase {
  readonly orchestrator: 'ecs';
  /** Placement strategies, each breaking the ties of those before; empty for what ECS does when nothing is stated. */
  readonly placement: readonly PolicyName[];
  /** Empty: the only provider pool is used, or `workloads` and `burst` say which. */
  readonly strategy: readonly StrategyItem[];
  readonly provisioning: ProvisioningRule;
}

const SCHEDULER_VERSIONS = ['1.36', '1.35', '1.34'] as const;
export type SchedulerVersion = (typeof SCHEDULER_VERSIONS)[number];

export interface KubernetesCluster extends ClusterBase {
  readonly orchestrator: 'kubernetes';
  readonly distribution: 'eks' | 'eks-anywhere' | 'eks-distro' | 'self-managed';
  readonly placement: PolicyName;
  /** Of the default profile; 0 adapts to the number of nodes. */
  readonly percentageOfNodesToScore: number;
  /** Path of a KubeSchedulerConfiguration; undefined for the default profile or `placement`. */
  readonly schedulerConfig: string | undefined;
  /** Release of the scheduler that the KubeSchedulerConfiguration sets up. */
  readonly schedulerVersion: SchedulerVersion;
  /** Are gangs placed all or none? */
  readonly schedulesGangs: boolean | 'coscheduling';
  /** What holds jobs back before the scheduler sees them. */
  readonly quotas: readonly Quota[];
  readonly clusterAutoscaler: ClusterAutoscaler | undefined;
  readonly karpenter: KarpenterKeys;
}

export interface BatchCluster extends ClusterBase {
  readonly orchestrator: 'batch';
  readonly placement: PolicyName;
  readonly queue: PolicyName;
}

export type Cluster = EcsCluster | KubernetesCluster | BatchCluster;

const policy = z
  .string()
  .transform((text, context): PolicyName => {
    const parsed = parsePolicyName(text);
    if (parsed.ok) return parsed.value;
    context.addIssue({ code: 'custom', message: parsed.message });
    return z.NEVER;
  })
  .meta({ title: 'policy' });

const strategyItem = z.strictObject({
  pool: name.describe('Name of a pool of this cluster.'),
  base: count.max(100_000).prefault(0).describe('Tasks that go there before weights count.'),
  weight: count.max(1_000).prefault(1).describe('Share of the tasks above all bases.'),
}) satisfies z.ZodType<StrategyItem>;

const burst = z
  .strictObject({
    from: name.describe('Pool that may refuse.'),
    to: name.describe('Pool that takes the task then.'),
    after: duration.describe('How long a task waits for `from`.'),
  })
  .transform(({ from, to, after }): Burst => ({ from, to, afterUs: after }));

/** The keys of a cluster, also used flat in a variant. */
export const clusterKeys = {
  orchestrator: z.enum(['ecs', 'kubernetes', 'batch']).describe('Who decides about tasks.'),
  distribution: z
    .exactOptional(z.enum(['eks', 'eks-anywhere', 'eks-distro', 'self-managed']))
    .describe('Kubernetes only: changes prices and node set-up; default eks.'),
  placement: z
    .exactOptional(
      either('a policy or a list of them', [
        policy.transform((one) => [one]),
        z.array(policy).min(1).max(5),
      ] as const),
    )
    .describe(
      "Placement policy, or on ECS a list of strategies. Defaults: ecs spreads services over zones, then instances, and draws a host for standalone tasks (aws.md 3.6), kubernetes `least-allocated-balanced`, batch `first-fit`. On kubernetes the default is kube-scheduler's default profile, which samples nodes and spreads services; parameter `version`. Any other policy there scores every node. The last policy may say how ties are broken: `first-fit[tieBreak=first]`, the default, or preorder, permuted, random.",
    ),
  percentageOfNodesToScore: z
    .exactOptional(count.max(100))
    .describe(
      'Kubernetes only, of the default profile: the scheduler looks for feasible nodes until it has this percentage of the nodes, at least 100, and scores these; 100 scores every node. Default 0: between 50 and 5, fewer in larger clusters.',
    ),
  scheduler: z
    .exactOptional(
      z.strictObject({
        config: filePath.describe(
          'YAML of kubescheduler.config.k8s.io, as kube-scheduler reads it.',
        ),
        version: z
          .enum(SCHEDULER_VERSIONS)
          .prefault('1.36')
          .describe(
            'Release of kube-scheduler: up to 1.35 another formula of balance, up to 1.34 draws among equals.',
          ),
      }),
    )
    .describe(
      'Kubernetes only, instead of `placement`: profiles, plugins, weights and arguments of kube-scheduler. Pods choose a profile by `schedulerName`.',
    ),
  gangScheduling: z
    .exactOptional(either('true, false or coscheduling', [z.boolean(), z.literal('coscheduling')]))
    .describe(
      'Kubernetes only: members of a gang are placed all at once or not at all: true by pod groups, alpha in 1.36; `coscheduling` by the plugin of that name, whose members find their hosts one by one and wait there for each other, 60 s at most; PodGroups of scheduling.x-k8s.io in manifests mean such groups too. A `scheduler.config` that enables Coscheduling does the same. Default false: one by one, so that parts of two gangs may wait for each other.',
    ),
  quotas: z
    .exactOptional(quotas)
    .describe(
      'Kubernetes only: jobs wait, suspended, until the quota that names them has room for the whole job (Kueue, in outline).',
    ),
  queue: z.exactOptional(policy).describe('Batch only: order of the queue; default `fcfs`.'),
  pools: z.record(name, pool).describe('Named sources of capacity, at least one.'),
  strategy: z
    .exactOptional(z.array(strategyItem).min(1))
    .describe('ECS only: capacity provider strategy, needed when tasks may go to several pools.'),
  provisioning: z.exactOptional(provisioning),
  burst: z.exactOptional(burst).describe('Where a task goes that a pool refuses for a while.'),
  clusterAutoscaler: z
    .exactOptional(clusterAutoscaler)
    .describe('Kubernetes only: Cluster Autoscaler over the asg pools.'),
  karpenter: z
    .exactOptional(karpenter)
    .describe('Kubernetes only: Karpenter over its pools, where its defaults do not do.'),
};

const clusterObject = z.strictObject(clusterKeys);
export type ClusterMap = z.output<typeof clusterObject>;

/** A flat cluster; it is called `main`. */
export const flatCluster = clusterObject.transform((map, context) =>
  clusterOf('main', map, context),
);

/** A cluster of the list `clusters`. */
export const namedCluster = z
  .strictObject({ name: name.describe('Name of the cluster, used in `place`.'), ...clusterKeys })
  .transform(({ name: own, ...map }, context) => clusterOf(own, map, context))
  .meta({ id: 'cluster' });

function clusterOf(own: string, map: ClusterMap, context: z.RefinementCtx): Cluster {
  for (const { path, message, at } of clusterFaults(map)) {
    context.addIssue({ code: 'custom', message, path: [...path], params: { at } });
  }
  const pools = Object.entries(map.pools).map(([key, source]) => ({ ...source, name: key }));
  const base = { name: own, pools, burst: map.burst };
  const { placement = [] } = map;
  switch (map.orchestrator) {
    case 'ecs':
      return {
        ...base,
        orchestrator: 'ecs',
        placement,
        strategy: map.strategy ?? [],
        provisioning: map.provisioning ?? provisioning.parse({}),
      };
    case 'kubernetes':
      return {
        ...base,
        orchestrator: 'kubernetes',
        distribution: map.distribution ?? 'eks',
        placement: placement[0] ?? { name: DEFAULT_PROFILE, parameters: {} },
        percentageOfNodesToScore: map.percentageOfNodesToScore ?? 0,
        schedulerConfig: map.scheduler?.config,
        schedulerVersion: map.scheduler?.version ?? '1.36',
        schedulesGangs: map.gangScheduling ?? false,
        quotas: map.quotas ?? [],
        clusterAutoscaler: map.clusterAutoscaler,
        karpenter: map.karpenter ?? karpenter.parse({}),
      };
    case 'batch':
      return {
        ...base,
        orchestrator: 'batch',
        placement: placement[0] ?? { name: 'first-fit', parameters: {} },
        queue: map.queue ?? { name: 'fcfs', parameters: {} },
      };
  }
}
