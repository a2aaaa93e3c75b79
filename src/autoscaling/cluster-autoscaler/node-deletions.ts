/**
 * Nodes on their way out: taint, wait, evict, delete; or give up, and let the node serve again.
 *
 *   tainted    ToBeDeleted:NoSchedule keeps new pods off. After `afterTaintUs`, 5 s, its pods are judged once more: one that may
 *              not be moved now, or any on a node that was empty, ends the deletion.
 *   evicting   every pod is asked for at the Eviction API at once, and every 10 s again where a budget refuses. Pods that are
 *              still refused after `evictionUs`, 2 min, end the deletion; those that were evicted stay so.
 *   leaving    from the last eviction on the node is looked at every 5 s. Pods that are there `graceMaxUs` + 30 s later end
 *              the deletion. Without pods the instance is terminated, and the target of its group falls by one.
 *
 * Grace      of a pod, `graceMaxUs` (10 min) at most.
 * Failure    the taint goes, the clock of the unneeded node starts anew. No cooldown: that is for taints that fail, which none
 *            does here (kubernetes.md 5.6 Actuation).
 * Daemons    go with their node. Whether they are evicted first (`--daemonset-eviction-for-...-nodes`) changes nothing: nobody
 *            waits for them.
 * Departs    a grace that a scenario states for a workload, and no manifest, is not cut. A cordon says no more than the taint.
 */

import { HOST_STATE, NO_ROW } from '../../cluster/hosts.ts';
import { NEVER, US_PER_SECOND } from '../../base/units.ts';
import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { Budget } from '../../orchestration/kubernetes/controllers/disruption-budgets.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { MovablePods } from './movable-pods.ts';
import type { Taint } from '../../cluster/spec.ts';

export interface DeletionTimes {
  readonly afterTaintUs: number;
  readonly evictionUs: number;
  readonly graceMaxUs: number;
}

type Phase = 'tainted' | 'evicting' | 'leaving';

interface NodeDeletion {
  readonly host: number;
  /** False for a node that was empty. */
  readonly drains: boolean;
  readonly phase: Phase;
  readonly nextUs: number;
  /** The phase ends here at the latest. */
  readonly untilUs: number;
  /** Numbers of the pods to evict, or to wait for. */
  readonly pods: readonly number[];
}

export const TO_BE_DELETED: Taint = {
  key: 'ToBeDeletedByClusterAutoscaler',
  value: '',
  effect: 'NoSchedule',
};

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');
const RETRY_US = 10 * US_PER_SECOND;
const LOOK_US = 5 * US_PER_SECOND;
const HEADROOM_US = 30 * US_PER_SECOND;

export class NodeDeletions {
  private readonly view: ClusterView;
  private readonly times: DeletionTimes;
  private readonly movable: MovablePods;
  private deletions: readonly NodeDeletion[] = [];

  constructor(view: ClusterView, times: DeletionTimes, movable: MovablePods) {
    this.view = view;
    this.times = times;
    this.movable = movable;
  }

  /** When something is due next, or NEVER. */
  get nextUs(): number {
    return this.deletions.reduce((least, { nextUs }) => Math.min(least, nextUs), NEVER);
  }

  get count(): number {
    return this.deletions.length;
  }

  get drainCount(): number {
    return this.deletions.filter(({ drains }) => drains).length;
  }

  has(host: number): boolean {
    return this.deletions.some((one) => one.host === host);
  }

  countOf(pool: number): number {
    return this.deletions.filter(({ host }) => this.view.hosts.pool[host] === pool).length;
  }

  /** Pods of nodes that are drained, not evicted yet: they will need another node. */
  remainingPods(): number[] {
    const { stopping } = this.view.tasks;
    return this.deletions
      .filter(({ drains }) => drains)
      .flatMap(({ host }) => this.podsOn(host))
      .filter((task) => stopping[task] === 0);
  }

  begin(host: number, drains: boolean, nowUs: number, out: ActionBuffer): void {
    out.push({ kind: 'change-taints', host, remove: [], add: [TO_BE_DELETED] });
    const nextUs = nowUs + this.times.afterTaintUs;
    const deletion = { host, drains, phase: 'tainted', nextUs, untilUs: nextUs, pods: [] } as const;
    this.deletions = [...this.deletions, deletion];
  }

  /** Takes every step that is due. `deleted` hears of nodes that are empty now. */
  advance(nowUs: number, deleted: (host: number) => void, out: ActionBuffer): void {
    const spent = new Map<Budget, number>();
    this.deletions = this.deletions.flatMap((deletion) => {
      const { host, nextUs } = deletion;
      // Failed or taken back by its provider.
      if (this.view.hosts.state[host] !== HOST_STATE.ready) return [];
      if (nextUs > nowUs) return [deletion];
      const step = this.step(deletion, spent, nowUs, out);
      if (step === 'deleted') deleted(host);
      if (step === 'failed') {
        out.push({ kind: 'change-taints', host, remove: [TO_BE_DELETED], add: [] });
      }
      return typeof step === 'string' ? [] : [step];
    });
  }

  save(): readonly NodeDeletion[] {
    return this.deletions;
  }

  restore(deletions: readonly NodeDeletion[]): void {
    this.deletions = deletions;
  }

  private step(
    deletion: NodeDeletion,
    spent: Map<Budget, number>,
    nowUs: number,
    out: ActionBuffer,
  ): NodeDeletion | 'deleted' | 'failed' {
    switch (deletion.phase) {
      case 'tainted':
        return this.judge(deletion, spent, nowUs, out);
      case 'evicting':
        return nowUs < deletion.untilUs ? this.evict(deletion, spent, nowUs, out) : 'failed';
      case 'leaving':
        return this.look(deletion, nowUs);
    }
  }

  private judge(
    deletion: NodeDeletion,
    spent: Map<Budget, number>,
    nowUs: number,
    out: ActionBuffer,
  ): NodeDeletion | 'deleted' | 'failed' {
    const { host, drains } = deletion;
    const move = this.movable.onHost(host, spent, nowUs);
    if (move === 'blocked') return 'failed';
    if (!drains) return move.pods.length === 0 ? 'deleted' : 'failed';
    const untilUs = nowUs + this.times.evictionUs;
    const pods = this.podsOn(host).map((task) => this.view.tasks.number[task]!);
    return this.evict({ ...deletion, phase: 'evicting', untilUs, pods }, spent, nowUs, out);
  }

  private evict(
    deletion: NodeDeletion,
    spent: Map<Budget, number>,
    nowUs: number,
    out: ActionBuffer,
  ): NodeDeletion | 'deleted' | 'failed' {
    const { number, stopping } = this.view.tasks;
    const here = this.podsOn(deletion.host).filter((task) => stopping[task] === 0);
    const asked = here.filter((task) => deletion.pods.includes(number[task]!));
    const refused = asked.filter((task) => !this.movable.evict(task, spent));
    for (const task of asked) {
      if (!refused.includes(task)) out.push(this.evictionOf(task));
    }
    if (refused.length > 0) return { ...deletion, nextUs: nowUs + RETRY_US };
    const untilUs = nowUs + this.times.graceMaxUs + HEADROOM_US;
    if (this.remain(deletion).length === 0) return 'deleted';
    return { ...deletion, phase: 'leaving', nextUs: nowUs + LOOK_US, untilUs };
  }

  private look(deletion: NodeDeletion, nowUs: number): NodeDeletion | 'deleted' | 'failed' {
    if (this.remain(deletion).length === 0) return 'deleted';
    return nowUs >= deletion.untilUs ? 'failed' : { ...deletion, nextUs: nowUs + LOOK_US };
  }

  private remain({ host, pods }: NodeDeletion): number[] {
    return this.podsOn(host).filter((task) => pods.includes(this.view.tasks.number[task]!));
  }

  private evictionOf(task: number) {
    const { tasks, specs } = this.view;
    const { graceMaxUs } = this.times;
    const statedUs = (specs.podOf(tasks.spec[task]!)?.terminationGraceS ?? 0) * US_PER_SECOND;
    const grace = statedUs > graceMaxUs ? { graceUs: graceMaxUs } : {};
    return { kind: 'stop-task', task, reason: 'drained', ...grace } as const;
  }

  /** All but daemons. */
  private podsOn(host: number): number[] {
    const { hosts, tasks, workloads } = this.view;
    const pods: number[] = [];
    for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
      if (workloads.kind[tasks.workload[task]!] !== DAEMON) pods.push(task);
    }
    return pods;
  }
}
