/** What `jobs` may say of the Job that each arrival is on Kubernetes, and of a CronJob's clock. */

import { z } from 'zod';
import { NEVER } from '../base/units.ts';
import { parseCron } from '../base/cron-schedule.ts';
import { PLAIN_JOB } from '../orchestration/kubernetes/controllers/job-run.ts';
import type { CronRule } from '../orchestration/kubernetes/controllers/job-controller.ts';
import type { JobOptions, Suspension } from '../orchestration/kubernetes/controllers/job-run.ts';
import { count, duration, durationOrNever, either } from './schema-quantity.ts';

const schedule = z.string().transform((text, context) => {
  const parsed = parseCron(text);
  if (typeof parsed !== 'string') return parsed;
  context.addIssue({ code: 'custom', message: parsed });
  return z.NEVER;
});

/** The API's own limits. */
const HISTORY = { succeededHistoryLimit: 3, failedHistoryLimit: 1 };

/** A cron expression, alone or with the rules of a CronJob. */
export const cron = either('a cron expression such as "0 2 * * *" or {schedule, ...}', [
  schedule.transform((parsed): CronRule => {
    return { schedule: parsed, startingDeadlineUs: NEVER, concurrency: 'Allow', ...HISTORY };
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
      succeededHistory: count
        .prefault(HISTORY.succeededHistoryLimit)
        .describe('Succeeded Jobs that are kept when `job` keeps them (Kubernetes).'),
      failedHistory: count
        .prefault(HISTORY.failedHistoryLimit)
        .describe('Failed Jobs that are kept when `job` keeps them (Kubernetes).'),
    })
    .transform(({ startingDeadline, succeededHistory, failedHistory, ...kept }): CronRule => {
      return {
        ...kept,
        startingDeadlineUs: startingDeadline,
        succeededHistoryLimit: succeededHistory,
        failedHistoryLimit: failedHistory,
      };
    }),
]);

/** What the API puts in for the limit of a Job whose indexes have limits of their own. */
const NO_LIMIT = 2_147_483_647;

const completionMode = z.enum(['NonIndexed', 'Indexed']);
const podReplacement = z.enum(['TerminatingOrFailed', 'Failed']);

const suspension = z
  .strictObject({
    from: duration.describe('Since the start of the run.'),
    until: durationOrNever.prefault('Never').describe('When they are resumed.'),
  })
  .transform(({ from, until }, context): Suspension => {
    if (until <= from) {
      const message = 'expected `until` after `from`';
      context.addIssue({ code: 'custom', message, path: ['until'] });
    }
    return { fromUs: from, untilUs: until };
  });

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
    backoffLimit: z
      .exactOptional(count)
      .describe(
        `Failed pods with which a Job still goes on; default ${PLAIN_JOB.backoffLimit}, no limit beside \`backoffLimitPerIndex\`.`,
      ),
    backoffLimitPerIndex: z
      .exactOptional(count)
      .describe('Indexed only: failed pods of an index with which that index still goes on.'),
    maxFailedIndexes: z
      .exactOptional(count)
      .describe('Beside `backoffLimitPerIndex`: failed indexes with which a Job still goes on.'),
    activeDeadline: durationOrNever.prefault('Never').describe('How long a Job may take.'),
    podReplacement: podReplacement
      .prefault('TerminatingOrFailed')
      .describe('Whether a pod that is leaving is replaced at once, or when it is gone.'),
    ttlAfterFinished: durationOrNever
      .prefault(0)
      .describe(
        'How long a Job that has ended is kept, and its pods with it: on EKS Fargate they are billed until then. The API keeps one for `Never` deleting it.',
      ),
    suspended: z
      .array(suspension)
      .prefault([])
      .describe('When the Jobs are suspended: they have no pods, and a clock starts none.'),
  })
  .transform((map, context): JobOptions => {
    const { activeDeadline, ttlAfterFinished, suspended, completions, backoffLimit, ...kept } = map;
    const { backoffLimitPerIndex, maxFailedIndexes } = kept;
    if (backoffLimitPerIndex !== undefined && kept.completionMode !== 'Indexed') {
      const message = 'expected completionMode Indexed beside it';
      context.addIssue({ code: 'custom', message, path: ['backoffLimitPerIndex'] });
    }
    if (maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined) {
      const message = 'expected `backoffLimitPerIndex` beside it';
      context.addIssue({ code: 'custom', message, path: ['maxFailedIndexes'] });
    }
    const isUneven = suspended.some(({ fromUs }, i) => i > 0 && fromUs < suspended[i - 1]!.untilUs);
    if (isUneven) {
      const message = 'expected suspensions in ascending order, one after the other';
      context.addIssue({ code: 'custom', message, path: ['suspended'] });
    }
    if (kept.completionMode === 'Indexed' && completions === undefined) {
      const message = 'expected `completions` beside completionMode Indexed, found nothing';
      context.addIssue({ code: 'custom', message, path: ['completionMode'] });
    }
    const rules = { podFailureRules: [], successRules: [] };
    const limit = backoffLimitPerIndex === undefined ? PLAIN_JOB.backoffLimit : NO_LIMIT;
    const options = {
      ...kept,
      ...rules,
      backoffLimit: backoffLimit ?? limit,
      activeDeadlineUs: activeDeadline,
      ttlAfterFinishedUs: ttlAfterFinished,
      suspensions: suspended,
    };
    return completions === undefined ? options : { ...options, completions };
  });
