/**
 * The scheduling loop that all orchestrators share: take the first pending task, choose a host, bind, repeat.
 *
 * Serial     one decision at a time. A decision that binds ends the wake, so that the next one sees it committed; the
 *            loop wakes again when its think time is over. Attempts that fail are charged their think time too.
 * Latency    the host hears of a bind `bindUs` after the decision (API write and watch).
 * Order      PendingQueue's; with `strictOrder` a task that fits nowhere holds up all behind it (FCFS).
 * Fargate    a task sent to a Fargate pool gets a micro-VM of its own instead of a host (aws.md 4.1, 4.3).
 */

import { CHANGE, changeBit, changeBits } from '../cluster/journal.ts';
import { NEVER } from '../base/units.ts';
import { NO_HOST } from '../placement/policy.ts';
import { NO_ROW } from '../cluster/hosts.ts';
import { NO_TASK, PendingQueue } from './pending-queue.ts';
import { ReadyHosts } from '../placement/ready-hosts.ts';
import { diagnose } from '../placement/feasible.ts';
import type { ActionBuffer } from './actions.ts';
import type { Actor, PendingReason } from '../base/reasons.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { Controller } from './controller.ts';
import type { PendingQueueState } from './pending-queue.ts';
import type { LaggingCache, LaggingCacheState } from '../cluster/lagging-cache.ts';
import type { PlacementRequest } from '../placement/policy.ts';

/** How an orchestrator picks one of `hosts`, given in row order, for a task; NO_HOST when none will do. */
export interface HostChoice {
  /**
   * `pool` when the hosts are all the ready ones of a pool, or with NO_ROW of the workload's cluster. `isOpen` is asked of a host
   * besides all else.
   */
  choose(
    request: PlacementRequest,
    hosts: readonly number[],
    pool?: number,
    isOpen?: (host: number) => boolean,
  ): number;
  /** What keeps the task from a host besides pool, labels, taints and room; undefined when nothing does. */
  filter?(
    request: PlacementRequest,
    hosts: readonly number[],
  ): ((host: number) => boolean) | undefined;
  /** Why hosts that have room do not take the task; left out, a spread constraint. */
  refusal?(request: PlacementRequest): PendingReason;
  /** Which GPUs of the host chosen, bit d for device d; 0 leaves them to the ledger's rule. */
  devices?(request: PlacementRequest, host: number): number;
  save(): unknown;
  restore(state: unknown): void;
}

export interface QueueSchedulerOptions {
  readonly actor: Actor;
  readonly cluster: number;
  readonly choice: HostChoice;
  /** Simulated cost of one decision, us. */
  readonly thinkUs: number;
  /** From the decision to the host hearing of it, us. */
  readonly bindUs: number;
  readonly strictOrder: boolean;
  /** What the choice believes of free room when it does not see the ledger itself. */
  readonly cache?: LaggingCache;
}

const TASK_CAME = changeBit(CHANGE.taskPending);
const ROOM_CAME = changeBits(
  CHANGE.taskReleased,
  CHANGE.taskResized,
  CHANGE.hostState,
  CHANGE.hostLabels,
);

export class QueueScheduler implements Controller {
  readonly actor: Actor;
  readonly phase = 'scheduling';
  readonly background = false;
  wakeAtUs = NEVER;

  private readonly view: ClusterView;
  private readonly options: QueueSchedulerOptions;
  private readonly queue: PendingQueue;
  private readonly ready: ReadyHosts;
  private busyUntilUs = 0;

  constructor(view: ClusterView, options: QueueSchedulerOptions) {
    this.view = view;
    this.options = options;
    this.actor = options.actor;
    this.queue = new PendingQueue(view, options.cluster, options.strictOrder);
    this.ready = new ReadyHosts(view);
  }

  /** Room is news only while somebody waits for it. */
  get wakesOn(): number {
    return this.queue.isWaiting ? TASK_CAME | ROOM_CAME : TASK_CAME;
  }

  wake(nowUs: number, out: ActionBuffer): void {
    const { thinkUs, cache } = this.options;
    this.queue.advance();
    this.ready.advance();
    if (cache?.advance(nowUs) === true) this.queue.unblock();
    this.wakeAtUs = NEVER;
    if (nowUs < this.busyUntilUs) {
      this.wakeAtUs = this.busyUntilUs;
      return;
    }
    let spentUs = 0;
    for (let task = this.queue.head(); task !== NO_TASK; task = this.queue.head()) {
      spentUs += thinkUs;
      if (this.tryTask(task, nowUs + spentUs, out)) {
        this.queue.take();
        this.busyUntilUs = nowUs + spentUs;
        if (this.queue.isWaiting) this.wakeAtUs = this.busyUntilUs;
        return;
      }
      this.refuse(task, out);
    }
    this.busyUntilUs = nowUs + spentUs;
    // What waits tries again when the cache sees what the ledger already knows.
    if (cache !== undefined && this.queue.isWaiting) this.wakeAtUs = cache.nextDueUs();
  }

  save(): unknown {
    return {
      cache: this.options.cache?.save() ?? null,
      wakeAtUs: this.wakeAtUs,
      busyUntilUs: this.busyUntilUs,
      queue: this.queue.save(),
      choice: this.options.choice.save(),
    };
  }

  restore(state: {
    wakeAtUs: number;
    busyUntilUs: number;
    queue: PendingQueueState;
    choice: unknown;
    cache: LaggingCacheState | null;
  }): void {
    this.wakeAtUs = state.wakeAtUs;
    this.busyUntilUs = state.busyUntilUs;
    this.options.choice.restore(state.choice);
    this.queue.restore(state.queue);
    if (state.cache !== null) this.options.cache?.restore(state.cache);
    this.ready.rebuild();
  }

  private tryTask(task: number, decidedUs: number, out: ActionBuffer): boolean {
    const { tasks, pools } = this.view;
    const pool = tasks.pool[task]!;
    if (pool !== NO_ROW && pools.descriptions[pool]!.kind.startsWith('fargate')) {
      out.push({ kind: 'launch-micro-vm', task, pool });
      return true;
    }
    const request = { spec: tasks.spec[task]!, workload: tasks.workload[task]! };
    const host = this.options.choice.choose(request, this.hostsFor(pool), pool);
    if (host === NO_HOST) return false;
    // A task that is tried again was refused at its commit: what was assumed for it is void.
    this.options.cache?.forget(task);
    this.options.cache?.assume(task, host);
    const devices = this.options.choice.devices?.(request, host) ?? 0;
    out.push({ kind: 'bind', task, host, devices, atUs: decidedUs + this.options.bindUs });
    return true;
  }

  private hostsFor(pool: number): readonly number[] {
    return pool === NO_ROW ? this.ready.inCluster(this.options.cluster) : this.ready.inPool(pool);
  }

  /** Blocks the line of the head and notes the reason on those of its tasks that have none yet. */
  private refuse(head: number, out: ActionBuffer): void {
    const { tasks } = this.view;
    const line = this.queue.block();
    let reason: PendingReason | undefined;
    for (const task of line) {
      if (tasks.reason[task] !== 0) continue;
      reason ??= this.reasonOf({ spec: tasks.spec[head]!, workload: tasks.workload[head]! }, head);
      out.push({ kind: 'refuse', task, reason });
    }
  }

  /** A host that could take the task and was not chosen would break a constraint: nothing else is left. */
  private reasonOf(request: PlacementRequest, task: number): PendingReason {
    const reason = diagnose(this.view, request, this.hostsFor(this.view.tasks.pool[task]!));
    if (reason !== 'queued') return reason;
    return this.options.choice.refusal?.(request) ?? 'spread';
  }
}
