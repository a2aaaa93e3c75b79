/** Compares one sync of our Job with the real one's: how many pods it makes, which it deletes, and whether it ends the Job. */

import {
  PLAIN_JOB,
  newJob,
  slotsOf,
  syncJob,
} from '../../../src/orchestration/kubernetes/controllers/job-run.ts';
import type {
  JobOptions,
  JobState,
} from '../../../src/orchestration/kubernetes/controllers/job-run.ts';
import type { JobsCase, JobsCasePod } from './jobs-case.ts';
import type { TaskPod } from '../../../src/orchestration/kubernetes/controllers/task-pod.ts';

const NOW_US = 10_000e6;

const REASONS: Readonly<Record<string, string>> = {
  complete: 'CompletionsReached',
  'backoff-limit': 'BackoffLimitExceeded',
  deadline: 'DeadlineExceeded',
};

export function judgeJobs(input: unknown, output: unknown): string | undefined {
  const read = input as JobsCase;
  const options = optionsOf(read);
  const isOver = ({ phase }: JobsCasePod) => phase === 'Succeeded' || phase === 'Failed';
  const numbered = read.pods.map((pod, i) => ({ pod, i }));
  const there = numbered.filter(({ pod }) => !isOver(pod));
  const active = there.filter(({ pod }) => !pod.terminating);
  const leaving = there.filter(({ pod }) => pod.terminating);
  const job = jobOf(read, options);
  // Pods without an index take the slots behind those that succeeded.
  const slotOf = (place: number, pod: JobsCasePod) =>
    read.indexed ? pod.index : job.succeeded.length + place;
  const decision = syncJob(
    job,
    options,
    {
      active: active.map(({ pod, i }, place) => taskPod(pod, i, slotOf(place, pod))),
      leaving: leaving.map(({ pod }, place) => slotOf(active.length + place, pod)),
      restarts: there.reduce((sum, { pod }) => sum + pod.restarts, 0),
      restartsInPlace: read.restartPolicy === 'OnFailure',
    },
    NOW_US,
  );
  const ours = {
    created: decision.create.length,
    indexes: read.indexed ? [...decision.create] : [],
    deleted: decision.remove.map(({ task }) => `work-${task}`).sort((a, b) => (a < b ? -1 : 1)),
    ended: decision.ended === undefined ? '' : REASONS[decision.ended]!,
  };
  const [mine, theirs] = [JSON.stringify(ours), JSON.stringify(output)];
  return mine === theirs ? undefined : `${mine}, really ${theirs}`;
}

function optionsOf(read: JobsCase): JobOptions {
  const { parallelism, completions, indexed, backoffLimit, deadlineS, replacement } = read;
  const { completions: _one, ...plain } = PLAIN_JOB;
  return {
    ...plain,
    parallelism,
    ...(completions === undefined ? {} : { completions }),
    completionMode: indexed ? 'Indexed' : 'NonIndexed',
    backoffLimit,
    activeDeadlineUs: (deadlineS ?? Infinity) * 1e6,
    podReplacement: replacement,
  };
}

/** As if all that ended had ended since the last sync. */
function jobOf(read: JobsCase, options: JobOptions): JobState {
  const slots = Array.from({ length: slotsOf(options) }, () => 0);
  const job = newJob(0, NOW_US - read.activeForS * 1e6, 0, slots, slots);
  // Pods of indexes that there are no more count for nothing.
  const pods = read.pods.filter(({ index }) => !read.indexed || index < read.completions!);
  const ends = (isMeant: (pod: JobsCasePod) => boolean) =>
    pods
      .filter(isMeant)
      .map(({ endedS }) => NOW_US - endedS * 1e6)
      .sort((a, b) => a - b);
  const succeeded = pods.filter(({ phase }) => phase === 'Succeeded');
  const indexes = new Set(succeeded.map(({ index }) => index));
  job.succeeded.push(...(read.indexed ? indexes : succeeded.map((_, i) => i)));
  job.succeededUs = ends(({ phase }) => phase === 'Succeeded');
  const leavingCounts = read.replacement === 'TerminatingOrFailed';
  const hasFailed = ({ phase, terminating }: JobsCasePod) =>
    phase === 'Failed' || (leavingCounts && terminating && phase !== 'Succeeded');
  job.failedUs = ends(hasFailed);
  job.failed = job.failedUs.length;
  return job;
}

function taskPod(pod: JobsCasePod, task: number, index: number): TaskPod {
  return {
    task,
    index,
    uid: '',
    isAssigned: true,
    phase: pod.phase === 'Running' ? 2 : 0,
    isReady: pod.ready,
    deletionCost: 0,
    colocated: 0,
    readyUs: NOW_US - pod.readyS * 1e6,
    createdUs: NOW_US - pod.ageS * 1e6,
    restarts: pod.restarts,
    sidecarRestarts: 0,
  };
}
