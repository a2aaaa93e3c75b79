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
 * Gangs      all members that wait are tried in one cycle and bound together; else all of them wait for the same error backoff.
 * Departs    an attempt looks at the cluster as it is when it begins, and what happens while it thinks comes after it, so no
 *            event finds a pod in flight. Victims are told to stop at once: preemption is not gated meanwhile. Gangs evict nobody;
 *            in the real code some of their refused members wait in the backoff of refused pods, from which an idle scheduler
 *            would try them without a pause.
 */

import { CHANGE, JournalCursor, changeBit, changeBits } from '../../cluster/journal.ts';
import { CONFLICT, RefusalNotes } from './refusal-notes.ts';
import { ClusterNews } from './queue/cluster-news.ts';
import { DerivedRejectors } from './queue/derived-rejectors.ts';
import { LEFTOVER_PERIOD_US, NO_TASK, SchedulingQueue } from './queue/scheduling-queue.ts';
import { NEVER } from '../../base/units.ts';
import { NO_HOST } from '../../placement/policy.ts';
import { NO_ROW } from '../../cluster/hosts.ts';
import { Preemptor } from './preemption/preemptor.ts';
import { permitStageOf } from './gang/permit-stage.ts';
import { PodGroups } from './gang/pod-groups.ts';
import { PluginHints } from './queue/plugin-hints.ts';
import { ReadyHosts } from '../../placement/ready-hosts.ts';
import { TASK_STATE } from '../../cluster/tasks.ts';
import { chooseTogether } from './gang/choose-together.ts';
import { isFeasible } from '../../placement/feasible.ts';
import { pinnedRejectors } from './queue/pinned-rejectors.ts';
import { rejectorBits } from './queue/rejectors.ts';
import type { ActionBuffer } from '../actions.ts';
import type { ClusterView, FreeView } from '../../cluster/cluster.ts';
import type { Controller } from '../controller.ts';
import type { KubeSchedulerOptions } from './kube-scheduler-options.ts';
import type { KubeSchedulerState } from './kube-scheduler-state.ts';
import type { PendingReason } from '../../base/reasons.ts';
import type { PermitStage } from './gang/permit-stage.ts';
import type { PlacementRequest } from '../../placement/policy.ts';
import type { Refused } from './refusal-notes.ts';
import type { TemplateKey } from './queue/template.ts';
import type { VolumeJudgement } from './volumes/volume-rules.ts';

const PODS = changeBits(CHANGE.taskPending, CHANGE.taskWithdrawn);
const POD_CAME = changeBit(CHANGE.taskPending);
const VOLUME_BINDING = rejectorBits(['VolumeBinding']);

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
  private readonly groups: PodGroups | undefined;
  private readonly permits: PermitStage | undefined;
  private readonly notes: RefusalNotes;
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
    const { choice, budgets, namespaces } = options;
    this.preemptor = new Preemptor(view, cluster, choice, budgets, namespaces);
    this.groups = options.schedulesGangs === true ? new PodGroups(view) : undefined;
    this.notes = new RefusalNotes(view, this.preemptor);
    this.permits = permitStageOf(view, options, {
      nominations: this.preemptor.nominations,
      notes: this.notes,
      cache,
      queue: () => this.queue,
      bind: (task, host, decidedUs, out) => this.bind(task, host, decidedUs, out),
      endNomination: (task, kept, nowUs) => this.endNomination(task, kept, nowUs),
    });
    this.queue = this.newQueue();
  }

  wake(nowUs: number, out: ActionBuffer): void {
    this.follow(nowUs);
    this.permits?.stir(nowUs, out);
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
      permits: this.permits?.groups.save() ?? [],
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
    this.options.volumes?.forget();
    this.groups?.rebuild(this.options.cluster);
    this.permits?.groups.restore(state.permits, this.options.cluster);
  }

  private newQueue(): SchedulingQueue {
    const { view } = this;
    return new SchedulingQueue({
      backoff: this.options.backoff,
      hints: new PluginHints(view),
      tasks: view.tasks,
      poolCount: view.pools.count,
      priorityOf: ({ spec }) => this.preemptor.noted(view.specs.priorityOf(spec)),
    });
  }

  /** Takes in what the journal has. */
  private follow(nowUs: number): void {
    this.ready.advance();
    this.options.cache?.advance(nowUs);
    this.news.advance(nowUs, (event) => {
      if (event.kind === 'pod-added') {
        this.groups?.bound(event.task);
        this.permits?.groups.joined(event.task, true);
      } else if (event.kind === 'pod-deleted') {
        this.groups?.left(event.task);
        this.permits?.groups.left(event.task);
      }
      if (event.kind !== 'pod-added') this.permits?.groups.hope();
      this.queue.tell(event, nowUs);
    });
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
    if (tasks.state[task] !== TASK_STATE.pending || tasks.held[task] === 1) return;
    const spec = tasks.spec[task]!;
    const pool = tasks.pool[task]!;
    // One that names its node is not for schedulers.
    if ((specs.at(spec).pod?.nodeName ?? '') !== '') return;
    const before = this.queue.keyOf(task);
    if (before !== undefined) {
      if (before.pool === pool) return;
      this.queue.remove(task);
    }
    const workload = tasks.workload[task]!;
    const claims = this.options.volumes?.claimsOf(task);
    const key: TemplateKey = { spec, workload, pool, isNominated: false, claims };
    const isMember = this.groups?.isMember(task) === true;
    if (tasks.reason[task] === CONFLICT) this.queue.comeBack(task, key, nowUs);
    else {
      const gates = specs.at(spec).pod?.schedulingGates ?? [];
      this.queue.add(task, key, tasks.submittedUs[task]!, isMember || gates.length > 0);
    }
    if (isMember) for (const member of this.groups.add(task)) this.queue.release(member);
    for (const member of this.permits?.groups.joined(task, false) ?? [])
      this.queue.activate(member);
  }

  private leave(task: number, nowUs: number): void {
    if (this.view.tasks.cluster[task] !== this.options.cluster) return;
    if (this.queue.keyOf(task) !== undefined) this.queue.remove(task);
    this.permits?.left(task);
    this.endNomination(task, NO_HOST, nowUs);
    this.groups?.left(task);
  }

  private schedule(nowUs: number, out: ActionBuffer): void {
    this.busyUntilUs = nowUs;
    for (let task = this.queue.pop(nowUs); task !== NO_TASK; task = this.queue.pop(nowUs)) {
      this.busyUntilUs += this.options.thinkUs;
      const isGang = this.groups?.isMember(task) === true;
      if (isGang ? this.gangCycle(task, out) : this.cycle(task, this.busyUntilUs, out)) break;
    }
  }

  /** One scheduling cycle; true when it changed the cluster, so that the next must wait for the change. */
  private cycle(task: number, decidedUs: number, out: ActionBuffer): boolean {
    const { tasks, pools } = this.view;
    const pool = tasks.pool[task]!;
    if (tasks.pinned[task] !== NO_ROW) return this.pinnedCycle(task, decidedUs, out);
    if (pool !== NO_ROW && pools.descriptions[pool]!.kind.startsWith('fargate')) {
      if (this.options.volumes?.needsNode(task) === true) {
        const first = this.queue.failTogether(task, VOLUME_BINDING, decidedUs);
        for (const one of first) {
          out.push({ kind: 'refuse', task: one, reason: 'volume-unreachable' });
        }
        return false;
      }
      this.queue.done(task);
      out.push({ kind: 'launch-micro-vm', task, pool });
      return true;
    }
    const request = this.requestOf(task);
    const nodes = this.nodesFor(pool);
    const volumes = this.options.volumes?.judge(task, nodes);
    const { permits } = this;
    if (permits?.admits(task, nodes, decidedUs, out) === false) return false;
    const search = (): number =>
      this.nodeFor(task, request, nodes, pool, this.openTo(task, volumes));
    const host = permits?.beside(this.view, search) ?? search();
    if (host === NO_HOST) return this.refuse(task, { request, nodes, volumes }, decidedUs, out);
    if (permits?.groups.isMember(task) === true) return permits.permit(task, host, decidedUs, out);
    this.bind(task, host, decidedUs, out);
    return true;
  }

  /** The one node that the pod may go to, which PreFilter narrows the cycle to (kubernetes.md 1.4, 1.8, 3.4). */
  private pinnedCycle(task: number, decidedUs: number, out: ActionBuffer): boolean {
    const { choice, volumes: volumeRules } = this.options;
    const host = this.view.tasks.pinned[task]!;
    const request = this.requestOf(task);
    const nodes = [host];
    choice.passOver?.();
    const volumes = volumeRules?.judge(task, nodes);
    if (!this.suits(request, nodes, host, this.openTo(task, volumes))) {
      return this.refuse(task, { request, nodes, volumes }, decidedUs, out);
    }
    this.bind(task, host, decidedUs, out);
    return true;
  }

  /** All members of a gang that wait, at once; as many as its minimum lacks must find a node (kubernetes.md 1.12). */
  private gangCycle(task: number, out: ActionBuffer): boolean {
    const groups = this.groups!;
    const { tasks } = this.view;
    const { cache, thinkUs } = this.options;
    const members = groups.waiting(task).filter((one) => one === task || this.queue.take(one));
    this.busyUntilUs += (members.length - 1) * thinkUs;
    let lacks: PendingReason | undefined;
    const nodeFor = (one: number): number => {
      const pool = tasks.pool[one]!;
      const nodes = this.nodesFor(pool);
      const volumes = this.options.volumes?.judge(one, nodes);
      const isOpen = this.openTo(one, volumes) ?? (() => true);
      const request = this.requestOf(one);
      const host = this.nodeFor(one, request, nodes, pool, isOpen);
      if (host === NO_HOST) lacks ??= this.notes.reasonFor(one, { request, nodes, volumes });
      return host;
    };
    const hosts = chooseTogether(members, nodeFor, this.view, cache);
    const found = hosts.filter((host) => host !== NO_HOST).length;
    const isPlaced = found >= groups.missing(task);
    for (const [i, member] of members.entries()) {
      if (isPlaced && hosts[i] !== NO_HOST) {
        groups.bound(member);
        this.bind(member, hosts[i]!, this.busyUntilUs, out);
      } else {
        this.queue.fail(member, 0, this.busyUntilUs);
        this.notes.tellAll([member], lacks ?? 'queued', out);
      }
    }
    return isPlaced;
  }

  private nodesFor(pool: number): readonly number[] {
    return pool === NO_ROW ? this.ready.inCluster(this.options.cluster) : this.ready.inPool(pool);
  }

  private requestOf(task: number): PlacementRequest {
    const { spec, workload } = this.view.tasks;
    return { spec: spec[task]!, workload: workload[task]! };
  }

  /** Is a node open to the pod besides pods that are nominated to it, and for its volumes? */
  private openTo(task: number, volumes: VolumeJudgement | undefined) {
    // What indexes remember knows nothing of pods that wait on their nodes.
    const isOpen =
      this.preemptor.openTo(task) ?? (this.permits?.isHolding ? () => true : undefined);
    if (volumes === undefined) return isOpen;
    return (host: number) => volumes.of(host) === undefined && (isOpen?.(host) ?? true);
  }

  private bind(task: number, host: number, decidedUs: number, out: ActionBuffer): void {
    const { choice, cache, bindUs } = this.options;
    this.queue.done(task);
    this.endNomination(task, host, decidedUs);
    // A task that is tried again was refused at its commit: what was assumed for it is void.
    cache?.forget(task);
    cache?.assume(task, host);
    const isGang = (this.groups ?? this.permits?.groups)?.isMember(task) === true;
    const devices = isGang ? 0 : (choice.devices?.(this.requestOf(task), host) ?? 0);
    out.push({ kind: 'bind', task, host, devices, atUs: decidedUs + bindUs });
  }

  /** The nominated node if it will do, without scoring (kubernetes.md 1.3 step 5); else the choice's. */
  private nodeFor(
    task: number,
    request: PlacementRequest,
    nodes: readonly number[],
    pool: number,
    isOpen: ((host: number) => boolean) | undefined,
  ): number {
    const { choice } = this.options;
    const awaited = this.preemptor.nominations.hostOf(task);
    const isKept = awaited !== undefined && nodes.includes(awaited);
    if (isKept && this.suits(request, nodes, awaited, isOpen)) return awaited;
    return choice.choose(request, nodes, pool, isOpen);
  }

  private suits(
    request: PlacementRequest,
    nodes: readonly number[],
    host: number,
    isOpen: ((host: number) => boolean) | undefined,
  ): boolean {
    return (
      isFeasible(this.view, this.free, request, host) &&
      (this.options.choice.filter?.(request, nodes)?.(host) ?? true) &&
      (isOpen?.(host) ?? true)
    );
  }

  /** True when room is being made for the pod. */
  private refuse(task: number, refused: Refused, nowUs: number, out: ActionBuffer): boolean {
    const { request, nodes, volumes } = refused;
    const isPinned = this.view.tasks.pinned[task] !== NO_ROW;
    const rejectors = isPinned
      ? pinnedRejectors(this.view, this.free, request, nodes[0]!)
      : this.rejectorsOf(refused);
    const outcome =
      rejectors === 0
        ? ({ kind: 'ineligible' } as const)
        : this.preemptor.preempt(task, nodes, volumes?.around);
    if (outcome.kind !== 'preempts' && this.permits?.givesUp(task, refused, nowUs, out) === true) {
      return false;
    }
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
    } else if (isPinned && this.preemptor.nominations.hostOf(task) === undefined) {
      // Its equals are for other nodes.
      this.queue.fail(task, rejectors, nowUs);
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
    this.notes.tell(volumes === undefined ? first : [...new Set([task, ...first])], refused, out);
    return outcome.kind === 'preempts';
  }

  private rejectorsOf({ request, nodes, volumes }: Refused): number {
    const { choice } = this.options;
    if (volumes?.ofAll !== undefined) return rejectorBits(volumes.rejectors(nodes));
    const plugins = choice.rejectors?.(request, nodes);
    this.rejectors.update(this.news.nodesVersion);
    const withRoom = (host: number) => isFeasible(this.view, this.free, request, host);
    const ofVolumes = rejectorBits(volumes?.rejectors(nodes.filter(withRoom)) ?? []);
    const ofOthers = ofVolumes | this.rejectors.elsewhere(nodes);
    if (plugins !== undefined) return ofOthers | rejectorBits(plugins);
    const keeps = choice.rejectors === undefined ? choice.filter?.(request, nodes) : undefined;
    return ofOthers | this.rejectors.of(request, nodes, keeps);
  }

  /** Takes back a pod's nomination, unless it is for `kept`; pods of no higher priority hear of the room. */
  private endNomination(task: number, kept: number, nowUs: number): void {
    const { nominations } = this.preemptor;
    const host = nominations.hostOf(task);
    if (host === undefined) return;
    const isHolding = nominations.isHolding(task);
    nominations.remove(task);
    if (host === kept) return;
    const priority = this.view.specs.priorityOf(this.view.tasks.spec[task]!);
    const priorityMax = isHolding ? Infinity : priority;
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
    const groupsUs = Math.max(nowUs, this.permits?.groups.nextUs() ?? NEVER);
    this.wakeAtUs = Math.min(dueUs, errorUs, groupsUs, rejectors === 0 ? NEVER : this.leftoverUs);
    this.wakesOn = POD_CAME | (rejectors === 0 ? 0 : news.wakesOn(rejectors));
  }
}
