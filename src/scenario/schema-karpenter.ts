/**
 * Source `karpenter` of a pool, and key `karpenter` of a Kubernetes cluster.
 *
 * A pool names files of NodePools, or is one NodePool itself: then its keys choose instance types and say what its
 * disruption keys say in Karpenter (aws.md 1.19, 1.21-1.24).
 */

import { z } from 'zod';
import { parseCron } from '../base/cron-schedule.ts';
import {
  CONSOLIDATION_POLICIES,
  DISRUPTION_REASONS,
  PLAIN_NODE_POOL,
} from '../workload/manifests/node-pool-spec.ts';
import { capacityType, catalogueWord, instanceType } from './schema-instance-types.ts';
import {
  bytes,
  count,
  cpu,
  duration,
  durationOrNever,
  either,
  filePath,
} from './schema-quantity.ts';
import type { DisruptionBudget } from '../workload/manifests/node-pool-spec.ts';

const nodes = either('a number of nodes or a whole percentage such as "10%"', [
  count.transform((number): DisruptionBudget['nodes'] => ({ count: number })),
  z
    .string()
    .regex(/^(100|\d{1,2})%$/)
    .transform((text): DisruptionBudget['nodes'] => ({ percent: Number(text.slice(0, -1)) })),
]);

const schedule = z
  .string()
  .superRefine((text, context) => {
    const parsed = parseCron(text);
    if (typeof parsed === 'string') context.addIssue({ code: 'custom', message: parsed });
  })
  .meta({ title: 'cron expression' });

const budget = z
  .strictObject({
    nodes: nodes.describe('Most nodes at once; a percentage is rounded up.'),
    reasons: z
      .array(z.enum(DISRUPTION_REASONS))
      .prefault([])
      .describe('For what it holds; empty for everything.'),
    schedule: z
      .exactOptional(schedule)
      .describe('When it begins to hold, in UTC; with `duration`.'),
    duration: z.exactOptional(duration).describe('How long it holds then.'),
  })
  .transform(({ schedule: from, duration: durationUs, ...kept }, context): DisruptionBudget => {
    if ((from === undefined) !== (durationUs === undefined)) {
      const message = 'expected `schedule` and `duration` together, found one of them';
      context.addIssue({ code: 'custom', message });
    }
    if (from === undefined || durationUs === undefined) return kept;
    return { ...kept, window: { schedule: from, durationUs } };
  });

/** Keys that a file of NodePools says itself. */
const ownKeys = {
  instanceTypes: z.exactOptional(z.array(instanceType).min(1)).describe('Allowed types.'),
  families: z
    .exactOptional(z.array(catalogueWord('family')).min(1))
    .describe('Allowed families such as m6i.'),
  categories: z
    .exactOptional(z.array(catalogueWord('category')).min(1))
    .describe('Allowed categories; default c, m and r when no other key chooses.'),
  capacityTypes: z
    .exactOptional(z.array(capacityType).min(1))
    .describe('How hosts may be bought; default on-demand.'),
  arch: z
    .exactOptional(z.array(z.enum(['amd64', 'arm64'])).min(1))
    .describe('Allowed processor architectures; default amd64.'),
  limits: z
    .exactOptional(
      z
        .strictObject({
          cpu: z.exactOptional(cpu).describe('Most CPU of all hosts.'),
          memory: z.exactOptional(bytes).describe('Most memory of all hosts.'),
          nodes: z.exactOptional(count).describe('Most hosts.'),
        })
        .transform((map) => ({
          cpuTicks: map.cpu ?? Infinity,
          memoryBytes: map.memory ?? Infinity,
          nodes: map.nodes ?? Infinity,
        })),
    )
    .describe('Most that the pool may launch.'),
  replicas: z
    .exactOptional(count)
    .describe('A static pool: so many hosts, whatever pods there are; none is consolidated.'),
  consolidationPolicy: z
    .exactOptional(z.enum(CONSOLIDATION_POLICIES))
    .describe(
      'Which hosts may be consolidated: empty ones alone, underutilized ones too (the default), or these where what is saved is worth the disruption.',
    ),
  consolidateAfter: z
    .exactOptional(durationOrNever)
    .describe('Quiet time after which a host may be consolidated; default 0s.'),
  budgets: z
    .exactOptional(z.array(budget).max(50))
    .describe('Most hosts on their way out at once; default 10%.'),
  expireAfter: z
    .exactOptional(durationOrNever)
    .describe('Age at which a host is replaced; default 720h.'),
  terminationGracePeriod: z
    .exactOptional(duration)
    .describe('Time after which a host that is to go goes, whatever holds it; default none.'),
};

export const karpenterPool = z
  .strictObject({
    nodePools: z
      .exactOptional(
        either('a file of NodePools or a list of them', [
          filePath.transform((one) => [one]),
          z.array(filePath).min(1),
        ] as const),
      )
      .describe('YAML with NodePools and node classes, instead of the keys below.'),
    autoMode: z
      .exactOptional(z.enum(['general-purpose', 'system', 'own']))
      .describe(
        'EKS Auto Mode runs the hosts, for a fee: one of its two built-in NodePools, or the one that the keys below say, within its bounds.',
      ),
    ...ownKeys,
    amiReleases: z
      .exactOptional(
        z.strictObject({
          first: duration.describe('Time of the first release.'),
          every: z
            .exactOptional(duration)
            .describe('Time from one to the next; default: only one.'),
        }),
      )
      .describe('Releases of the image that hosts boot from: hosts of an older one have drifted.'),
  })
  .transform((map, context) => {
    const stated = (Object.keys(ownKeys) as (keyof typeof ownKeys)[]).filter(
      (key) => map[key] !== undefined,
    );
    for (const key of map.nodePools === undefined ? [] : stated) {
      const says = ['instanceTypes', 'families', 'categories'].includes(key)
        ? 'what may be launched'
        : key;
      const message = `\`nodePools\` already says ${says}; leave out \`${key}\``;
      context.addIssue({ code: 'custom', message, path: [key], params: { at: 'key' } });
    }
    const isBuiltIn = map.autoMode === 'general-purpose' || map.autoMode === 'system';
    for (const key of isBuiltIn ? ([...stated, 'nodePools'] as const) : []) {
      if (map[key] === undefined) continue;
      const message = `the built-in pool ${map.autoMode} says that itself; leave out \`${key}\`, or say \`autoMode: own\``;
      context.addIssue({ code: 'custom', message, path: [key], params: { at: 'key' } });
    }
    const { nodePools, instanceTypes, families, categories, capacityTypes, arch } = map;
    const chosen =
      nodePools !== undefined || (instanceTypes ?? families ?? categories) !== undefined;
    return {
      kind: 'karpenter' as const,
      autoMode: map.autoMode,
      nodePools,
      instanceTypes: instanceTypes ?? [],
      families: families ?? [],
      categories: categories ?? (chosen ? [] : ['c', 'm', 'r']),
      capacityTypes: capacityTypes ?? ['on-demand' as const],
      arch: arch ?? ['amd64' as const],
      limits: map.limits ?? PLAIN_NODE_POOL.limits,
      ...(map.replicas === undefined ? {} : { replicas: map.replicas }),
      consolidationPolicy: map.consolidationPolicy ?? PLAIN_NODE_POOL.consolidationPolicy,
      consolidateAfterUs: map.consolidateAfter ?? PLAIN_NODE_POOL.consolidateAfterUs,
      budgets: map.budgets ?? PLAIN_NODE_POOL.budgets,
      expireAfterUs: map.expireAfter ?? PLAIN_NODE_POOL.expireAfterUs,
      terminationGracePeriodUs: map.terminationGracePeriod ?? Infinity,
      amiReleases:
        map.amiReleases === undefined
          ? undefined
          : { firstUs: map.amiReleases.first, everyUs: map.amiReleases.every ?? Infinity },
    };
  });

/** Key `karpenter` of a cluster: what holds for all of its NodePools. */
export const karpenter = z.strictObject({
  version: z
    .enum(['1.13', '1.14'])
    .prefault('1.14')
    .describe(
      'Release: up to 1.13 the hosts whose tasks cost least to move are consolidated first, since 1.14 those with the highest price for that cost.',
    ),
  preferencePolicy: z
    .enum(['Respect', 'Ignore'])
    .prefault('Respect')
    .describe('Whether preferences of pods count as required until they are given up one by one.'),
  minValuesPolicy: z
    .enum(['Strict', 'BestEffort'])
    .prefault('Strict')
    .describe('Whether a host may be launched of fewer kinds than `minValues` asks for.'),
  spotToSpotConsolidation: z
    .boolean()
    .prefault(false)
    .describe('Feature gate: spot hosts may give way to cheaper spot hosts.'),
  nodeRepair: z
    .boolean()
    .prefault(false)
    .describe('Feature gate: hosts that are silent for 30 minutes are replaced.'),
});

export type KarpenterKeys = z.output<typeof karpenter>;
