/**
 * Pods that name their node (`nodeName`): no scheduler sees them, the kubelet of that node takes them or turns them away
 * (kubernetes.md 1.2, 2.7).
 *
 * Latency    the kubelet hears of a pod as of a bind, and says what became of it when it has confirmed it; one that is turned away
 *            and made again, over and over, comes back no sooner.
 * Departs    a pod whose node does not exist waits for it; the real pod collector deletes it after 40 s, and its controller makes
 *            another.
 */

import { CHANGE, JournalCursor, changeBit, changeBits } from '../../../cluster/journal.ts';
import { HOST_STATE } from '../../../cluster/hosts.ts';
import { NEVER } from '../../../base/units.ts';
import { TASK_STATE } from '../../../cluster/tasks.ts';
import type { ActionBuffer } from '../../actions.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { Controller } from '../../controller.ts';

const FOLLOWED = changeBits(CHANGE.taskPending, CHANGE.taskWithdrawn);
const UNTOLD = 0;
const NODE_CAME = changeBit(CHANGE.hostState);

interface State {
  readonly version: number;
  readonly waiting: readonly (readonly [task: number, dueUs: number])[];
}

export class NamedPods implements Controller {
  readonly actor = 'kubelet';
  readonly phase = 'scheduling';
  wakeAtUs = NEVER;

  private readonly view: ClusterView;
  private readonly cluster: number;
  private readonly latencyUs: number;
  private readonly cursor: JournalCursor;
  /** When the kubelet answers, by task row. */
  private readonly waiting = new Map<number, number>();

  /** `latencyUs` is from the pod to the answer of its kubelet, at least 1. */
  constructor(view: ClusterView, cluster: number, latencyUs: number) {
    this.view = view;
    this.cluster = cluster;
    this.latencyUs = Math.max(1, latencyUs);
    this.cursor = new JournalCursor(view.journal, FOLLOWED);
  }

  get wakesOn(): number {
    return FOLLOWED | (this.waiting.size > 0 ? NODE_CAME : 0);
  }

  get background(): boolean {
    return this.wakeAtUs === NEVER;
  }

  wake(nowUs: number, out: ActionBuffer): void {
    for (let change = this.cursor.next(); change !== undefined; change = this.cursor.next()) {
      if (change.kind === CHANGE.taskWithdrawn) this.waiting.delete(change.row);
      else if (this.isNamed(change.row)) this.waiting.set(change.row, nowUs + this.latencyUs);
    }
    this.wakeAtUs = NEVER;
    for (const [task, dueUs] of this.waiting) {
      if (dueUs > nowUs) this.wakeAtUs = Math.min(this.wakeAtUs, dueUs);
      else this.offer(task, nowUs, out);
    }
  }

  save(): State {
    return { version: this.cursor.version, waiting: [...this.waiting] };
  }

  restore({ version, waiting }: State): void {
    this.cursor.version = version;
    this.waiting.clear();
    this.wakeAtUs = NEVER;
    for (const [task, dueUs] of waiting) {
      this.waiting.set(task, dueUs);
      this.wakeAtUs = Math.min(this.wakeAtUs, dueUs);
    }
  }

  private isNamed(task: number): boolean {
    const { tasks } = this.view;
    const isWaiting = tasks.state[task] === TASK_STATE.pending && tasks.held[task] === 0;
    return tasks.cluster[task] === this.cluster && isWaiting && this.nameOf(task) !== '';
  }

  private offer(task: number, nowUs: number, out: ActionBuffer): void {
    const { hosts, hostNames, tasks } = this.view;
    const host = hostNames.indexOf(this.nameOf(task));
    if (host < 0 || hosts.state[host] !== HOST_STATE.ready) {
      if (tasks.reason[task] === UNTOLD) out.push({ kind: 'refuse', task, reason: 'no-host' });
      return;
    }
    this.waiting.delete(task);
    out.push({ kind: 'bind', task, host, devices: 0, atUs: nowUs });
  }

  private nameOf(task: number): string {
    const { tasks, specs } = this.view;
    return specs.at(tasks.spec[task]!).pod?.nodeName ?? '';
  }
}
