/** Workload entry `service`: replicas that stay up, with or without traffic and scaling. */

import { z } from 'zod';
import { QUEUE_METRIC } from '../autoscaling/hpa/hpa.ts';
import { TROUGH_SHARE } from '../traffic/profile.ts';
import type { ConstantRate, DailyRate, SteppedRate } from '../traffic/profile.ts';
import { ecsService } from './schema-ecs-service.ts';
import { deployment, disruptionBudget, statefulSet } from './schema-controllers.ts';
import { containerBehaviour, containerKeys, readinessProbeKey } from './schema-containers.ts';
import { plainDefaults } from './plain-defaults.ts';
import {
  imageKey,
  gpuKey,
  placementKeys,
  spreadKey,
  stopKeys,
  stopTimes,
} from './schema-demand.ts';
import { volumesKey } from './schema-storage.ts';
import { durationDistribution } from './schema-distribution.ts';
import { scaling, verticalScaling } from './schema-scaling.ts';
import { bytes, count, cpu, duration, either, name, rate, share } from './schema-quantity.ts';

export type Traffic = ConstantRate | DailyRate | SteppedRate;

const step = z
  .strictObject({
    at: duration.describe('Time since the start of the run.'),
    rate: rate.describe('Request rate from then on.'),
  })
  .transform(({ at, rate: ratePerSecond }) => ({ atUs: at, ratePerSecond }));

const traffic = z
  .strictObject({
    profile: z
      .enum(['constant', 'daily', 'steps'])
      .describe('How the request rate changes over time.'),
    peak: z.exactOptional(rate).describe('The rate, or its highest value (constant, daily).'),
    trough: z
      .exactOptional(rate)
      .describe(`Lowest rate of a day; default ${TROUGH_SHARE * 100}% of the peak.`),
    points: z
      .exactOptional(z.array(z.number().min(0).max(1)).length(24))
      .describe(
        'Shape of the day: 24 numbers from 0 (trough) to 1 (peak), one an hour from 00:00 UTC.',
      ),
    steps: z.exactOptional(z.array(step).min(1)).describe('Rates by time (steps).'),
  })
  .transform((map, context): Traffic => {
    const missing = (key: string): never => {
      const message = `expected \`${key}\` beside profile ${map.profile}, found nothing (the key is required)`;
      context.addIssue({ code: 'custom', message, path: [key] });
      return z.NEVER;
    };
    for (const key of strayKeys(map)) {
      const message = `\`${key}\` has no meaning for profile ${map.profile}`;
      context.addIssue({ code: 'custom', message, path: [key], params: { at: 'key' } });
    }
    if (map.profile === 'steps') {
      if (map.steps === undefined) return missing('steps');
      const late = map.steps.findIndex((one, i) => i > 0 && one.atUs <= map.steps![i - 1]!.atUs);
      if (late >= 0) {
        const message = 'expected a later time than that of the step before';
        context.addIssue({ code: 'custom', message, path: ['steps', late, 'at'] });
      }
      return { kind: 'steps', steps: map.steps };
    }
    if (map.peak === undefined) return missing('peak');
    if (map.profile === 'constant') return { kind: 'constant', ratePerSecond: map.peak };
    const { peak, trough, points } = map;
    if (trough !== undefined && trough > peak) {
      const message = 'expected a trough not above the peak';
      context.addIssue({ code: 'custom', message, path: ['trough'] });
    }
    return {
      kind: 'daily',
      peakPerSecond: peak,
      ...(trough === undefined ? {} : { troughPerSecond: trough }),
      ...(points === undefined ? {} : { points }),
    };
  });

/** Keys that were written and that the profile does not read. */
function strayKeys(map: { readonly profile: Traffic['kind'] }): string[] {
  const read = { constant: ['peak'], daily: ['peak', 'trough', 'points'], steps: ['steps'] };
  return Object.keys(map).filter((key) => key !== 'profile' && !read[map.profile].includes(key));
}

/** Replicas at start, and the bounds between which scaling may move them. */
const replicas = either('a number of replicas or bounds {min, max, initial}', [
  count.transform((fixed) => ({ min: fixed, max: fixed, initial: fixed })),
  z
    .strictObject({
      min: count.describe('Fewest replicas.'),
      max: z.int().min(1).describe('Most replicas.'),
      initial: z.exactOptional(count).describe('Replicas at the start; default `min`.'),
    })
    .transform((map, context) => {
      const { min, max, initial = min } = map;
      if (min > max) {
        const message = `expected min not above max, found ${min} and ${max}`;
        context.addIssue({ code: 'custom', message, path: ['min'] });
      } else if (initial < min || initial > max) {
        const message = `expected a number from min to max (${min} to ${max}), found ${initial}`;
        context.addIssue({ code: 'custom', message, path: ['initial'] });
      }
      return { min, max, initial };
    }),
]);

const queue = z.strictObject({
  arrivals: traffic.describe('Messages that come.'),
  perReplica: rate.describe('Messages that a ready replica takes, while there are any.'),
});

export const service = z
  .strictObject({
    name: name.describe('Name of the service, unique in the workload.'),
    image: imageKey,
    cpu: cpu.describe('CPU request of a replica.'),
    memory: bytes.describe('Memory request of a replica.'),
    gpu: gpuKey,
    replicas: replicas
      .prefault(1)
      .describe('Replicas: a number, or bounds for scaling (`min`, `max`, `initial`).'),
    traffic: z.exactOptional(traffic).describe('Requests that the service receives.'),
    queue: z.exactOptional(queue).describe('Messages that wait until replicas take them.'),
    cpuPerRequest: z.exactOptional(duration).describe('CPU time that one request takes.'),
    baseline: cpu.prefault(0).describe('CPU that a replica uses without any request.'),
    limit: z.exactOptional(cpu).describe('Most CPU that a replica may use; left out, no limit.'),
    usage: z
      .exactOptional(share)
      .describe(
        'CPU in use as a share of the request; default 50% unless `cpuPerRequest` is given.',
      ),
    scaling: z
      .exactOptional(scaling)
      .describe('Scales replicas on CPU: target tracking on ECS, HPA on Kubernetes.'),
    verticalScaling: z.exactOptional(verticalScaling),
    startup: durationDistribution
      .prefault('0s')
      .describe('Time from the start of the container until it is ready.'),
    startupCpu: cpu
      .prefault(0)
      .describe(
        'CPU that a replica uses while it starts, up to its `limit`; where its host gives it less, the start takes as much longer.',
      ),
    deployment: z
      .exactOptional(deployment)
      .describe('How a rollout replaces the pods (Kubernetes).'),
    statefulSet: z
      .exactOptional(statefulSet)
      .describe('Keeps pods by ordinal: a StatefulSet in place of a Deployment (Kubernetes).'),
    volumes: volumesKey,
    ecs: ecsService
      .prefault({})
      .describe('How deployments replace the tasks and when they fail (ECS).'),
    disruptionBudget: z
      .exactOptional(disruptionBudget)
      .describe('How many pods an emptied node may take away at once (Kubernetes).'),
    readinessProbe: readinessProbeKey,
    ...stopKeys,
    ...containerKeys,
    ...placementKeys,
    spread: spreadKey,
  })
  .transform((map, context) => {
    if (map.usage !== undefined && map.cpuPerRequest !== undefined) {
      const message = 'expected `usage` or `cpuPerRequest`, found both';
      context.addIssue({ code: 'custom', message, path: ['usage'], params: { at: 'key' } });
    }
    if (map.deployment !== undefined && map.statefulSet !== undefined) {
      const message = 'expected `deployment` or `statefulSet`, found both';
      context.addIssue({ code: 'custom', message, path: ['statefulSet'], params: { at: 'key' } });
    }
    if (map.queue === undefined && asksForMessages(map.scaling)) {
      const message = '`messagesPerReplica` and `activationMessages` need `queue`';
      context.addIssue({ code: 'custom', message, path: ['scaling'], params: { at: 'key' } });
    }
    if (map.cpuPerRequest !== undefined && map.traffic === undefined) {
      const message = '`cpuPerRequest` needs `traffic`';
      const path = ['cpuPerRequest'];
      context.addIssue({ code: 'custom', message, path, params: { at: 'key' } });
    }
    const { image, cpu: cpuTicks, memory: memoryBytes, gpu, cpuPerRequest, usage, ...rest } = map;
    const { baseline, limit, startup, startupCpu, ...others } = rest;
    const { stopTime: _stop, terminationGrace: _grace, ...kept } = others;
    return {
      kind: 'service' as const,
      ...kept,
      ...gpu,
      image: image ?? '',
      cpuTicks,
      memoryBytes,
      cpuPerRequestUs: cpuPerRequest ?? 0,
      baselineTicks: baseline,
      limitTicks: limit ?? Infinity,
      usageFraction: usage ?? (cpuPerRequest === undefined ? plainDefaults.serviceUsage : 0),
      startupUs: startup,
      startupTicks: startupCpu,
      stops: stopTimes(map),
      containers: containerBehaviour(map),
    };
  });

function asksForMessages(asked: z.output<typeof scaling> | undefined): boolean {
  if (asked === undefined) return false;
  const { metrics, keda } = asked;
  return (
    keda?.measure === 'queue' ||
    metrics.some((metric) => metric.kind === 'external' && metric.metric.name === QUEUE_METRIC)
  );
}
