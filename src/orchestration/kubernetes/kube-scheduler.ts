/**
 * kube-scheduler: takes pods from its queue one at a time, chooses a node for each, binds it or says why not, and evicts others
 * for those of higher priority (kubernetes.md 1.2, 1.3, 1.10).
 *
 * Serial     a cycle that binds or preempts ends the wake, so that the next one sees it done; the scheduler wakes again when
 *            its think time is over. Attempts in vain are charged their think time too, equal pods together one.
 * Latency    the node hears of a bind `bindUs` after the decision (API write and watch).
 * Waits      timers of backoffs and leftovers are background: they do not keep a run alive.
 * Refusal    PodScheduled=False with reason Unschedulable is the pod's first reason; before it, autoscalers do not see the pod
 *            (kubernetes.md 8.20). A binding that failed is an error and tried again after an error backoff.
 * Fargate    a pod sent to a Fargate pool gets a micro-VM of its own instead of a node (aws.md 4.1, 4.3).
 * Departs    an attempt looks at the cluster as it is when it begins, and what happens while it thinks comes after it, so no
 *            event finds a pod in flight. Victims are told to stop at once: preemption is not gated meanwhile.
 */

import { CHANGE, JournalCursor, changeBit, changeBits } from '../../cluster/journal.ts';
import { ClusterNews } from './queue/cluster-news.ts';
import { DerivedRejectors } from './queue/derived-rejectors.ts';
import { LEFTOVER_PERIOD_US, NO_TASK, SchedulingQueue } from './queue/scheduling-queue.ts';
import { NEVER } from '../../base/units.ts';
import { NO_HOST } from '../../placement/policy.ts';
import { NO_ROW } from '../../cluster/hosts.ts';
import { Preemptor } from './preemptor.ts';
import { PluginHints } from './queue/plugin-hints.ts';
import { ReadyHosts } from '../../placement/ready-hosts.ts';
import { TASK_STATE } from '../../cluster/tasks.ts';
import { diagnose, isFeasible } from '../../placement/feasible.ts';
import { pendingReasons } from '../../base/reason-code.ts';
import { rejectorBits } from './queue/rejectors.ts';
import type { ActionBuffer } from '../actions.ts';
import type { BackoffOptions } from './queue/backoff.ts';
import type { ClusterNewsState } from './queue/cluster-news.ts';
import type { ClusterView, FreeView } from '../../cluster/cluster.ts';
import type { Controller } from '../controller.ts';
import type { HostChoice } from '../queue-scheduler.ts';
import type { LaggingCache, LaggingCacheState } from '../../cluster/lagging-cache.ts';
import type { PlacementRequest } from '../../placement/policy.ts';
import type { PluginName } from './framework/status.ts';
import type { TemplateKey } from './queue/template.ts';

/** How a node is chosen, and what stood against the pod where none would do. */
export interface NodeChoice extends HostChoice {
  /**
   * Plugins that refused the pod somewhere, asked after `choose` found no node; undefined, or no such function, where labels, taints
   * and room tell.
   */
  rejectors?(request: PlacementRequest, nodes: readonly number[]): Iterable<PluginName> | undefined;
}

export interface KubeSchedulerOptions {
  readonly cluster: number;
  readonly choice: NodeChoice;
  /** Simulated cost of one cycle, us. */
  readonly thinkUs: number;
  /** From the decision to the node hearing of it, us. */
  readonly bindUs: number;
  readonly backoff: BackoffOptions;
  /** How late the scheduler hears of changes, us. */
  readonly delayUs: number;
  /** What the choice believes of free room when it does not see the ledger itself. */
  readonly cache?: LaggingCache;
}

interface KubeSchedulerState {
  readonly wakeAtUs: number;
  readonly wakesOn: number;
  readonly background: boolean;
  readonly busyUntilUs: number;
  readonly leftoverUs: number;
  readonly version: number;
  readonly news: ClusterNewsState;
  readonly queue: ReturnType<SchedulingQueue['save']>;
  readonly preemptor: ReturnType<Preemptor['save']>;
  readonly choice: unknown;
  readonly cache: LaggingCacheState | null;
}

const PODS = changeBits(CHANGE.taskPending, CHANGE.taskWithdrawn);
const POD_CAME = changeBit(CHANGE.taskPending);
const NOT_TOLD = 0;
const CONFLICT = pendingReasons.codeOf('conflict');

export class KubeScheduler implements Controller {
  readonly actor = 'kube-scheduler';
  readonly phase = 'scheduling';
  wakesOn = POD_CAME;
  background = false;
  wakeAtUs = NEVER;

  private readonly view: ClusterView;
  private readonly options: KubeSchedulerOptions;
  private readonly free: FreeView;
  private readonly cursor: JournalCursor;
  private readonly news: ClusterNews;
  private readonly ready: ReadyHosts;
  private readonly rejectors: DerivedRejectors;
  private readonly preemptor: Preemptor;
  private queue: SchedulingQueue;
  private busyUntilUs = 0;
  private leftoverUs = LEFTOVER_PERIOD_US;

  constructor(view: ClusterView, options: KubeSchedulerOptions) {
    const { cluster, delayUs, cache } = options;
    this.view = view;
    this.options = options;
    this.free = cache ?? view.hosts;
    this.cursor = new JournalCursor(view.journal, PODS);
    this.news = new ClusterNews(view, cluster, delayUs);
    this.ready = new ReadyHosts(view);
    this.rejectors = new DerivedRejectors(view, cluster, this.free);
    this.preemptor = new Preemptor(view, cluster, options.choice);
    this.queue = this.newQueue();
  }

  wake(nowUs: number, out: ActionBuffer): void {
    this.follow(nowUs);
    if (nowUs >= this.busyUntilUs) this.schedule(nowUs, out);
    this.setWake(nowUs);
  }

  save(): KubeSchedulerState {
    const { wakeAtUs, wakesOn, background, busyUntilUs, leftoverUs } = this;
    return {
      wakeAtUs,
      wakesOn,
      background,
      busyUntilUs,
      leftoverUs,
      version: this.cursor.version,
      news: this.news.save(),
      queue: this.queue.save(),
      preemptor: this.preemptor.save(),
      choice: this.options.choice.save(),
      cache: this.options.cache?.save() ?? null,
    };
  }

  restore(state: KubeSchedulerState): void {
    this.wakeAtUs = state.wakeAtUs;
    this.wakesOn = state.wakesOn;
    this.background = state.background;
    this.busyUntilUs = state.busyUntilUs;
    this.leftoverUs = state.leftoverUs;
    this.cursor.version = state.version;
    this.news.restore(state.news);
    this.preemptor.restore(state.preemptor);
    this.queue = this.newQueue();
    this.queue.restore(state.queue);
    this.options.choice.restore(state.choice);
    if (state.cache !== null) this.options.cache?.restore(state.cache);
    this.ready.rebuild();
  }

  private newQueue(): SchedulingQueue {
    const { view } = this;
    return new SchedulingQueue({
      backoff: this.options.backoff,
      hints: new PluginHints(view),
      tasks: view.tasks,
      poolCount: view.pools.count,
      priorityOf: ({ spec }) => this.preemptor.noted(view.specs.at(spec).priority),
    });
  }

  /** Takes in what the journal has. */
  private follow(nowUs: number): void {
    this.ready.advance();
    this.options.cache?.advance(nowUs);
    this.news.advance(nowUs, (event) => this.queue.tell(event, nowUs));
    for (let change = this.cursor.next(); change !== undefined; change = this.cursor.next()) {
      if (change.kind === CHANGE.taskPending) this.join(change.row, nowUs);
      else this.leave(change.row, nowUs);
    }
    if (nowUs < this.leftoverUs) return;
    this.queue.flushLeftovers(nowUs);
    this.leftoverUs = (Math.floor(nowUs / LEFTOVER_PERIOD_US) + 1) * LEFTOVER_PERIOD_US;
  }

  private join(task: number, nowUs: number): void {
    const { tasks, specs } = this.view;
    if (tasks.cluster[task] !== this.options.cluster) return;
    if (tasks.state[task] !== TASK_STATE.pending) return;
    const spec = tasks.spec[task]!;
    const pool = tasks.pool[task]!;
    const before = this.queue.keyOf(task);
    if (before !== undefined) {
      if (before.pool === pool) return;
      this.queue.remove(task);
    }
    const key: TemplateKey = { spec, workload: tasks.workload[task]!, pool, isNominated: false };
    if (tasks.reason[task] === CONFLICT) this.queue.comeBack(task, key, nowUs);
    else {
      const gates = specs.at(spec).pod?.schedulingGates ?? [];
      this.queue.add(task, key, tasks.submittedUs[task]!, gates.length > 0);
    }
  }

  private leave(task: number, nowUs: number): void {
    if (this.view.tasks.cluster[task] !== this.options.cluster) return;
    if (this.queue.keyOf(task) !== undefined) this.queue.remove(task);
    this.endNomination(task, NO_HOST, nowUs);
  }

  private schedule(nowUs: number, out: ActionBuffer): void {
    let spentUs = 0;
    for (let task = this.queue.pop(nowUs); task !== NO_TASK; task = this.queue.pop(nowUs)) {
      spentUs += this.options.thinkUs;
      if (this.cycle(task, nowUs + spentUs, out)) break;
    }
    this.busyUntilUs = nowUs + spentUs;
  }

  /** One scheduling cycle; true when it changed the cluster, so that the next must wait for the change. */
  private cycle(task: number, decidedUs: number, out: ActionBuffer): boolean {
    const { tasks, pools } = this.view;
    const pool = tasks.pool[task]!;
    if (pool !== NO_ROW && pools.descriptions[pool]!.kind.startsWith('fargate')) {
      this.queue.done(task);
      out.push({ kind: 'launch-micro-vm', task, pool });
      return true;
    }
    const { cluster, choice, cache, bindUs } = this.options;
    const nodes = pool === NO_ROW ? this.ready.inCluster(cluster) : this.ready.inPool(pool);
    const request = { spec: tasks.spec[task]!, workload: tasks.workload[task]! };
    const host = this.nodeFor(task, request, nodes, pool);
    if (host === NO_HOST) return this.refuse(task, request, nodes, decidedUs, out);
    this.queue.done(task);
    this.endNomination(task, host, decidedUs);
    // A task that is tried again was refused at its commit: what was assumed for it is void.
    cache?.forget(task);
    cache?.assume(task, host);
    const devices = choice.devices?.(request, host) ?? 0;
    out.push({ kind: 'bind', task, host, devices, atUs: decidedUs + bindUs });
    return true;
  }

  /** The nominated node if it will do, without scoring (kubernetes.md 1.3 step 5); else the choice's. */
  private nodeFor(
    task: number,
    request: PlacementRequest,
    nodes: readonly number[],
    pool: number,
  ): number {
    const { choice } = this.options;
    const isOpen = this.preemptor.openTo(task);
    const awaited = this.preemptor.nominations.hostOf(task);
    if (
      awaited !== undefined &&
      nodes.includes(awaited) &&
      isFeasible(this.view, this.free, request, awaited) &&
      (choice.filter?.(request, nodes)?.(awaited) ?? true) &&
      (isOpen?.(awaited) ?? true)
    ) {
      return awaited;
    }
    return choice.choose(request, nodes, pool, isOpen);
  }

  /** True when room is being made for the pod. */
  private refuse(
    task: number,
    request: PlacementRequest,
    nodes: readonly number[],
    nowUs: number,
    out: ActionBuffer,
  ): boolean {
    const rejectors = this.rejectorsOf(request, nodes);
    const outcome =
      rejectors === 0 ? ({ kind: 'ineligible' } as const) : this.preemptor.preempt(task, nodes);
    let first = [task];
    if (outcome.kind === 'preempts') {
      const { host, victims } = outcome;
      for (const other of this.preemptor.dismissed(task, host)) {
        this.endNomination(other, NO_HOST, nowUs);
        out.push({ kind: 'nominate', task: other, host: NO_ROW });
      }
      this.endNomination(task, host, nowUs);
      this.preemptor.nominations.add(task, host);
      out.push({ kind: 'nominate', task, host });
      for (const victim of victims) {
        if (this.view.tasks.stopping[victim] === 1) continue;
        out.push({ kind: 'stop-task', task: victim, reason: 'preempted' });
      }
      this.queue.fail(task, rejectors, nowUs, true);
    } else if (this.preemptor.nominations.hostOf(task) === undefined) {
      first = this.queue.failTogether(task, rejectors, nowUs);
    } else {
      const isLost = outcome.kind === 'no-candidate';
      this.queue.fail(task, rejectors, nowUs, !isLost);
      if (isLost) {
        this.endNomination(task, NO_HOST, nowUs);
        out.push({ kind: 'nominate', task, host: NO_ROW });
      }
    }
    this.tellReason(first, request, nodes, out);
    return outcome.kind === 'preempts';
  }

  /** Notes why on those pods that were never told, and on those that were told of an error. */
  private tellReason(
    refused: readonly number[],
    request: PlacementRequest,
    nodes: readonly number[],
    out: ActionBuffer,
  ): void {
    const { tasks } = this.view;
    const untold = refused.filter(
      (task) => tasks.reason[task] === NOT_TOLD || tasks.reason[task] === CONFLICT,
    );
    if (untold.length === 0) return;
    const found = diagnose(this.view, request, nodes);
    // A node that could take the pod and was not chosen is kept for another, or would break a spread constraint.
    const reason =
      found === 'queued' ? (this.preemptor.shortage(refused[0]!, nodes) ?? 'spread') : found;
    for (const task of untold) out.push({ kind: 'refuse', task, reason });
  }

  private rejectorsOf(request: PlacementRequest, nodes: readonly number[]): number {
    const { nodesVersion } = this.news;
    const plugins = this.options.choice.rejectors?.(request, nodes);
    if (plugins !== undefined) return rejectorBits(plugins);
    return this.rejectors.of(request, nodes, nodesVersion, this.options.choice);
  }

  /** Takes back a pod's nomination, unless it is for `kept`; pods of no higher priority hear of the room. */
  private endNomination(task: number, kept: number, nowUs: number): void {
    const { nominations } = this.preemptor;
    const host = nominations.hostOf(task);
    if (host === undefined) return;
    nominations.remove(task);
    if (host === kept) return;
    const priorityMax = this.view.specs.at(this.view.tasks.spec[task]!).priority;
    this.queue.tell({ kind: 'pod-deleted', task, priorityMax }, nowUs);
  }

  private setWake(nowUs: number): void {
    const { queue, news, busyUntilUs } = this;
    const { cache, delayUs } = this.options;
    const { rejectors } = queue;
    let dueUs = queue.canPop ? Math.max(nowUs, busyUntilUs) : NEVER;
    // What waits tries again when the cache sees what the ledger already knows.
    if (cache !== undefined && queue.size > 0) dueUs = Math.min(dueUs, cache.nextDueUs());
    if (delayUs > 0 && rejectors !== 0) dueUs = Math.min(dueUs, news.nextDueUs());
    this.background = dueUs === NEVER;
    const errorUs = Math.max(queue.nextErrorUs, busyUntilUs);
    this.wakeAtUs = Math.min(dueUs, errorUs, rejectors === 0 ? NEVER : this.leftoverUs);
    this.wakesOn = POD_CAME | (rejectors === 0 ? 0 : news.wakesOn(rejectors));
  }
}
