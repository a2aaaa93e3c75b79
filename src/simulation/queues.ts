/**
 * The queues of workloads that take messages. A queue is brought up to date when somebody asks for its length, by what the
 * journal says of replicas that became ready or ceased to be so since; a run without queues reads nothing.
 */

import { CHANGE, JournalCursor, changeBits } from '../cluster/journal.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { MessageQueue, MessageQueueState } from '../traffic/message-queue.ts';

const FOLLOWED = changeBits(
  CHANGE.taskReady,
  CHANGE.taskUnready,
  CHANGE.taskStopping,
  CHANGE.taskReleased,
);

export interface QueuesState {
  readonly version: number;
  readonly queues: readonly (MessageQueueState | null)[];
  readonly ready: readonly number[];
}

export class Queues {
  private readonly cluster: Cluster;
  /** By workload row; undefined for those without one. */
  private readonly queues: readonly (MessageQueue | undefined)[];
  private readonly isEmpty: boolean;
  private readonly cursor: JournalCursor;
  /** Rows of the tasks that take messages, and their number by workload. */
  private readonly ready = new Set<number>();
  private readonly counts = new Map<number, number>();

  constructor(cluster: Cluster, queues: readonly (MessageQueue | undefined)[]) {
    this.cluster = cluster;
    this.queues = queues;
    this.isEmpty = queues.every((queue) => queue === undefined);
    this.cursor = new JournalCursor(cluster.journal, FOLLOWED);
  }

  /** Messages of a workload now; 0 where it has no queue. */
  length(workload: number, nowUs: number): number {
    const queue = this.queues[workload];
    if (queue === undefined) return 0;
    this.follow();
    queue.advance(nowUs, this.counts.get(workload) ?? 0);
    return queue.messages;
  }

  save(): QueuesState {
    return {
      version: this.cursor.version,
      queues: this.isEmpty ? [] : Array.from(this.queues, (queue) => queue?.save() ?? null),
      ready: [...this.ready],
    };
  }

  restore({ version, queues, ready }: QueuesState): void {
    this.cursor.version = version;
    for (const [workload, state] of queues.entries()) {
      if (state !== null) this.queues[workload]!.restore(state);
    }
    this.ready.clear();
    this.counts.clear();
    for (const task of ready) this.change(task, this.cluster.tasks.workload[task]!, true);
  }

  private follow(): void {
    const { tasks } = this.cluster;
    if (this.cursor.isOvertaken) this.lookAgain();
    for (let change = this.cursor.peek(); change !== undefined; change = this.cursor.peek()) {
      const { kind, row } = change;
      const { timeUs } = this.cursor;
      this.cursor.skip();
      const workload = tasks.workload[row]!;
      const queue = this.queues[workload];
      if (queue === undefined) continue;
      queue.advance(timeUs, this.counts.get(workload) ?? 0);
      this.change(row, workload, kind === CHANGE.taskReady);
    }
  }

  /** The journal has moved on too far: the replicas of now are taken for those of the time between. */
  private lookAgain(): void {
    const { tasks, journal } = this.cluster;
    this.ready.clear();
    this.counts.clear();
    for (let task = 0; task < tasks.count; task++) {
      const workload = tasks.workload[task]!;
      const isTaking = tasks.isReady[task] === 1 && tasks.stopping[task] === 0;
      if (isTaking && this.queues[workload] !== undefined) this.change(task, workload, true);
    }
    this.cursor.version = journal.version;
  }

  private change(task: number, workload: number, isReady: boolean): void {
    const changed = isReady ? !this.ready.has(task) : this.ready.has(task);
    if (!changed) return;
    if (isReady) this.ready.add(task);
    else this.ready.delete(task);
    this.counts.set(workload, (this.counts.get(workload) ?? 0) + (isReady ? 1 : -1));
  }
}
