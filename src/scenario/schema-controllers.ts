/** What a workload may say about the controller that keeps it on Kubernetes: updates, ordered replicas, budgets. */

import { z } from 'zod';
import type { CountOrPercent } from '../cluster/controller-specs.ts';
import type { DeploymentOptions } from '../orchestration/kubernetes/controllers/rollout.ts';
import type { StatefulSetOptions } from '../orchestration/kubernetes/controllers/stateful-set-controller.ts';
import type { DaemonSetOptions } from '../orchestration/kubernetes/controllers/daemon-set-controller.ts';
import type { BudgetRule } from '../orchestration/kubernetes/controllers/disruption-budgets.ts';
import { count, duration, either } from './schema-quantity.ts';

/** A number of pods, or a percentage of them. */
const pods = either('a number of pods or a percentage such as 25%', [
  count.transform((pieces): CountOrPercent => ({ count: pieces })),
  z
    .string()
    .regex(/^\d+%$/)
    .transform((text): CountOrPercent => ({ percent: Number(text.slice(0, -1)) })),
]);

/** Of all of them at most: the API refuses more than 100 % where pods are said to stay or to be missing. */
const pieceOfAll = pods.refine((amount) => !('percent' in amount) || amount.percent <= 100, {
  error: 'expected at most 100%',
});

const minReady = duration
  .prefault('0s')
  .describe('How long a pod must be ready before it counts as available.');

export const deployment = z
  .strictObject({
    strategy: z
      .enum(['RollingUpdate', 'Recreate'])
      .prefault('RollingUpdate')
      .describe('Old pods go while new ones come, or all of them before.'),
    maxSurge: pods.prefault('25%').describe('Pods above the replicas; percentages round up.'),
    maxUnavailable: pieceOfAll
      .prefault('25%')
      .describe('Replicas that may be missing; percentages round down.'),
    minReady,
  })
  .transform(({ minReady: minReadyUs, ...kept }): DeploymentOptions => {
    return { ...kept, minReadyUs, isPaused: false, revisionHistoryLimit: 10 };
  });

export const statefulSet = z
  .strictObject({
    podManagement: z
      .enum(['OrderedReady', 'Parallel'])
      .prefault('OrderedReady')
      .describe('One pod after the other, or all at once.'),
    update: z
      .enum(['RollingUpdate', 'OnDelete'])
      .prefault('RollingUpdate')
      .describe('Whether a rollout replaces pods, or only pods that are made anew have it.'),
    partition: count.prefault(0).describe('Pods with a lower ordinal keep the old revision.'),
    firstOrdinal: count.prefault(0).describe('Ordinal of the first pod.'),
    volumesWhenScaled: z
      .enum(['Retain', 'Delete'])
      .prefault('Retain')
      .describe('Whether the `volumes` of a replica are kept when there are fewer replicas.'),
    minReady,
  })
  .transform(({ minReady: minReadyUs, ...kept }) => {
    return { ...kept, minReadyUs } satisfies StatefulSetOptions;
  });

export const daemonSet = z
  .strictObject({
    update: z
      .enum(['RollingUpdate', 'OnDelete'])
      .prefault('RollingUpdate')
      .describe('Whether a rollout replaces pods.'),
    maxUnavailable: pieceOfAll
      .prefault(1)
      .describe('Nodes whose pod may be missing; percentages round up.'),
    maxSurge: pieceOfAll
      .prefault(0)
      .describe('Nodes with an old and a new pod; percentages round up.'),
    minReady,
  })
  .transform(({ minReady: minReadyUs, ...kept }): DaemonSetOptions => ({ ...kept, minReadyUs }));

export const disruptionBudget = z
  .strictObject({
    minAvailable: z.exactOptional(pieceOfAll).describe('Pods that stay; percentages round up.'),
    maxUnavailable: z
      .exactOptional(pieceOfAll)
      .describe('Pods that may be missing; they round up too.'),
    unhealthyPodEviction: z
      .enum(['IfHealthyBudget', 'AlwaysAllow'])
      .prefault('IfHealthyBudget')
      .describe('Whether pods that are not ready may always be evicted.'),
  })
  .transform((map, context): BudgetRule => {
    if ((map.minAvailable === undefined) === (map.maxUnavailable === undefined)) {
      const found = map.minAvailable === undefined ? 'neither' : 'both';
      const message = `expected either \`minAvailable\` or \`maxUnavailable\`, found ${found}`;
      context.addIssue({ code: 'custom', message, params: { at: 'key' } });
    }
    return map;
  });
