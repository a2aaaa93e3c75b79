/** What `jobs` may say of the Job that each arrival is on Kubernetes, and of a CronJob's clock. */

import { z } from 'zod';
import { NEVER } from '../base/units.ts';
import { parseCron } from '../base/cron-schedule.ts';
import { PLAIN_JOB } from '../orchestration/kubernetes/controllers/job-run.ts';
import type { CronRule } from '../orchestration/kubernetes/controllers/job-controller.ts';
import type { JobOptions } from '../orchestration/kubernetes/controllers/job-run.ts';
import { count, durationOrNever, either } from './schema-quantity.ts';

const schedule = z.string().transform((text, context) => {
  const parsed = parseCron(text);
  if (typeof parsed !== 'string') return parsed;
  context.addIssue({ code: 'custom', message: parsed });
  return z.NEVER;
});

/** A cron expression, alone or with the rules of a CronJob. */
export const cron = either('a cron expression such as "0 2 * * *" or {schedule, ...}', [
  schedule.transform((parsed): CronRule => {
    return { schedule: parsed, startingDeadlineUs: NEVER, concurrency: 'Allow' };
  }),
  z
    .strictObject({
      schedule: schedule.describe('Five fields in UTC, or a macro such as @hourly.'),
      concurrency: z
        .enum(['Allow', 'Forbid', 'Replace'])
        .prefault('Allow')
        .describe('What happens when the Job before still runs (Kubernetes).'),
      startingDeadline: durationOrNever
        .prefault('Never')
        .describe('How late a Job may start (Kubernetes).'),
    })
    .transform(({ startingDeadline, ...kept }): CronRule => {
      return { ...kept, startingDeadlineUs: startingDeadline };
    }),
]);

const completionMode = z.enum(['NonIndexed', 'Indexed']);
const podReplacement = z.enum(['TerminatingOrFailed', 'Failed']);

/** Pods of one Job; left out, each arrival is a Job of one pod with the defaults of the API. */
export const job = z
  .strictObject({
    parallelism: z.int().min(1).prefault(1).describe('Pods that run at the same time.'),
    completions: z
      .exactOptional(z.int().min(1))
      .describe('Pods that must succeed; left out, a work queue: one success and no pod left.'),
    completionMode: completionMode
      .prefault('NonIndexed')
      .describe('Whether every completion has an index of its own.'),
    backoffLimit: count
      .prefault(PLAIN_JOB.backoffLimit)
      .describe('Failed pods with which a Job still goes on.'),
    activeDeadline: durationOrNever.prefault('Never').describe('How long a Job may take.'),
    podReplacement: podReplacement
      .prefault('TerminatingOrFailed')
      .describe('Whether a pod that is leaving is replaced at once, or when it is gone.'),
  })
  .transform(({ activeDeadline, completions, ...kept }, context): JobOptions => {
    if (kept.completionMode === 'Indexed' && completions === undefined) {
      const message = 'expected `completions` beside completionMode Indexed, found nothing';
      context.addIssue({ code: 'custom', message, path: ['completionMode'] });
    }
    const rules = { podFailureRules: [], successRules: [] };
    const options = { ...kept, ...rules, activeDeadlineUs: activeDeadline };
    return completions === undefined ? options : { ...options, completions };
  });
