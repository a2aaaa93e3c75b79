/**
 * Makes the pods of one-pod Jobs again that failed (kubernetes.md 3.5): streams of jobs and traces, each task of which is a Job
 * with the API's defaults. A record is kept only of a Job whose pod failed.
 *
 * Failed      a pod that ended so, and any that is leaving or was taken with its host before it was done.
 * Back-off    10 s, 20 s ... 10 min from the last failure; at the seventh the Job is given up (backoffLimit 6).
 * Departs     a pod that waits for a host when it is deleted is not made again: nobody deletes such.
 */

import { CHANGE, JournalCursor, changeBits } from '../../../cluster/journal.ts';
import { FIRST_END_STATE } from '../../../cluster/tasks.ts';
import { NEVER } from '../../../base/units.ts';
import { PLAIN_JOB } from './job-run.ts';
import { WORKLOAD_KINDS } from '../../../cluster/workloads.ts';
import { backOffUs } from './job-step.ts';
import type { ActionBuffer } from '../../actions.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { Controller } from '../../controller.ts';

const KINDS = [WORKLOAD_KINDS.indexOf('job'), WORKLOAD_KINDS.indexOf('trace')];
const FOLLOWED = changeBits(CHANGE.taskStopping, CHANGE.taskCancelled, CHANGE.taskFailed);

/** A Job whose pod failed: what its next pod is, and when it is made. */
interface FailedJob {
  readonly workload: number;
  readonly spec: number;
  readonly durationUs: number;
  readonly workTickUs: number;
  readonly ordinal: number;
  readonly origin: number;
  failures: number;
  /** Infinity while a pod of it exists. */
  dueUs: number;
}

interface State {
  readonly version: number;
  readonly jobs: readonly FailedJob[];
  readonly keptMax: number;
}

export interface SinglePodJobsOptions {
  readonly cluster: number;
  /** Workloads whose Jobs another controller keeps. */
  readonly others: ReadonlySet<number>;
}

export class SinglePodJobs implements Controller {
  readonly actor = 'workload-controller';
  readonly phase = 'workload';
  readonly wakesOn = FOLLOWED;
  readonly background = false;

  private readonly view: ClusterView;
  private readonly options: SinglePodJobsOptions;
  private readonly cursor: JournalCursor;
  /** By the number of the first pod. */
  private readonly jobs = new Map<number, FailedJob>();
  /** Records after which those of Jobs that are done are looked for. */
  private keptMax = 64;

  constructor(view: ClusterView, options: SinglePodJobsOptions) {
    this.view = view;
    this.options = options;
    this.cursor = new JournalCursor(view.journal, FOLLOWED);
  }

  get wakeAtUs(): number {
    let next = NEVER;
    for (const { dueUs } of this.jobs.values()) next = Math.min(next, dueUs);
    return next;
  }

  wake(nowUs: number, out: ActionBuffer): void {
    const { tasks } = this.view;
    for (let change = this.cursor.next(); change !== undefined; change = this.cursor.next()) {
      const { kind, row } = change;
      // One that was told to stop counted when it was told.
      const wasCounted = kind !== CHANGE.taskStopping && tasks.stopping[row] === 1;
      if (this.isOurs(row) && !wasCounted) this.fail(row, nowUs, out);
    }
    for (const job of this.jobs.values()) {
      if (job.dueUs > nowUs) continue;
      const { workload, spec, durationUs, workTickUs, ordinal, origin } = job;
      const run = { spec, durationUs, workTickUs, place: { ordinal, origin } };
      out.push({ kind: 'create-task', workload, run });
      job.dueUs = NEVER;
    }
    if (this.jobs.size > this.keptMax) this.forgetDone();
  }

  save(): State {
    const jobs = [...this.jobs.values()].map((job) => ({ ...job }));
    return { version: this.cursor.version, jobs, keptMax: this.keptMax };
  }

  restore({ version, jobs, keptMax }: State): void {
    this.cursor.version = version;
    this.keptMax = keptMax;
    this.jobs.clear();
    for (const job of jobs) this.jobs.set(job.origin, { ...job });
  }

  private isOurs(task: number): boolean {
    const { tasks, workloads } = this.view;
    const workload = tasks.workload[task]!;
    return (
      tasks.cluster[task] === this.options.cluster &&
      KINDS.includes(workloads.kind[workload]!) &&
      !this.options.others.has(workload)
    );
  }

  private fail(task: number, nowUs: number, out: ActionBuffer): void {
    const { tasks } = this.view;
    const origin = tasks.origin[task]!;
    const workload = tasks.workload[task]!;
    const failures = (this.jobs.get(origin)?.failures ?? 0) + 1;
    if (failures > PLAIN_JOB.backoffLimit) {
      this.jobs.delete(origin);
      out.push({ kind: 'give-up', workload, why: 'backoff-limit' });
      return;
    }
    this.jobs.set(origin, {
      workload,
      spec: tasks.spec[task]!,
      durationUs: tasks.durationUs[task]!,
      workTickUs: tasks.workTickUs[task]!,
      ordinal: tasks.ordinal[task]!,
      origin,
      failures,
      dueUs: nowUs + backOffUs(failures),
    });
  }

  /** Records of Jobs without a pod and without a plan for one. */
  private forgetDone(): void {
    const { tasks } = this.view;
    const alive = new Set<number>();
    for (let task = 0; task < tasks.count; task++) {
      if (tasks.state[task]! < FIRST_END_STATE) alive.add(tasks.origin[task]!);
    }
    for (const [origin, { dueUs }] of this.jobs) {
      if (dueUs === NEVER && !alive.has(origin)) this.jobs.delete(origin);
    }
    this.keptMax = Math.max(64, 2 * this.jobs.size);
  }
}
