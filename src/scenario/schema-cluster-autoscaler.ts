/** Key `clusterAutoscaler` of a Kubernetes cluster. */

import { z } from 'zod';
import { compilePattern } from './pattern.ts';
import { count, duration, either, positiveDuration, share } from './schema-quantity.ts';
import type { GroupBackOff } from '../autoscaling/cluster-autoscaler/scale-up-requests.ts';
import type { SkippedNodes } from '../autoscaling/cluster-autoscaler/pod-rules.ts';
import type { UnreadyLimits } from '../autoscaling/cluster-autoscaler/cluster-state.ts';
import type { PriorityRule } from '../autoscaling/cluster-autoscaler/expanders/priority.ts';

const EXPANDER_NAMES = [
  'random',
  'most-pods',
  'least-nodes',
  'least-waste',
  'priority',
  'price',
] as const;

export type ExpanderName = (typeof EXPANDER_NAMES)[number];

export interface ClusterAutoscaler {
  /** Each filters what the one before left. */
  readonly expanders: readonly ExpanderName[];
  /** Of the expander `priority`. */
  readonly priorities: readonly PriorityRule[];
  readonly scanIntervalUs: number;
  readonly unneededTimeUs: number;
  readonly unreadyTimeUs: number;
  readonly utilizationThreshold: number;
  readonly gpuUtilizationThreshold: number;
  readonly skips: SkippedNodes;
  readonly ignoresDaemons: boolean;
  readonly recheckUs: number;
  readonly expendableBelow: number;
  readonly removesNodes: boolean;
  readonly softTaintsMax: number;
  readonly groupBackOff: GroupBackOff;
  readonly unready: UnreadyLimits;
  readonly newPodDelayUs: number;
  readonly delayAfterAddUs: number;
  readonly delayAfterDeleteUs: number;
  readonly provisionUs: number;
  /** 0 for no limit. */
  readonly nodesTotal: number;
  readonly nodesPerScaleUp: number;
  readonly balanceSimilarGroups: boolean;
  readonly ignoredLabels: readonly string[];
  readonly fastPath: boolean;
  readonly removalsMax: number;
  readonly drainsMax: number;
  readonly afterTaintUs: number;
  readonly evictionUs: number;
  readonly graceMaxUs: number;
}

const expander = z.enum(EXPANDER_NAMES);

const pattern = z
  .string()
  .transform((text, context): RegExp => {
    const compiled = compilePattern(text);
    if (typeof compiled !== 'string') return compiled;
    context.addIssue({ code: 'custom', message: `expected a regular expression: ${compiled}` });
    return z.NEVER;
  })
  .meta({ title: 'regular expression' });

const priorityRule = z.strictObject({
  priority: z.int().describe('The group with the highest number grows.'),
  pools: z.array(pattern).min(1).describe('Regular expressions on names of pools.'),
});

export const clusterAutoscaler = z
  .strictObject({
    expander: either('an expander or a list of them', [
      expander.transform((one) => [one]),
      z.array(expander).min(1),
    ] as const)
      .prefault('least-waste')
      .describe('How one of several groups is chosen; in a list each filters what is left.'),
    priorities: z
      .array(priorityRule)
      .prefault([])
      .describe('Of the expander `priority`: which groups come first.'),
    scanInterval: duration.prefault('10s').describe('Time between two loops.'),
    unneededTime: duration.prefault('10m').describe('Idle time before a host is removed.'),
    unreadyTime: duration.prefault('20m').describe('The same for a host that is not ready.'),
    utilizationThreshold: share.prefault(0.5).describe('A host below it counts as unneeded.'),
    gpuUtilizationThreshold: share
      .prefault(0.5)
      .describe('The same for a host with GPUs, of which those alone count.'),
    ignoreDaemonSetsUtilization: z
      .boolean()
      .prefault(false)
      .describe('Leaves daemons out of what is used of a host, and of what there is.'),
    unremovableNodeRecheckTimeout: duration
      .prefault('5m')
      .describe('A host whose tasks fit nowhere else is not asked about again for so long.'),
    scaleDownEnabled: z.boolean().prefault(true).describe('Whether hosts are ever removed.'),
    minReplicaCount: count
      .prefault(0)
      .describe('Keeps a host with a task of a service that wants fewer replicas.'),
    maxBulkSoftTaintCount: count
      .prefault(10)
      .describe('Unneeded hosts that are tainted in a loop, softly; 0 for none at all.'),
    expendablePodsPriorityCutoff: z
      .int()
      .prefault(-10)
      .describe('No host is added, and none kept, for tasks of lower priority.'),
    maxTotalUnreadyShare: share
      .prefault(0.45)
      .describe('With a larger share of hosts unready nothing is done.'),
    okTotalUnreadyCount: count.prefault(3).describe('So many unready hosts matter nothing.'),
    initialNodeGroupBackoff: duration
      .prefault('5m')
      .describe('How long a group that did not deliver is left alone; doubled with each failure.'),
    maxNodeGroupBackoff: duration.prefault('30m').describe('The longest such time.'),
    nodeGroupBackoffReset: duration
      .prefault('3h')
      .describe('Time without a failure after which it is as at first.'),
    skipNodesWithSystemPods: z
      .boolean()
      .prefault(true)
      .describe('Keeps a host with a young task of kube-system that no budget covers.'),
    skipNodesWithLocalStorage: z
      .boolean()
      .prefault(true)
      .describe('Keeps a host with a task that has local storage.'),
    newPodScaleUpDelay: duration
      .prefault('0s')
      .describe('No host is added for a task that is not older.'),
    delayAfterAdd: duration.prefault('10m').describe('No removal for so long after a scale-out.'),
    delayAfterDelete: duration.prefault('0s').describe('No removal for so long after a removal.'),
    maxNodeProvisionTime: positiveDuration
      .prefault('15m')
      .describe('A group that has not delivered by then is left alone for a while.'),
    maxNodesTotal: count.prefault(0).describe('Most nodes of the cluster; 0 for no limit.'),
    maxNodesPerScaleUp: z.int().min(1).prefault(1000).describe('Most nodes of one scale-out.'),
    balanceSimilarNodeGroups: z
      .boolean()
      .prefault(false)
      .describe('Shares a scale-out among groups that are alike.'),
    balancingIgnoreLabels: z
      .array(z.string())
      .prefault([])
      .describe('Labels by which groups that are alike may differ.'),
    fastpathBinpacking: z
      .boolean()
      .prefault(false)
      .describe(
        'Packs one node of the largest group of like tasks, and takes the others to be like it.',
      ),
    maxScaleDownParallelism: z.int().min(1).prefault(10).describe('Most removals at a time.'),
    maxDrainParallelism: z
      .int()
      .min(1)
      .prefault(1)
      .describe('Most of them of hosts that have tasks.'),
    nodeDeleteDelayAfterTaint: duration
      .prefault('5s')
      .describe('Time between the taint on a host and the look whether it may still go.'),
    maxPodEvictionTime: duration
      .prefault('2m')
      .describe('A host whose tasks budgets hold for so long serves again.'),
    maxGracefulTermination: duration
      .prefault('10m')
      .describe('Longest grace period of a task on a host that is removed.'),
  })
  .transform((map): ClusterAutoscaler => ({
    expanders: map.expander,
    priorities: map.priorities.map(({ priority, pools }) => ({ priority, patterns: pools })),
    scanIntervalUs: map.scanInterval,
    unneededTimeUs: map.unneededTime,
    unreadyTimeUs: map.unreadyTime,
    utilizationThreshold: map.utilizationThreshold,
    gpuUtilizationThreshold: map.gpuUtilizationThreshold,
    skips: {
      withSystemPods: map.skipNodesWithSystemPods,
      withLocalStorage: map.skipNodesWithLocalStorage,
      replicasMin: map.minReplicaCount,
    },
    ignoresDaemons: map.ignoreDaemonSetsUtilization,
    recheckUs: map.unremovableNodeRecheckTimeout,
    expendableBelow: map.expendablePodsPriorityCutoff,
    removesNodes: map.scaleDownEnabled,
    softTaintsMax: map.maxBulkSoftTaintCount,
    groupBackOff: {
      initialUs: map.initialNodeGroupBackoff,
      maxUs: map.maxNodeGroupBackoff,
      resetUs: map.nodeGroupBackoffReset,
    },
    unready: {
      okUnready: map.okTotalUnreadyCount,
      unreadyShareMax: map.maxTotalUnreadyShare,
    },
    newPodDelayUs: map.newPodScaleUpDelay,
    delayAfterAddUs: map.delayAfterAdd,
    delayAfterDeleteUs: map.delayAfterDelete,
    provisionUs: map.maxNodeProvisionTime,
    nodesTotal: map.maxNodesTotal,
    nodesPerScaleUp: map.maxNodesPerScaleUp,
    balanceSimilarGroups: map.balanceSimilarNodeGroups,
    ignoredLabels: map.balancingIgnoreLabels,
    fastPath: map.fastpathBinpacking,
    removalsMax: map.maxScaleDownParallelism,
    drainsMax: map.maxDrainParallelism,
    afterTaintUs: map.nodeDeleteDelayAfterTaint,
    evictionUs: map.maxPodEvictionTime,
    graceMaxUs: map.maxGracefulTermination,
  }));
