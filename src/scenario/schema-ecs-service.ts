/** What a service may say about its deployments on ECS (aws.md 3.7 to 3.9). */

import { z } from 'zod';
import { ecsPlacement, ecsPlacementKeys } from './schema-ecs-placement.ts';
import { serviceScaling } from './schema-service-scaling.ts';
import { count, oneKey } from './schema-quantity.ts';
import type {
  CircuitBreakerOptions,
  EcsServiceOptions,
  FailureThreshold,
} from '../orchestration/ecs/service/service-options.ts';

const percent = z.int().min(1);

const threshold = oneKey({
  boundedPercent: percent
    .transform((value): FailureThreshold => ({ kind: 'bounded-percent', percent: value }))
    .describe('Of the desired count, rounded up, at least 3 and at most 200.'),
  unboundedPercent: percent
    .transform((value): FailureThreshold => ({ kind: 'unbounded-percent', percent: value }))
    .describe('Of the desired count, rounded up.'),
  count: percent
    .transform((value): FailureThreshold => ({ kind: 'count', count: value }))
    .describe('A number of tasks.'),
});

const circuitBreaker = z
  .strictObject({
    rollback: z
      .boolean()
      .prefault(false)
      .describe('A failed deployment goes back to the last revision that was completed.'),
    threshold: threshold
      .prefault({ boundedPercent: 50 })
      .describe('Failed tasks with which a deployment fails.'),
    resetOnHealthyTask: z
      .boolean()
      .prefault(true)
      .describe('A healthy task sets the count of failed ones back to 0.'),
  })
  .transform((map): CircuitBreakerOptions => ({
    threshold: map.threshold,
    resetsOnHealthyTask: map.resetOnHealthyTask,
    rollsBack: map.rollback,
  }));

export const ecsService = z
  .strictObject({
    minimumHealthyPercent: count
      .max(100)
      .prefault(100)
      .describe('Healthy tasks that a deployment leaves, of the desired count, rounded up.'),
    maximumPercent: z
      .int()
      .min(100)
      .max(1_000)
      .prefault(200)
      .describe('Tasks that there may be, of the desired count, rounded down.'),
    healthCheck: z
      .boolean()
      .prefault(false)
      .describe(
        'Whether a health check of the container, or a load balancer, finds out that a task is healthy. Without one it counts as healthy 40 s after its start.',
      ),
    circuitBreaker: z
      .exactOptional(circuitBreaker)
      .describe('Fails deployments whose tasks do; `{}` for the usual threshold. Default off.'),
    zoneRebalancing: z
      .boolean()
      .prefault(true)
      .describe('Moves tasks of a steady service until no zone has two more than another.'),
    autoScaling: z.exactOptional(serviceScaling),
    ...ecsPlacementKeys,
  })
  .transform((map) => {
    const { minimumHealthyPercent, maximumPercent, circuitBreaker: breaker, autoScaling } = map;
    const deployment: EcsServiceOptions = {
      minimumHealthyPercent,
      maximumPercent,
      hasHealthCheck: map.healthCheck,
      rebalancesZones: map.zoneRebalancing,
      ...(breaker === undefined ? {} : { circuitBreaker: breaker }),
    };
    return {
      deployment,
      placement: ecsPlacement(map),
      ...(autoScaling === undefined ? {} : { autoScaling }),
    };
  });
