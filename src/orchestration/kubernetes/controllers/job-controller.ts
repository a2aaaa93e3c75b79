/**
 * Keeps the Jobs of one cluster that are more than one pod, or start by a clock (kubernetes.md 3.5, 3.6).
 *
 * Arrivals    every arrival of a workload is a Job of its own; its pods' sizes are one draw, their run times one draw each.
 * Cron        a CronJob looks at the clock at the times of its schedule, and starts Jobs or does not.
 * Sync        a Job looks at its pods 1 s after the first news of one; at its start at once.
 * Identity    pod `slot` of Job k has the ordinal k x slots + slot.
 * End         a Job that has ended is deleted after its time (ttlAfterFinished); a CronJob keeps no more of them than its limits, the
 *             oldest go first. Their pods go with them, which matters where a finished pod is billed.
 * Suspended   a Job has no pods, and a CronJob starts nothing and then what it missed last, if that is not too late.
 */

import { CHANGE, JournalCursor, changeBits } from '../../../cluster/journal.ts';
import { NEVER, US_PER_SECOND } from '../../../base/units.ts';
import { NO_ROW } from '../../../cluster/hosts.ts';
import { TASK_STATE } from '../../../cluster/tasks.ts';
import { TaskPods } from './task-pod.ts';
import { cronJobStep } from './cron-job-step.ts';
import { endReasons } from '../../../base/reason-code.ts';
import {
  newJob,
  notePodFailed,
  notePodSucceeded,
  slotsOf,
  suspensionAt,
  syncJob,
} from './job-run.ts';
import type { ActionBuffer } from '../../actions.ts';
import type { Change } from '../../../cluster/journal.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { Controller } from '../../controller.ts';
import type { CronJobSpec } from '../../../cluster/controller-specs.ts';
import type { CronSchedule } from '../../../base/cron-schedule.ts';
import type { JobOptions, JobPods, JobState } from './job-run.ts';

/** What one pod asks for and how long it runs. The record is reused. */
export interface PodDraw {
  spec: number;
  durationUs: number;
  workTickUs: number;
}

/** Where the Jobs of a workload come from. */
export interface JobSupply {
  readonly nextUs: number;
  /** The first pod of the Job that arrives at `nextUs`; moves on to the next arrival. */
  take(into: PodDraw): void;
  /** A pod more. */
  again(into: PodDraw): void;
  save(): unknown;
  restore(state: unknown): void;
}

export interface CronRule extends Pick<
  CronJobSpec,
  'startingDeadlineUs' | 'concurrency' | 'succeededHistoryLimit' | 'failedHistoryLimit'
> {
  readonly schedule: CronSchedule;
}

export interface JobWorkload {
  readonly workload: number;
  readonly options: JobOptions;
  readonly supply: JobSupply;
  /** In place of the supply's own times. */
  readonly cron?: CronRule;
}

const FOLLOWED = changeBits(CHANGE.taskPending, CHANGE.taskStopping, CHANGE.taskReleased);
/** Between the news of a pod and the look at its Job. */
const BATCH_US = US_PER_SECOND;

interface WorkloadState {
  readonly jobs: JobState[];
  /** Jobs so far. */
  started: number;
  /** Of a CronJob, civil; NaN before the first. */
  lastScheduledUs: number;
  lookUs: number;
  /** Of a CronJob, by number in the order of their starts: Jobs that have ended and are not deleted. */
  readonly history: { readonly job: number; readonly hasSucceeded: boolean }[];
}

interface State {
  readonly version: number;
  readonly wakeAtUs: number;
  readonly workloads: readonly WorkloadState[];
  readonly supplies: readonly unknown[];
}

export class JobController implements Controller {
  readonly actor = 'workload-controller';
  readonly phase = 'workload';
  readonly wakesOn = FOLLOWED;
  /** Jobs arrive, or have something to do later. */
  readonly background = false;
  wakeAtUs: number;

  private readonly view: ClusterView;
  private readonly workloads: readonly JobWorkload[];
  private readonly civilStartUs: number;
  private readonly pods: TaskPods;
  private readonly cursor: JournalCursor;
  private readonly states: WorkloadState[];
  /** By workload row. */
  private readonly indexOf: ReadonlyMap<number, number>;
  /** Rows of pods that have not ended, by workload and Job; what the columns say, kept in order. */
  private readonly podsOf: Map<number, Set<number>>[];
  private readonly draw: PodDraw = { spec: 0, durationUs: 0, workTickUs: 0 };

  constructor(
    view: ClusterView,
    workloads: readonly JobWorkload[],
    civilStartUs: number,
    seed: string | number,
  ) {
    this.view = view;
    this.workloads = workloads;
    this.civilStartUs = civilStartUs;
    this.pods = new TaskPods(view, seed);
    this.cursor = new JournalCursor(view.journal, FOLLOWED);
    this.states = workloads.map(({ cron }) => ({
      jobs: [],
      started: 0,
      lastScheduledUs: NaN,
      lookUs: cron === undefined ? NEVER : 0,
      history: [],
    }));
    this.podsOf = workloads.map(() => new Map());
    this.indexOf = new Map(workloads.map(({ workload }, i) => [workload, i]));
    this.wakeAtUs = this.nextUs();
  }

  wake(nowUs: number, out: ActionBuffer): void {
    for (let change = this.cursor.next(); change !== undefined; change = this.cursor.next()) {
      this.follow(change, nowUs);
    }
    for (const [i, one] of this.workloads.entries()) {
      this.arrive(i, one, nowUs, out);
      const due = this.states[i]!.jobs.filter(({ syncUs }) => syncUs <= nowUs);
      for (const job of due) this.sync(i, one, job, nowUs, out);
    }
    this.wakeAtUs = this.nextUs();
  }

  save(): State {
    return {
      version: this.cursor.version,
      wakeAtUs: this.wakeAtUs,
      workloads: structuredCopy(this.states),
      supplies: this.workloads.map(({ supply }) => supply.save()),
    };
  }

  restore({ version, wakeAtUs, workloads, supplies }: State): void {
    this.cursor.version = version;
    this.wakeAtUs = wakeAtUs;
    this.states.splice(0, Infinity, ...structuredCopy(workloads));
    for (const [i, { supply }] of this.workloads.entries()) supply.restore(supplies[i]);
    for (const ofJob of this.podsOf) ofJob.clear();
    const { tasks } = this.view;
    const rows = Array.from({ length: tasks.count }, (_, row) => row)
      .filter((row) => tasks.state[row]! < TASK_STATE.completed)
      .sort((a, b) => tasks.number[a]! - tasks.number[b]!);
    for (const row of rows) this.join(row);
  }

  private follow({ kind, row }: Readonly<Change>, nowUs: number): void {
    const { tasks } = this.view;
    if (kind === CHANGE.taskPending) return this.join(row);
    const found = this.find(row);
    if (found === undefined) return;
    const { i, job, slot } = found;
    const { options } = this.workloads[i]!;
    const reason = endReasons.wordOf(tasks.reason[row]!) || 'stopped';
    // Those that it removes itself it stops to follow: they are no failures.
    const isRemoved = reason === 'stopped';
    if (kind === CHANGE.taskStopping) {
      // Leaving counts as failed at once, unless only failed pods are replaced.
      if (job === undefined || isRemoved || options.podReplacement === 'Failed') return;
      notePodFailed(job, options, slot, reason, nowUs);
    } else {
      this.podsOf[i]!.get(found.number)?.delete(row);
      if (job === undefined) {
        if (this.podsOf[i]!.get(found.number)?.size === 0) this.podsOf[i]!.delete(found.number);
        return;
      }
      const wasCounted = tasks.stopping[row] === 1 && options.podReplacement !== 'Failed';
      if (tasks.state[row] === TASK_STATE.completed) notePodSucceeded(job, slot, nowUs);
      else if (!wasCounted && !isRemoved) notePodFailed(job, options, slot, reason, nowUs);
    }
    job.syncUs = Math.min(job.syncUs, nowUs + BATCH_US);
  }

  /** Pods are found by their ordinals: those that were sent to another pool are here already. */
  private join(row: number): void {
    const found = this.find(row);
    if (found === undefined) return;
    const { i, number, job, slot } = found;
    const ofJob = this.podsOf[i]!;
    const rows = ofJob.get(number);
    if (rows === undefined) ofJob.set(number, new Set([row]));
    else rows.add(row);
    if (job !== undefined) job.origins[slot] = this.view.tasks.origin[row]!;
  }

  private find(row: number) {
    const { tasks } = this.view;
    const i = this.indexOf.get(tasks.workload[row]!);
    if (i === undefined) return undefined;
    const slots = slotsOf(this.workloads[i]!.options);
    const ordinal = tasks.ordinal[row]!;
    const number = Math.floor(ordinal / slots);
    const job = this.states[i]!.jobs.find((one) => one.number === number);
    return { i, number, job, slot: ordinal - number * slots };
  }

  private arrive(i: number, one: JobWorkload, nowUs: number, out: ActionBuffer): void {
    const { supply, cron } = one;
    if (cron !== undefined) return this.lookAtClock(i, one, cron, nowUs, out);
    while (supply.nextUs <= nowUs) {
      supply.take(this.draw);
      this.start(i, one, nowUs);
    }
  }

  private lookAtClock(
    i: number,
    one: JobWorkload,
    cron: CronRule,
    nowUs: number,
    out: ActionBuffer,
  ): void {
    const state = this.states[i]!;
    if (state.lookUs > nowUs) return;
    const suspension = suspensionAt(one.options, nowUs);
    if (suspension !== undefined) {
      state.lookUs = suspension.untilUs;
      return;
    }
    const { startUs, endsActive, nextUs } = cronJobStep(
      cron.schedule,
      cron,
      {
        createdUs: this.civilStartUs,
        lastScheduledUs: state.lastScheduledUs,
        active: state.jobs.length,
      },
      this.civilStartUs + nowUs,
    );
    state.lookUs = nextUs - this.civilStartUs;
    if (startUs === undefined) return;
    state.lastScheduledUs = startUs;
    if (endsActive) {
      for (const { number } of state.jobs) {
        this.stopPods(i, number, out);
        out.push({ kind: 'delete-job', workload: one.workload, job: number, afterUs: 0 });
      }
      state.jobs.length = 0;
    }
    one.supply.again(this.draw);
    this.start(i, one, nowUs);
  }

  private stopPods(i: number, number: number, out: ActionBuffer): void {
    for (const task of this.podsOf[i]!.get(number) ?? []) {
      if (this.view.tasks.stopping[task] === 1) continue;
      out.push({ kind: 'stop-task', task, reason: 'replaced' });
    }
  }

  /** The Job whose first pod was just drawn. */
  private start(i: number, { options, supply }: JobWorkload, nowUs: number): void {
    const { spec } = this.draw;
    const durationUs: number[] = [];
    const workTickUs: number[] = [];
    for (let slot = 0; slot < slotsOf(options); slot++) {
      if (slot > 0) supply.again(this.draw);
      durationUs.push(this.draw.durationUs);
      workTickUs.push(this.draw.workTickUs);
    }
    const state = this.states[i]!;
    state.jobs.push(newJob(state.started++, nowUs, spec, durationUs, workTickUs));
  }

  private sync(
    i: number,
    { workload, options, cron }: JobWorkload,
    job: JobState,
    nowUs: number,
    out: ActionBuffer,
  ): void {
    const decision = syncJob(job, options, this.jobPods(i, job, options), nowUs);
    job.syncUs = decision.againUs;
    const reason = decision.ended === 'deadline' ? 'deadline-exceeded' : 'stopped';
    for (const { task } of decision.remove) out.push({ kind: 'stop-task', task, reason });
    for (const slot of decision.create) {
      const ordinal = job.number * slotsOf(options) + slot;
      const place = { ordinal, origin: job.origins[slot] === -1 ? NO_ROW : job.origins[slot]! };
      const run = {
        spec: job.spec,
        durationUs: job.durationUs[slot]!,
        workTickUs: job.workTickUs[slot]!,
        place,
      };
      out.push({ kind: 'create-task', workload, run });
    }
    if (decision.ended === undefined) return;
    const { jobs } = this.states[i]!;
    jobs.splice(jobs.indexOf(job), 1);
    if (decision.ended !== 'complete') out.push({ kind: 'give-up', workload, why: decision.ended });
    if (decision.remove.length === 0) this.podsOf[i]!.delete(job.number);
    const afterUs = options.ttlAfterFinishedUs;
    if (afterUs < NEVER) out.push({ kind: 'delete-job', workload, job: job.number, afterUs });
    if (cron !== undefined && afterUs > 0) {
      this.trimHistory(i, workload, cron, job.number, decision.ended === 'complete', out);
    }
  }

  private trimHistory(
    i: number,
    workload: number,
    { succeededHistoryLimit, failedHistoryLimit }: CronRule,
    job: number,
    hasSucceeded: boolean,
    out: ActionBuffer,
  ): void {
    const { history } = this.states[i]!;
    history.push({ job, hasSucceeded });
    history.sort((a, b) => a.job - b.job);
    const limit = hasSucceeded ? succeededHistoryLimit : failedHistoryLimit;
    const alike = history.filter((one) => one.hasSucceeded === hasSucceeded);
    for (const one of alike.slice(0, Math.max(0, alike.length - limit))) {
      history.splice(history.indexOf(one), 1);
      out.push({ kind: 'delete-job', workload, job: one.job, afterUs: 0 });
    }
  }

  private jobPods(i: number, job: JobState, options: JobOptions): JobPods {
    const { tasks, specs } = this.view;
    const rows = [...(this.podsOf[i]!.get(job.number) ?? [])];
    const slotOf = (row: number) => tasks.ordinal[row]! - job.number * slotsOf(options);
    const isLeaving = (row: number) => tasks.stopping[row] === 1;
    const active = rows
      .filter((row) => !isLeaving(row))
      .map((row) => this.pods.podOf(row, slotOf(row)));
    return {
      active,
      leaving: rows.filter(isLeaving).map(slotOf),
      restarts: rows.reduce((sum, row) => sum + Math.max(0, tasks.attempts[row]! - 1), 0),
      restartsInPlace: specs.at(job.spec).pod?.restartPolicy === 'OnFailure',
    };
  }

  private nextUs(): number {
    let next = NEVER;
    for (const [i, { supply, cron }] of this.workloads.entries()) {
      const { jobs, lookUs } = this.states[i]!;
      next = Math.min(next, cron === undefined ? supply.nextUs : lookUs);
      for (const { syncUs } of jobs) next = Math.min(next, syncUs);
    }
    return next;
  }
}

/** A copy of flat data, whatever is nested in it. */
function structuredCopy(states: readonly WorkloadState[]): WorkloadState[] {
  return states.map((state) => ({
    ...state,
    history: state.history.map((one) => ({ ...one })),
    jobs: state.jobs.map((job) => ({
      ...job,
      origins: [...job.origins],
      succeeded: [...job.succeeded],
      failedIndexes: [...job.failedIndexes],
      indexFailures: { ...job.indexFailures },
      succeededUs: [...job.succeededUs],
      failedUs: [...job.failedUs],
    })),
  }));
}
