/** Keys about what containers do that nobody asked for, and how Kubernetes looks after them (kubernetes.md 2.3, 2.5, 2.8, 2.9). */

import { z } from 'zod';
import { DEFAULT_PROBE } from '../runtime/probe.ts';
import { US_PER_SECOND } from '../base/units.ts';
import { durationDistribution } from './schema-distribution.ts';
import { bytes, duration, either, positiveDuration, share } from './schema-quantity.ts';
import type { ContainerBehaviour, MemoryStep } from '../runtime/container-behaviour.ts';
import type { DiskStep } from '../runtime/disk-use.ts';
import type { Probe, Probes } from '../runtime/probe.ts';

const crash = z
  .strictObject({
    after: durationDistribution.describe('Time that the containers run until then.'),
    share: share.prefault('100%').describe('Part of the runs to which it happens.'),
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

const diskStep = z
  .strictObject({
    at: duration.describe('Time since the start of the containers.'),
    bytes: bytes.describe('Disk in use from then on.'),
  })
  .transform(({ at, bytes: amount }): DiskStep => ({ afterUs: at, bytes: amount }));

const diskUsage = either('a size or a list of steps {at, bytes}', [
  bytes.transform((amount): readonly DiskStep[] => [{ afterUs: 0, bytes: amount }]),
  z.array(diskStep).min(1),
]).transform((steps) => [...steps].sort((a, b) => a.afterUs - b.afterUs));

const probeKeys = {
  initialDelay: duration.prefault('0s').describe('Time before the first look.'),
  period: positiveDuration
    .prefault(`${DEFAULT_PROBE.periodUs / US_PER_SECOND}s`)
    .describe('Time between two looks.'),
  timeout: positiveDuration
    .prefault(`${DEFAULT_PROBE.timeoutUs / US_PER_SECOND}s`)
    .describe('How long a look waits for an answer of containers that hang.'),
  failureThreshold: z
    .int()
    .min(1)
    .prefault(DEFAULT_PROBE.failureThreshold)
    .describe('Failures in a row that count as unwell.'),
};

const probe = z.strictObject(probeKeys).transform((map) => probeOf(map, 1));

const readinessProbe = z
  .strictObject({
    ...probeKeys,
    successThreshold: z
      .int()
      .min(1)
      .prefault(DEFAULT_PROBE.successThreshold)
      .describe('Successes in a row that count as ready.'),
  })
  .transform(({ successThreshold, ...map }) => probeOf(map, successThreshold));

interface ProbeMap {
  readonly initialDelay: number;
  readonly period: number;
  readonly timeout: number;
  readonly failureThreshold: number;
}

function probeOf(map: ProbeMap, successThreshold: number): Probe {
  return {
    initialDelayUs: map.initialDelay,
    periodUs: map.period,
    successThreshold,
    failureThreshold: map.failureThreshold,
    timeoutUs: map.timeout,
  };
}

export const containerKeys = {
  crash: z
    .exactOptional(crash)
    .describe('Containers that exit with an error; Kubernetes starts them again in place.'),
  hang: z
    .exactOptional(crash)
    .describe(
      'Containers that hang: they answer no probe, do no work and end by nothing but a kill.',
    ),
  livenessProbe: z
    .exactOptional(probe)
    .describe('Kubernetes only: starts containers again that do not answer; left out, none.'),
  startupProbe: z
    .exactOptional(probe)
    .describe(
      'Kubernetes only: holds the other probes back until the first answer, and starts containers again that take too long.',
    ),
  memoryUsage: z
    .exactOptional(memoryUsage)
    .describe(
      'Memory in use: a share of the request, or steps of it over time. Left out, the request.',
    ),
  memoryLimit: z
    .exactOptional(bytes)
    .describe('Memory above which the containers are killed; left out, no limit.'),
  diskUsage: z
    .exactOptional(diskUsage)
    .describe(
      'Local disk that the containers fill: a size, or steps of it over time (Kubernetes, where a pool states its `disk`).',
    ),
  diskRequest: z
    .exactOptional(bytes)
    .describe('Disk asked for; who uses more is evicted first. Default 0.'),
  diskLimit: z
    .exactOptional(bytes)
    .describe('Disk above which the pod is evicted; left out, no limit.'),
  restartPolicy: z
    .exactOptional(z.enum(['Always', 'OnFailure', 'Never']))
    .describe('Kubernetes only; default Always for services, OnFailure for jobs.'),
};

export const readinessProbeKey = z
  .exactOptional(readinessProbe)
  .describe('Kubernetes only: what finds out that a replica is ready; left out, at once.');

interface ContainerMap {
  readonly crash?: NonNullable<ContainerBehaviour['crash']>;
  readonly hang?: NonNullable<ContainerBehaviour['hang']>;
  readonly memoryUsage?: readonly MemoryStep[];
  readonly memoryLimit?: number;
  readonly diskUsage?: readonly DiskStep[];
  readonly diskRequest?: number;
  readonly diskLimit?: number;
  readonly restartPolicy?: NonNullable<ContainerBehaviour['restartPolicy']>;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly startupProbe?: Probe;
}

/** What of the keys was stated, or undefined. */
export function containerBehaviour(map: ContainerMap): ContainerBehaviour | undefined {
  const { crash: crashes, hang, memoryUsage: steps, memoryLimit, restartPolicy } = map;
  const { readinessProbe: readiness, livenessProbe: liveness, startupProbe: startup } = map;
  const hasMemory = steps !== undefined || memoryLimit !== undefined;
  const probes: Probes = {
    ...(readiness === undefined ? {} : { readiness }),
    ...(liveness === undefined ? {} : { liveness }),
    ...(startup === undefined ? {} : { startup }),
  };
  const behaviour: ContainerBehaviour = {
    ...(crashes === undefined ? {} : { crash: crashes }),
    ...(hang === undefined ? {} : { hang }),
    ...(hasMemory
      ? {
          memory: {
            steps: steps ?? [{ afterUs: 0, share: 1 }],
            limitBytes: memoryLimit ?? Infinity,
          },
        }
      : {}),
    ...(map.diskUsage === undefined
      ? {}
      : {
          disk: {
            steps: map.diskUsage,
            requestBytes: map.diskRequest ?? 0,
            limitBytes: map.diskLimit ?? Infinity,
          },
        }),
    ...(restartPolicy === undefined ? {} : { restartPolicy }),
    ...(Object.keys(probes).length === 0 ? {} : { probes }),
  };
  return Object.keys(behaviour).length === 0 ? undefined : behaviour;
}
