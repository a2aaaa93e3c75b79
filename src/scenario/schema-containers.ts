/** Keys about what containers do that nobody asked for, and how Kubernetes looks after them (kubernetes.md 2.3, 2.5, 2.8, 2.9). */

import { z } from 'zod';
import { DEFAULT_PROBE } from '../runtime/probe.ts';
import { durationDistribution } from './schema-distribution.ts';
import { bytes, duration, either, positiveDuration, share } from './schema-quantity.ts';
import type { ContainerBehaviour, MemoryStep } from '../runtime/container-behaviour.ts';
import type { Probe } from '../runtime/probe.ts';

const crash = z
  .strictObject({
    after: durationDistribution.describe(
      'Time that the containers run until they exit with an error.',
    ),
    share: share.prefault('100%').describe('Part of the runs that end so.'),
  })
  .transform((map) => ({ afterUs: map.after, share: map.share }));

const memoryStep = z
  .strictObject({
    at: duration.describe('Time since the start of the containers.'),
    share: share.describe('Memory in use from then on, of the request; may be above 100%.'),
  })
  .transform(({ at, share: part }): MemoryStep => ({ afterUs: at, share: part }));

const memoryUsage = either('a share of the request or a list of steps {at, share}', [
  share.transform((part): readonly MemoryStep[] => [{ afterUs: 0, share: part }]),
  z
    .array(memoryStep)
    .min(1)
    .superRefine((steps, context) => {
      const late = steps.findIndex((one, i) => i > 0 && one.afterUs <= steps[i - 1]!.afterUs);
      if (late < 0) return;
      const message = 'expected a later time than that of the step before';
      context.addIssue({ code: 'custom', message, path: [late, 'at'] });
    }),
]);

const probe = z
  .strictObject({
    initialDelay: duration.prefault('0s').describe('Time before the first look.'),
    period: positiveDuration
      .prefault(`${DEFAULT_PROBE.periodUs / 1_000_000}s`)
      .describe('Time between two looks.'),
    successThreshold: z
      .int()
      .min(1)
      .prefault(DEFAULT_PROBE.successThreshold)
      .describe('Successes in a row that count as ready.'),
  })
  .transform((map): Probe => ({
    initialDelayUs: map.initialDelay,
    periodUs: map.period,
    successThreshold: map.successThreshold,
  }));

export const containerKeys = {
  crash: z
    .exactOptional(crash)
    .describe('Containers that exit with an error; Kubernetes starts them again in place.'),
  memoryUsage: z
    .exactOptional(memoryUsage)
    .describe(
      'Memory in use: a share of the request, or steps of it over time. Left out, the request.',
    ),
  memoryLimit: z
    .exactOptional(bytes)
    .describe('Memory above which the containers are killed; left out, no limit.'),
  restartPolicy: z
    .exactOptional(z.enum(['Always', 'OnFailure', 'Never']))
    .describe('Kubernetes only; default Always for services, OnFailure for jobs.'),
};

export const readinessProbeKey = z
  .exactOptional(probe)
  .describe('Kubernetes only: what finds out that a replica is ready; left out, at once.');

/** What of the keys was stated, or undefined. */
export function containerBehaviour(map: {
  readonly crash?: NonNullable<ContainerBehaviour['crash']>;
  readonly memoryUsage?: readonly MemoryStep[];
  readonly memoryLimit?: number;
  readonly restartPolicy?: NonNullable<ContainerBehaviour['restartPolicy']>;
  readonly readinessProbe?: Probe;
}): ContainerBehaviour | undefined {
  const { crash: crashes, memoryUsage: steps, memoryLimit, restartPolicy, readinessProbe } = map;
  const hasMemory = steps !== undefined || memoryLimit !== undefined;
  const behaviour: ContainerBehaviour = {
    ...(crashes === undefined ? {} : { crash: crashes }),
    ...(hasMemory
      ? {
          memory: {
            steps: steps ?? [{ afterUs: 0, share: 1 }],
            limitBytes: memoryLimit ?? Infinity,
          },
        }
      : {}),
    ...(restartPolicy === undefined ? {} : { restartPolicy }),
    ...(readinessProbe === undefined ? {} : { probe: readinessProbe }),
  };
  return Object.keys(behaviour).length === 0 ? undefined : behaviour;
}
