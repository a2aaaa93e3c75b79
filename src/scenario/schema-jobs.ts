/** Workload entry `jobs`: tasks that arrive by a random process, run once and end. */

import { z } from 'zod';
import type { Gang } from '../cluster/spec.ts';
import { TROUGH_SHARE } from '../traffic/profile.ts';
import type { DailyRate } from '../traffic/profile.ts';
import { containerBehaviour, containerKeys } from './schema-containers.ts';
import { cron, job } from './schema-job-controller.ts';
import { ecsJobs } from './schema-ecs-placement.ts';
import { gpuKey, imageKey, placementKeys, stopKeys, stopTimes } from './schema-demand.ts';
import { bytesDistribution, cpuDistribution, durationDistribution } from './schema-distribution.ts';
import { cpu, duration, name, oneKey, positiveDuration, rate, share } from './schema-quantity.ts';

const gang = z
  .strictObject({
    tasks: z.int().min(2).max(10_000).describe('Tasks of one arrival, equal in size and duration.'),
    minimum: z
      .exactOptional(z.int().min(1))
      .describe(
        'So many of them must find a host at once where the cluster has `gangScheduling`; default all.',
      ),
  })
  .transform(({ tasks, minimum = tasks }, context): Gang => {
    if (minimum <= tasks) return { tasks, minimum };
    const message = `expected a minimum of at most the ${tasks} tasks of a gang, found ${minimum}`;
    context.addIssue({ code: 'custom', message, path: ['minimum'] });
    return z.NEVER;
  });

const arrivals = oneKey({
  poisson: rate
    .transform((ratePerSecond) => ({ kind: 'poisson' as const, ratePerSecond }))
    .describe('Independent arrivals at that rate.'),
  every: positiveDuration
    .transform((periodUs) => ({ kind: 'every' as const, periodUs }))
    .describe('One arrival each interval.'),
  renewal: durationDistribution
    .transform((gapsUs) => ({ kind: 'renewal' as const, gapsUs }))
    .describe('Gaps between arrivals are drawn from that distribution.'),
  daily: z
    .strictObject({
      peak: rate.describe('Highest rate of a day.'),
      trough: z
        .exactOptional(rate)
        .describe(`Lowest rate of a day; default ${TROUGH_SHARE * 100}% of the peak.`),
    })
    .transform(({ peak, trough }, context): DailyRate => {
      if (trough !== undefined && trough > peak) {
        const message = 'expected a trough not above the peak';
        context.addIssue({ code: 'custom', message, path: ['trough'] });
      }
      const day = { kind: 'daily', peakPerSecond: peak } as const;
      return trough === undefined ? day : { ...day, troughPerSecond: trough };
    })
    .describe('Independent arrivals at a rate that follows the day.'),
  at: z
    .array(duration)
    .min(1)
    .transform((timesUs, context) => {
      const early = timesUs.findIndex((timeUs, i) => i > 0 && timeUs < timesUs[i - 1]!);
      if (early >= 0) {
        const message = 'expected times in ascending order';
        context.addIssue({ code: 'custom', message, path: [early] });
      }
      return { kind: 'at' as const, timesUs };
    })
    .describe('Arrivals at these times since the start of the run.'),
  cron: cron
    .transform((rule) => ({ kind: 'cron' as const, rule }))
    .describe('Arrivals by a clock: a CronJob on Kubernetes.'),
});

export type Arrivals = z.output<typeof arrivals>;

export const jobs = z
  .strictObject({
    name: name.describe('Name of the jobs, unique in the workload.'),
    image: imageKey,
    cpu: cpuDistribution.describe('CPU request of a task.'),
    memory: bytesDistribution.describe('Memory request of a task.'),
    gpu: gpuKey,
    arrivals: arrivals.describe('When tasks are submitted.'),
    gang: z
      .exactOptional(gang)
      .describe('Each arrival is a gang of several tasks; left out, one task.'),
    job: z
      .exactOptional(job)
      .describe('What the Job is that each arrival brings on Kubernetes; left out, of one pod.'),
    duration: z
      .exactOptional(durationDistribution)
      .describe('Run time once started. Give `duration` or `work`.'),
    work: z
      .exactOptional(durationDistribution)
      .describe('CPU time (of one core) to be served; a task ends when it had so much.'),
    usage: share.prefault('100%').describe('CPU in use while running, as a share of the request.'),
    cpuLimit: z.exactOptional(cpu).describe('Most CPU that a task may use; left out, no limit.'),
    limit: z
      .exactOptional(z.int().min(1))
      .describe('Number of arrivals; left out, arrivals go on until the end of the run.'),
    ecs: ecsJobs.prefault({}).describe('Where ECS places the tasks.'),
    ...stopKeys,
    ...containerKeys,
    ...placementKeys,
  })
  .transform((map, context) => {
    const { image, cpu: cpuTicks, memory: memoryBytes, gpu, duration: run, work, ...rest } = map;
    const { usage, cpuLimit, limit, stopTime: _stop, terminationGrace: _grace, ...kept } = rest;
    if ((run === undefined) === (work === undefined)) {
      const found = run === undefined ? 'neither' : 'both';
      const message = `expected either \`duration\` or \`work\`, found ${found}`;
      context.addIssue({ code: 'custom', message, params: { at: 'key' } });
      return z.NEVER;
    }
    if (map.job !== undefined && map.gang !== undefined) {
      const message = 'expected `job` or `gang`, found both';
      context.addIssue({ code: 'custom', message, path: ['gang'], params: { at: 'key' } });
    }
    if (map.gang !== undefined && map.arrivals.kind === 'cron') {
      const message = 'a CronJob starts Jobs, not gangs';
      context.addIssue({ code: 'custom', message, path: ['gang'], params: { at: 'key' } });
    }
    if (limit !== undefined && map.arrivals.kind === 'cron') {
      const message = '`limit` has no meaning for arrivals by a clock';
      context.addIssue({ code: 'custom', message, path: ['limit'], params: { at: 'key' } });
    }
    return {
      kind: 'jobs' as const,
      ...kept,
      ...gpu,
      image: image ?? '',
      cpuTicks,
      memoryBytes,
      /** Ends after a time, or after so much CPU time of one core was served; the other is null. */
      durationUs: run ?? null,
      workUs: work ?? null,
      usageFraction: usage,
      limitTicks: cpuLimit ?? Infinity,
      taskLimit: limit ?? Infinity,
      stops: stopTimes(map),
      containers: containerBehaviour(map),
    };
  });
