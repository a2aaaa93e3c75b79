/**
 * One Job that has not ended: what became of its pods, and what it does next (kubernetes.md 3.5). The arithmetic is in job-step.
 *
 * Slots      a pod has the slot that its replacement takes again: the index of an indexed Job; of any other a number below its
 *            completions, or below its parallelism where it is a work queue. So its run time is drawn once.
 * Disrupted  a pod that was stopped by a decision, lost its host or was evicted has the condition DisruptionTarget. Exit codes
 *            are 137 for one that was killed, for memory or by a probe, and 1 for any other failure.
 */

import { actionOnFailure } from './pod-failure-policy.ts';
import {
  backOffUs,
  failureOf,
  failuresAfter,
  indexFailureOf,
  isComplete,
  meetsSuccessRule,
  missingIndexes,
  podsToMake,
  podsToRemove,
  wantedPods,
} from './job-step.ts';
import { NEVER } from '../../../base/units.ts';
import type { EndReason } from '../../../base/reasons.ts';
import type { FailureRecord } from './job-step.ts';
import type { FailedPod } from './pod-failure-policy.ts';
import type { JobSpec } from '../../../cluster/controller-specs.ts';
import type { TaskPod } from './task-pod.ts';

export type JobOptions = Pick<
  JobSpec,
  | 'parallelism'
  | 'completions'
  | 'completionMode'
  | 'backoffLimit'
  | 'backoffLimitPerIndex'
  | 'maxFailedIndexes'
  | 'activeDeadlineUs'
  | 'podReplacement'
  | 'podFailureRules'
  | 'successRules'
  | 'ttlAfterFinishedUs'
> & {
  /** When its Jobs are suspended, in ascending order; absent for never. */
  readonly suspensions?: readonly Suspension[];
};

/** From, and until before. */
export interface Suspension {
  readonly fromUs: number;
  readonly untilUs: number;
}

/** The defaults of the API, but that nobody keeps a Job that has ended: the API would for ever. */
export const PLAIN_JOB: JobOptions = {
  parallelism: 1,
  completions: 1,
  completionMode: 'NonIndexed',
  backoffLimit: 6,
  activeDeadlineUs: NEVER,
  podReplacement: 'TerminatingOrFailed',
  podFailureRules: [],
  successRules: [],
  ttlAfterFinishedUs: 0,
};

export function slotsOf({ completions, parallelism }: JobOptions): number {
  return completions ?? parallelism;
}

/** Flat: what is saved. */
export interface JobState {
  /** Number among the Jobs of its workload. */
  readonly number: number;
  /** Or since when it is not suspended any more. */
  startUs: number;
  isSuspended: boolean;
  readonly spec: number;
  /** By slot. */
  readonly durationUs: readonly number[];
  readonly workTickUs: readonly number[];
  /** Number of the first task of each slot; -1 before there was one. */
  readonly origins: number[];
  readonly succeeded: number[];
  readonly failedIndexes: number[];
  /** Of each index, where limits are for each. */
  readonly indexFailures: Record<number, FailureRecord>;
  failed: number;
  record: FailureRecord;
  /** Ends since the last sync. */
  succeededUs: number[];
  failedUs: number[];
  /** A pod failed in a way that ends the Job. */
  hasFatalFailure: boolean;
  /** When it looks at its pods again; Infinity when nothing happened. */
  syncUs: number;
}

export function newJob(
  number: number,
  startUs: number,
  spec: number,
  durationUs: readonly number[],
  workTickUs: readonly number[],
): JobState {
  return {
    number,
    startUs,
    isSuspended: false,
    spec,
    durationUs,
    workTickUs,
    origins: durationUs.map(() => -1),
    succeeded: [],
    failedIndexes: [],
    indexFailures: {},
    failed: 0,
    record: { failures: 0, lastUs: 0 },
    succeededUs: [],
    failedUs: [],
    hasFatalFailure: false,
    syncUs: startUs,
  };
}

export function notePodSucceeded(job: JobState, slot: number, nowUs: number): void {
  if (!job.succeeded.includes(slot)) job.succeeded.push(slot);
  job.succeededUs.push(nowUs);
  delete job.indexFailures[slot];
}

export function notePodFailed(
  job: JobState,
  options: JobOptions,
  slot: number,
  reason: EndReason,
  nowUs: number,
): void {
  const action = actionOnFailure(options.podFailureRules, failedPod(reason));
  if (action === 'FailJob') job.hasFatalFailure = true;
  if (action !== 'Ignore') job.failed++;
  const limit = options.backoffLimitPerIndex;
  if (limit === undefined) job.failedUs.push(nowUs);
  else {
    const failures = (job.indexFailures[slot]?.failures ?? 0) + Number(action !== 'Ignore');
    job.indexFailures[slot] = { failures, lastUs: nowUs };
    const isFailed = action === 'FailIndex' || failures > limit;
    if (isFailed && !job.failedIndexes.includes(slot)) job.failedIndexes.push(slot);
  }
}

const FAILED_BY_ITSELF: readonly EndReason[] = [
  'essential-container-exited',
  'out-of-memory',
  'unhealthy',
];
const KILLED = 137;

function failedPod(reason: EndReason): FailedPod {
  if (!FAILED_BY_ITSELF.includes(reason)) {
    return { exitCodes: [], conditions: [{ type: 'DisruptionTarget', status: 'True' }] };
  }
  const code = reason === 'essential-container-exited' ? 1 : KILLED;
  return { exitCodes: [{ container: '', code }], conditions: [] };
}

/** What a Job has of pods. */
export interface JobPods {
  readonly active: readonly TaskPod[];
  /** Slots of pods that are leaving. */
  readonly leaving: readonly number[];
  /** In place, of all pods that have not ended. */
  readonly restarts: number;
  readonly restartsInPlace: boolean;
}

export interface JobDecision {
  readonly ended?: 'complete' | 'backoff-limit' | 'deadline' | 'failed-indexes' | 'pod-failure';
  readonly remove: readonly TaskPod[];
  /** Slots to make a pod for. */
  readonly create: readonly number[];
  /** When to look again, if nothing happens before. */
  readonly againUs: number;
}

export function syncJob(
  job: JobState,
  options: JobOptions,
  pods: JobPods,
  nowUs: number,
): JobDecision {
  const { active, leaving } = pods;
  job.record = failuresAfter(job.record, job.succeededUs, job.failedUs);
  job.succeededUs = [];
  job.failedUs = [];
  const ended = failureNow(job, options, pods, nowUs) ?? successNow(job, options);
  // A Job that ended keeps none of its pods.
  if (ended !== undefined) return { ended, remove: active, create: [], againUs: NEVER };
  const suspension = suspensionAt(options, nowUs);
  if (suspension !== undefined) {
    job.isSuspended = true;
    return { remove: active, create: [], againUs: suspension.untilUs };
  }
  if (job.isSuspended) {
    job.isSuspended = false;
    job.startUs = nowUs;
  }
  const againUs = Math.min(
    job.startUs + options.activeDeadlineUs,
    nextSuspensionUs(options, nowUs),
  );
  const succeeded = job.succeeded.length;
  const wanted = wantedPods(options, active.length, succeeded);
  const indexes = options.completionMode === 'Indexed' ? options.completions : undefined;
  const remove = podsToRemove(active, Math.max(0, active.length - wanted), indexes);
  if (isComplete(options, active.length - remove.length, succeeded)) {
    return { ended: 'complete', remove, create: [], againUs: NEVER };
  }
  if (remove.length > 0) return { remove, create: [], againUs };
  const waits = options.podReplacement === 'Failed' ? leaving.length : 0;
  const missing = podsToMake(wanted, active.length, waits);
  const dueUs = job.record.lastUs + backOffUs(job.record.failures);
  if (missing > 0 && dueUs > nowUs) {
    return { remove, create: [], againUs: Math.min(againUs, dueUs) };
  }
  const { create, waitUs } = slotsToFill(job, options, pods, missing, nowUs);
  return { remove, create, againUs: Math.min(againUs, waitUs) };
}

function failureNow(
  job: JobState,
  options: JobOptions,
  { restarts, restartsInPlace }: JobPods,
  nowUs: number,
): JobDecision['ended'] {
  if (job.hasFatalFailure) return 'pod-failure';
  // The clock of the deadline stands still while a Job is suspended, and starts anew.
  const activeForUs = job.isSuspended ? 0 : nowUs - job.startUs;
  const progress = { failed: job.failed, restarts, restartsInPlace, activeForUs };
  const failure = failureOf(options, progress);
  if (failure !== undefined || options.completions === undefined) return failure;
  const { completions, maxFailedIndexes } = options;
  return indexFailureOf(
    job.failedIndexes.length,
    job.succeeded.length,
    completions,
    maxFailedIndexes,
  );
}

export function suspensionAt(
  { suspensions = [] }: Pick<JobOptions, 'suspensions'>,
  nowUs: number,
): Suspension | undefined {
  return suspensions.find(({ fromUs, untilUs }) => fromUs <= nowUs && nowUs < untilUs);
}

function nextSuspensionUs({ suspensions = [] }: JobOptions, nowUs: number): number {
  return suspensions.find(({ fromUs }) => fromUs > nowUs)?.fromUs ?? NEVER;
}

/** By a rule, before all have succeeded. */
function successNow(job: JobState, options: JobOptions): JobDecision['ended'] {
  const { completions, successRules } = options;
  if (completions === undefined) return undefined;
  const isMet = meetsSuccessRule(successRules, completions, new Set(job.succeeded));
  return isMet ? 'complete' : undefined;
}

/** The lowest slots that are free, and the end of the wait of one that is backing off when none else is. */
function slotsToFill(
  job: JobState,
  options: JobOptions,
  { active, leaving }: JobPods,
  missing: number,
  nowUs: number,
): { readonly create: readonly number[]; readonly waitUs: number } {
  const taken = new Set([...job.succeeded, ...job.failedIndexes]);
  for (const { index } of active) taken.add(index);
  if (options.podReplacement === 'Failed') for (const slot of leaving) taken.add(slot);
  const free = missingIndexes(missing, slotsOf(options), (slot) => taken.has(slot));
  const dueUs = (slot: number) => {
    const failure = job.indexFailures[slot];
    return failure === undefined ? 0 : failure.lastUs + backOffUs(failure.failures);
  };
  const create = free.filter((slot) => dueUs(slot) <= nowUs);
  const waits = free.filter((slot) => dueUs(slot) > nowUs).map(dueUs);
  return { create, waitUs: waits.reduce((a, b) => Math.min(a, b), NEVER) };
}
