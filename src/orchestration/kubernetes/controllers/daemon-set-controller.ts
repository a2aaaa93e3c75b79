/**
 * Keeps the DaemonSets of one cluster (kubernetes.md 3.4): a pod on every ready node on which it should run. The pod is made
 * whether or not there is room for it there, and waits in the scheduler's queue for that node alone.
 *
 * Starts      when a node becomes ready, or its labels and taints change. A daemon that has gone while its node stays is made
 *             again, after a back-off where it failed.
 * Ends        with its node, whether it was bound or not, or when a taint says so.
 * Updates     from the moment on when a workload gets another spec: one step a wake over all nodes in the order of their
 *             creation, and awake at once again until a step does nothing.
 * Departs     no limit of 250 pods a sync, which keeps nobody waiting.
 */

import { CHANGE, JournalCursor, changeBits } from '../../../cluster/journal.ts';
import { HOST_STATE, LAUNCH_TYPE, NO_ROW } from '../../../cluster/hosts.ts';
import { LiveTasks } from '../../live-tasks.ts';
import { NEVER } from '../../../base/units.ts';
import { TASK_STATE } from '../../../cluster/tasks.ts';
import { WORKLOAD_KINDS } from '../../../cluster/workloads.ts';
import { afterFailedPod, daemonStep, shouldContinue, shouldRun } from './daemon-set-step.ts';
import type { ActionBuffer } from '../../actions.ts';
import type { Change } from '../../../cluster/journal.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { Controller } from '../../controller.ts';
import type { DaemonNode, DaemonPod, DaemonSite, FailedPodBackOff } from './daemon-set-step.ts';
import type { DaemonSetSpec } from '../../../cluster/controller-specs.ts';

export type DaemonSetOptions = Pick<
  DaemonSetSpec,
  'update' | 'maxUnavailable' | 'maxSurge' | 'minReadyUs'
>;

/** The defaults of the API. */
const PLAIN_DAEMON_SET: DaemonSetOptions = {
  update: 'RollingUpdate',
  maxUnavailable: { count: 1 },
  maxSurge: { count: 0 },
  minReadyUs: 0,
};

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');
const FOLLOWED = changeBits(
  CHANGE.hostState,
  CHANGE.hostLabels,
  CHANGE.workloadSpec,
  CHANGE.taskCancelled,
  CHANGE.taskFailed,
);
const UPDATE_GOES_ON = changeBits(CHANGE.taskReady, CHANGE.taskReleased, CHANGE.taskStopping);

/** A daemon that failed on a host, and is made again there from a time on. */
interface Wanted {
  readonly workload: number;
  readonly host: number;
  readonly atUs: number;
}

interface Pod extends DaemonPod {
  readonly task: number;
}

interface State {
  readonly version: number;
  readonly wakeAtUs: number | null;
  readonly wanted: readonly Wanted[];
  readonly made: readonly number[];
  readonly updating: readonly number[];
  readonly backOffs: readonly (readonly [key: string, backOff: FailedPodBackOff])[];
}

export class DaemonSetController implements Controller {
  readonly actor = 'workload-controller';
  readonly phase = 'workload';
  wakeAtUs = NEVER;

  private readonly view: ClusterView;
  private readonly cluster: number;
  private readonly options: ReadonlyMap<number, DaemonSetOptions>;
  private readonly own: readonly number[];
  private readonly cursor: JournalCursor;
  /** By host and workload. */
  private readonly wanted = new Map<number, Wanted>();
  /** Hosts and workloads for which a pod was made that has not ended since. */
  private readonly made = new Set<number>();
  private readonly updating = new Set<number>();
  private readonly backOffs = new Map<string, FailedPodBackOff>();
  /** Only from the first update on. */
  private live: LiveTasks | undefined;

  /** `options` by workload row; those that are not there have the API's defaults. */
  constructor(view: ClusterView, cluster: number, options: ReadonlyMap<number, DaemonSetOptions>) {
    this.view = view;
    this.cluster = cluster;
    this.options = options;
    this.cursor = new JournalCursor(view.journal, FOLLOWED);
    const { workloads } = view;
    this.own = Array.from({ length: workloads.count }, (_, row) => row).filter(
      (row) => workloads.kind[row] === DAEMON && workloads.cluster[row] === cluster,
    );
  }

  get wakesOn(): number {
    if (this.own.length === 0) return 0;
    return FOLLOWED | (this.updating.size > 0 ? UPDATE_GOES_ON : 0);
  }

  get background(): boolean {
    return this.wakeAtUs === NEVER;
  }

  wake(nowUs: number, out: ActionBuffer): void {
    this.live?.advance();
    this.wakeAtUs = NEVER;
    const changed = new Set<number>();
    for (let change = this.cursor.next(); change !== undefined; change = this.cursor.next()) {
      this.follow(change, changed, nowUs, out);
    }
    for (const host of changed) this.fill(host, out);
    const before = out.actions.length;
    for (const workload of this.updating) this.update(workload, nowUs, out);
    this.makeWanted(nowUs, out);
    if (out.actions.length > before) this.wakeAtUs = nowUs;
  }

  save(): State {
    return {
      version: this.cursor.version,
      wakeAtUs: this.wakeAtUs === NEVER ? null : this.wakeAtUs,
      wanted: [...this.wanted.values()],
      made: [...this.made],
      updating: [...this.updating],
      backOffs: [...this.backOffs],
    };
  }

  restore(state: State): void {
    this.cursor.version = state.version;
    this.wakeAtUs = state.wakeAtUs ?? NEVER;
    this.wanted.clear();
    for (const one of state.wanted) this.wanted.set(this.keyOf(one), one);
    this.made.clear();
    for (const key of state.made) this.made.add(key);
    this.updating.clear();
    for (const workload of state.updating) this.updating.add(workload);
    this.backOffs.clear();
    for (const [key, backOff] of state.backOffs) this.backOffs.set(key, backOff);
    this.live = undefined;
    if (this.updating.size > 0) this.watchTasks();
  }

  private follow(
    { kind, row, value }: Readonly<Change>,
    changed: Set<number>,
    nowUs: number,
    out: ActionBuffer,
  ): void {
    switch (kind) {
      case CHANGE.hostState:
        if (value === HOST_STATE.ready) changed.add(row);
        else if (value >= HOST_STATE.terminating) this.leave(row, out);
        return;
      case CHANGE.hostLabels:
        this.stopUntolerated(row, out);
        changed.add(row);
        return;
      case CHANGE.workloadSpec:
        if (!this.own.includes(row)) return;
        this.updating.add(row);
        this.watchTasks();
        return;
      case CHANGE.taskCancelled:
      case CHANGE.taskFailed:
        this.replaceGone(row, value, nowUs);
    }
  }

  /** Makes every daemon that is missing on a node. */
  private fill(host: number, out: ActionBuffer): void {
    const { hosts, counts } = this.view;
    if (hosts.state[host] !== HOST_STATE.ready) return;
    for (const workload of this.own) {
      const key = this.keyOf({ workload, host });
      const isThere = this.made.has(key) || counts.onHost(workload, host) > 0;
      if (isThere || this.wanted.has(key) || this.updating.has(workload)) continue;
      if (this.shouldRunOn(workload, host)) this.make(workload, host, out);
    }
  }

  private make(workload: number, host: number, out: ActionBuffer): void {
    this.made.add(this.keyOf({ workload, host }));
    out.push({ kind: 'create-daemon', workload, host });
  }

  /** Pods that wait for a node end when it does; those that are on it go with it. */
  private leave(host: number, out: ActionBuffer): void {
    const { tasks, counts } = this.view;
    let isAwaited = false;
    for (const workload of this.own) {
      const key = this.keyOf({ workload, host });
      this.wanted.delete(key);
      const wasMade = this.made.delete(key);
      isAwaited ||= wasMade && counts.onHost(workload, host) === 0;
    }
    if (!isAwaited) return;
    for (let task = 0; task < tasks.count; task++) {
      if (tasks.state[task] !== TASK_STATE.pending || tasks.pinned[task] !== host) continue;
      out.push({ kind: 'stop-task', task, reason: 'host-terminated' });
    }
  }

  private want(workload: number, host: number, atUs: number): void {
    if (!this.shouldRunOn(workload, host) || this.updating.has(workload)) return;
    const one = { workload, host, atUs };
    this.wanted.set(this.keyOf(one), one);
  }

  private keyOf({ workload, host }: Pick<Wanted, 'workload' | 'host'>): number {
    return host * this.view.workloads.count + workload;
  }

  /** A daemon left a node that stays: it is made again. */
  private replaceGone(task: number, host: number, nowUs: number): void {
    const { tasks, hosts } = this.view;
    const workload = tasks.workload[task]!;
    if (!this.own.includes(workload)) return;
    this.made.delete(this.keyOf({ workload, host }));
    if (hosts.state[host] !== HOST_STATE.ready) return;
    if (tasks.state[task] !== TASK_STATE.failed) return this.want(workload, host, nowUs);
    const key = `${workload}/${host}`;
    const { atUs, backOff } = afterFailedPod(this.backOffs.get(key), nowUs);
    this.backOffs.set(key, backOff);
    this.want(workload, host, atUs);
  }

  /** Makes again what is due. */
  private makeWanted(nowUs: number, out: ActionBuffer): void {
    const { hosts, counts } = this.view;
    for (const [key, { workload, host, atUs }] of this.wanted) {
      const isThere = this.made.has(key) || counts.onHost(workload, host) > 0;
      if (hosts.state[host] !== HOST_STATE.ready || isThere) this.wanted.delete(key);
      else if (atUs > nowUs) this.wakeAtUs = Math.min(this.wakeAtUs, atUs);
      else {
        this.wanted.delete(key);
        this.make(workload, host, out);
      }
    }
  }

  private stopUntolerated(host: number, out: ActionBuffer): void {
    const { hosts, tasks, specs } = this.view;
    const site = this.siteOf(host);
    for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
      if (!this.own.includes(tasks.workload[task]!) || tasks.stopping[task] === 1) continue;
      if (shouldContinue(specs.at(tasks.spec[task]!), site)) continue;
      out.push({ kind: 'stop-task', task, reason: 'stopped' });
    }
  }

  private update(workload: number, nowUs: number, out: ActionBuffer): void {
    const options = this.options.get(workload) ?? PLAIN_DAEMON_SET;
    const nodes = this.nodesOf(workload, options.minReadyUs, nowUs);
    const updates = options.update === 'RollingUpdate';
    const step = daemonStep(nodes, { ...options, updates });
    for (const host of step.create) this.make(workload, host, out);
    for (const { task } of step.remove) out.push({ kind: 'stop-task', task, reason: 'replaced' });
    const isDone = ({ pods }: DaemonNode<Pod>) =>
      pods.length === 1 && pods[0]!.isCurrent && pods[0]!.isAvailable && !pods[0]!.isTerminating;
    if (!updates || nodes.every(isDone)) this.updating.delete(workload);
  }

  /** In the order of their creation; cordoned ones too, whose taint daemons tolerate. */
  private nodesOf(workload: number, minReadyUs: number, nowUs: number): DaemonNode<Pod>[] {
    const { hosts, tasks, specs, workloads } = this.view;
    const current = specs.writtenOf(workloads.spec[workload]!);
    const podsOn = new Map<number, Pod[]>();
    for (let host = 0; host < hosts.count; host++) {
      const isThere = hosts.state[host] === HOST_STATE.ready;
      if (isThere && this.shouldRunOn(workload, host)) podsOn.set(host, []);
    }
    for (const task of this.live!.of(workload)) {
      const availableUs = tasks.isReady[task] === 1 ? tasks.readyUs[task]! + minReadyUs : NEVER;
      if (availableUs > nowUs) this.wakeAtUs = Math.min(this.wakeAtUs, availableUs);
      const host = tasks.host[task] === NO_ROW ? tasks.pinned[task]! : tasks.host[task]!;
      podsOn.get(host)?.push({
        task,
        isTerminating: tasks.stopping[task] === 1,
        isReady: tasks.isReady[task] === 1,
        isAvailable: availableUs <= nowUs,
        isCurrent: specs.writtenOf(tasks.spec[task]!) === current,
      });
    }
    return [...podsOn].map(([node, pods]) => ({ node, pods }));
  }

  private shouldRunOn(workload: number, host: number): boolean {
    const { hosts, specs, workloads } = this.view;
    const isOurs =
      hosts.cluster[host] === this.cluster && hosts.launchType[host] !== LAUNCH_TYPE.fargate;
    return isOurs && shouldRun(specs.at(workloads.spec[workload]!), this.siteOf(host));
  }

  private siteOf(host: number): DaemonSite {
    const { hosts, hostNames, specs } = this.view;
    return { name: hostNames[host]!, ...specs.kindAt(hosts.kind[host]!) };
  }

  private watchTasks(): void {
    this.live ??= new LiveTasks(this.view, DAEMON);
    this.live.rebuild();
  }
}
