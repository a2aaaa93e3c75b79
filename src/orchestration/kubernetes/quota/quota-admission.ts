/**
 * Admission by quota before the scheduler, in outline as Kueue does it (kubernetes.md 1.13): jobs stay suspended, so that their
 * pods are not there for anyone, until their ClusterQueue has quota for the whole job.
 *
 *   cycle      the head of every queue -> does it fit, or fit by borrowing? -> in order, each asked again:
 *              those that do not borrow first, then by priority, time of submission and number
 *   cohort     at most one job that borrows is admitted in a cycle
 *   refused    StrictFIFO: the job stays at the head and holds up its queue. BestEffortFIFO: it is set aside until quota of the
 *              cohort is given back
 *   cycles     follow each other until one admits nobody and sets nobody aside
 *
 * Job        one task, or all tasks of a gang. A task that takes the place of one that was lost is a job of its own.
 * Given back when a task ends, task by task.
 * Cost       when quota is given back, every job that was set aside in the cohort is looked at again.
 * Departs    one flavor a resource; no preemption, Kueue's default; no fair sharing; a resource without a quota is not limited,
 *            where Kueue admits no job that asks for it; a cycle takes no time.
 */

import FastPriorityQueue from 'fastpriorityqueue';
import { CHANGE, JournalCursor, changeBits } from '../../../cluster/journal.ts';
import { NEVER } from '../../../base/units.ts';
import { QuotaBook } from './quota-book.ts';
import { TASK_STATE } from '../../../cluster/tasks.ts';
import type { ActionBuffer } from '../../actions.ts';
import type { ClusterQueue, QuotaAmounts, QuotaAnswer } from './quota-book.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { Controller } from '../../controller.ts';

export interface QuotaSettings extends ClusterQueue {
  readonly strategy: 'StrictFIFO' | 'BestEffortFIFO';
  /** Rows of the workloads whose jobs wait here. */
  readonly workloads: readonly number[];
}

interface Job {
  readonly queue: number;
  readonly tasks: readonly number[];
  readonly priority: number;
}

interface Nominated {
  readonly job: Job;
  readonly answer: QuotaAnswer;
}

interface QuotaAdmissionState {
  readonly version: number;
  readonly used: ReturnType<QuotaBook['save']>;
  /** Tasks of each job, by queue: those in line, those set aside, and members of gangs that are not complete. */
  readonly waiting: readonly (readonly (readonly number[])[])[];
  readonly aside: readonly (readonly (readonly number[])[])[];
  readonly incomplete: readonly (readonly number[])[];
}

const NO_QUEUE = -1;

export class QuotaAdmission implements Controller {
  readonly actor = 'kueue';
  readonly phase = 'workload';
  readonly wakesOn = changeBits(CHANGE.taskPending, CHANGE.taskWithdrawn, CHANGE.taskReleased);
  readonly wakeAtUs = NEVER;
  readonly background = true;

  private readonly view: ClusterView;
  private readonly queues: readonly QuotaSettings[];
  private readonly cursor: JournalCursor;
  private readonly book: QuotaBook;
  /** By workload. */
  private readonly queueOf: number[] = [];
  private readonly waiting: FastPriorityQueue<Job>[];
  private readonly aside: Job[][];
  /** Members of gangs that are not complete, by workload and number of the gang. */
  private readonly incomplete = new Map<string, number[]>();

  constructor(view: ClusterView, queues: readonly QuotaSettings[]) {
    this.view = view;
    this.queues = queues;
    this.cursor = new JournalCursor(view.journal, this.wakesOn);
    this.book = new QuotaBook(queues);
    this.waiting = queues.map(() => new FastPriorityQueue<Job>((a, b) => this.isBefore(a, b)));
    this.aside = queues.map(() => []);
    for (const [queue, { workloads }] of queues.entries()) {
      for (const workload of workloads) this.queueOf[workload] = queue;
    }
  }

  wake(_nowUs: number, out: ActionBuffer): void {
    this.follow();
    while (this.cycle(out));
  }

  save(): QuotaAdmissionState {
    const tasksOf = (jobs: readonly Job[]) => jobs.map(({ tasks }) => [...tasks]);
    return {
      version: this.cursor.version,
      used: this.book.save(),
      waiting: this.waiting.map((line) => {
        const jobs: Job[] = [];
        line.forEach((job) => void jobs.push(job));
        return tasksOf(jobs);
      }),
      aside: this.aside.map(tasksOf),
      incomplete: [...this.incomplete.values()].map((tasks) => [...tasks]),
    };
  }

  restore(state: QuotaAdmissionState): void {
    this.cursor.version = state.version;
    this.book.restore(state.used);
    this.incomplete.clear();
    for (const tasks of state.incomplete) this.incomplete.set(this.gangKey(tasks[0]!), [...tasks]);
    for (const queue of this.queues.keys()) {
      this.waiting[queue]!.removeMany(() => true);
      for (const tasks of state.waiting[queue]!) this.waiting[queue]!.add(this.jobOf(tasks));
      this.aside[queue] = state.aside[queue]!.map((tasks) => this.jobOf(tasks));
    }
  }

  private follow(): void {
    const { tasks } = this.view;
    for (let change = this.cursor.next(); change !== undefined; change = this.cursor.next()) {
      const { kind, row } = change;
      const queue = this.queueOf[tasks.workload[row]!] ?? NO_QUEUE;
      if (queue === NO_QUEUE) continue;
      if (kind === CHANGE.taskPending) this.join(row);
      else if (tasks.held[row] === 1) this.drop(queue, row);
      else this.giveBack(queue, row);
    }
  }

  private join(task: number): void {
    const { tasks, specs } = this.view;
    if (tasks.held[task] !== 1 || tasks.state[task] !== TASK_STATE.pending) return;
    const { gang } = specs.at(tasks.spec[task]!);
    const isPlaceOfAnother = tasks.origin[task] !== tasks.number[task];
    if (gang === undefined || isPlaceOfAnother) return this.lineUp([task]);
    const key = this.gangKey(task);
    const members = this.incomplete.get(key) ?? [];
    members.push(task);
    this.incomplete.set(key, members);
    if (members.length < gang.tasks) return;
    this.incomplete.delete(key);
    this.lineUp(members);
  }

  private lineUp(tasks: readonly number[]): void {
    const job = this.jobOf(tasks);
    this.waiting[job.queue]!.add(job);
  }

  /** A job whose task is withdrawn is withdrawn whole: what is left of a gang never runs. */
  private drop(queue: number, task: number): void {
    const isIts = ({ tasks }: Job): boolean => tasks.includes(task);
    this.waiting[queue]!.removeOne(isIts);
    this.aside[queue] = this.aside[queue]!.filter((job) => !isIts(job));
  }

  private giveBack(queue: number, task: number): void {
    this.book.move(queue, this.requestOf([task]), -1);
    for (const other of this.book.cohortOf(queue)) {
      for (const job of this.aside[other]!) this.waiting[other]!.add(job);
      this.aside[other] = [];
    }
  }

  /** True when another cycle may find something. */
  private cycle(out: ActionBuffer): boolean {
    const nominated: Nominated[] = [];
    for (const line of this.waiting) {
      const job = line.peek();
      if (job === undefined) continue;
      nominated.push({ job, answer: this.book.answer(job.queue, this.requestOf(job.tasks)) });
    }
    nominated.sort((a, b) => this.inTurn(a, b));
    const borrowed = new Set<string>();
    let hasMoved = false;
    for (const { job, answer } of nominated) {
      if (this.consider(job, answer, borrowed, out)) hasMoved = true;
    }
    return hasMoved;
  }

  /** True when the job left the head of its queue. */
  private consider(
    job: Job,
    nominatedAs: QuotaAnswer,
    borrowed: Set<string>,
    out: ActionBuffer,
  ): boolean {
    const { cohort, strategy } = this.queues[job.queue]!;
    const request = this.requestOf(job.tasks);
    if (nominatedAs === 'does-not-fit') {
      if (strategy === 'StrictFIFO') return false;
      this.waiting[job.queue]!.poll();
      this.aside[job.queue]!.push(job);
      return true;
    }
    // Others of this cycle may have taken the quota, or one that borrows the turn: the next cycle looks again.
    if (nominatedAs === 'borrows' && borrowed.has(cohort)) return false;
    if (this.book.answer(job.queue, request) === 'does-not-fit') return false;
    if (nominatedAs === 'borrows') borrowed.add(cohort);
    this.book.move(job.queue, request, 1);
    this.waiting[job.queue]!.poll();
    for (const task of job.tasks) out.push({ kind: 'admit', task });
    return true;
  }

  private inTurn(a: Nominated, b: Nominated): number {
    const byBorrowing = Number(a.answer === 'borrows') - Number(b.answer === 'borrows');
    if (byBorrowing !== 0) return byBorrowing;
    return this.isBefore(a.job, b.job) ? -1 : 1;
  }

  private isBefore(a: Job, b: Job): boolean {
    if (a.priority !== b.priority) return a.priority > b.priority;
    const { submittedUs, number } = this.view.tasks;
    const [first, second] = [a.tasks[0]!, b.tasks[0]!];
    const bySubmission = submittedUs[first]! - submittedUs[second]!;
    return bySubmission !== 0 ? bySubmission < 0 : number[first]! < number[second]!;
  }

  private jobOf(tasks: readonly number[]): Job {
    const { workload, spec } = this.view.tasks;
    const [first] = tasks;
    const { priority } = this.view.specs.at(spec[first!]!);
    return { queue: this.queueOf[workload[first!]!]!, tasks, priority };
  }

  private requestOf(tasks: readonly number[]): QuotaAmounts {
    const { specs } = this.view;
    const sum: [number, number, number] = [0, 0, 0];
    for (const task of tasks) {
      const spec = this.view.tasks.spec[task]!;
      sum[0] += specs.cpuTicks[spec]!;
      sum[1] += specs.memoryBytes[spec]!;
      sum[2] += specs.gpuCount[spec]! * specs.gpuMilli[spec]!;
    }
    return sum;
  }

  private gangKey(task: number): string {
    const { workload, ordinal, spec } = this.view.tasks;
    const { tasks } = this.view.specs.at(spec[task]!).gang!;
    return `${workload[task]}/${Math.floor(ordinal[task]! / tasks)}`;
  }
}
