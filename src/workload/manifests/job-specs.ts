/** What Job and CronJob ask of their controllers, with the API's defaults (kubernetes.md 3.5, 3.6). */

import { parseCron } from '../../base/cron-schedule.ts';
import type {
  CronJobSpec,
  JobSpec,
  PodFailureRule,
  PodFailureTest,
  SuccessRule,
} from '../../cluster/controller-specs.ts';
import type { TaskSpec } from '../../cluster/spec.ts';
import { secondsUs } from './api-values.ts';
import type { ManifestObject } from './manifest-object.ts';
import type { YamlCursor } from './yaml-cursor.ts';

const ACTIONS = ['FailJob', 'FailIndex', 'Ignore', 'Count'] as const;
/** With a limit for each index the whole job has none. */
const NO_BACKOFF_LIMIT = 2_147_483_647;

export function jobSpec(object: ManifestObject, spec: YamlCursor, template: TaskSpec): JobSpec {
  const { namespace, name } = object;
  const completions = spec.get('completions');
  const parallelism = spec.get('parallelism');
  // Both absent means one of each; only the second absent is a work queue.
  const isQueue = completions.isAbsent && !parallelism.isAbsent;
  const perIndex = spec.get('backoffLimitPerIndex');
  const failureRules = spec.get('podFailurePolicy').get('rules').items().map(failureRule);
  return {
    namespace,
    name,
    template,
    parallelism: parallelism.whole(1),
    completionMode: spec.get('completionMode').oneOf(['NonIndexed', 'Indexed'], 'NonIndexed'),
    backoffLimit: spec.get('backoffLimit').whole(perIndex.isAbsent ? 6 : NO_BACKOFF_LIMIT),
    activeDeadlineUs: secondsUs(spec.get('activeDeadlineSeconds'), Infinity),
    ttlAfterFinishedUs: secondsUs(spec.get('ttlSecondsAfterFinished'), Infinity),
    isSuspended: spec.get('suspend').flag(),
    podReplacement: spec
      .get('podReplacementPolicy')
      .oneOf(
        ['TerminatingOrFailed', 'Failed'],
        failureRules.length > 0 ? 'Failed' : 'TerminatingOrFailed',
      ),
    podFailureRules: failureRules,
    successRules: spec.get('successPolicy').get('rules').items().map(successRule),
    ...(isQueue ? {} : { completions: completions.whole(1) }),
    ...(perIndex.isAbsent ? {} : { backoffLimitPerIndex: perIndex.whole(0) }),
    ...maxFailedIndexes(spec.get('maxFailedIndexes')),
  };
}

export function cronJobSpec(object: ManifestObject, template: TaskSpec): CronJobSpec {
  const { cursor, namespace, name } = object;
  const spec = cursor.get('spec');
  const schedule = spec.get('schedule');
  const parsed = parseCron(schedule.text());
  if (typeof parsed === 'string') schedule.faultSaying(parsed);
  return {
    namespace,
    name,
    schedule: schedule.text(),
    timeZone: spec.get('timeZone').text(),
    startingDeadlineUs: secondsUs(spec.get('startingDeadlineSeconds'), Infinity),
    concurrency: spec.get('concurrencyPolicy').oneOf(['Allow', 'Forbid', 'Replace'], 'Allow'),
    isSuspended: spec.get('suspend').flag(),
    succeededHistoryLimit: spec.get('successfulJobsHistoryLimit').whole(3),
    failedHistoryLimit: spec.get('failedJobsHistoryLimit').whole(1),
    job: jobSpec(object, spec.get('jobTemplate').get('spec'), template),
  };
}

function maxFailedIndexes(limit: YamlCursor): Pick<JobSpec, 'maxFailedIndexes'> {
  return limit.isAbsent ? {} : { maxFailedIndexes: limit.whole(0) };
}

function failureRule(rule: YamlCursor): PodFailureRule {
  const exitCodes = rule.get('onExitCodes');
  const conditions = rule.get('onPodConditions').items();
  return {
    action: rule.get('action').oneOf(ACTIONS, 'Count'),
    tests: exitCodes.isAbsent ? conditions.map(conditionTest) : [exitCodeTest(exitCodes)],
  };
}

function exitCodeTest(exitCodes: YamlCursor): PodFailureTest {
  return {
    kind: 'exit-codes',
    container: exitCodes.get('containerName').text(),
    operator: exitCodes.get('operator').oneOf(['In', 'NotIn'], 'In'),
    codes: exitCodes
      .get('values')
      .items()
      .map((code) => code.whole(0)),
  };
}

function conditionTest(condition: YamlCursor): PodFailureTest {
  return {
    kind: 'condition',
    type: condition.get('type').text(),
    status: condition.get('status').text('True'),
  };
}

function successRule(rule: YamlCursor): SuccessRule {
  const indexes = rule.get('succeededIndexes');
  const count = rule.get('succeededCount');
  return {
    ...(indexes.isAbsent ? {} : { succeededIndexes: indexes.text() }),
    ...(count.isAbsent ? {} : { succeededCount: count.whole(1, 1) }),
  };
}
