/**
 * Pod groups with a minimum count, as the GangScheduling plugin keeps them (kubernetes.md 1.12): who belongs together, who of them
 * runs or is about to, and whether there are enough of them to be tried at all.
 *
 * Group     the tasks of a workload come in gangs of `gang.tasks`, so the ordinal of a task tells its group; a task that takes
 *           another's place keeps it.
 */

import { FIRST_END_STATE, TASK_STATE } from '../../../cluster/tasks.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { Gang } from '../../../cluster/spec.ts';

interface PodGroup {
  readonly minimum: number;
  /** True for members that have a node. */
  readonly members: Map<number, boolean>;
}

export class PodGroups {
  private readonly view: ClusterView;
  /** By workload, then by number of the group. */
  private readonly groups: Map<number, PodGroup>[] = [];

  constructor(view: ClusterView) {
    this.view = view;
  }

  isMember(task: number): boolean {
    return this.gangOf(task) !== undefined;
  }

  /** A member waits for a node. Returns those that may be tried now: all that wait, or none while there are too few. */
  add(task: number): readonly number[] {
    const group = this.groupOf(task);
    group.members.set(task, false);
    return group.members.size < group.minimum ? [] : this.waiting(task);
  }

  /** A member has a node. */
  bound(task: number): void {
    if (this.isMember(task)) this.groupOf(task).members.set(task, true);
  }

  left(task: number): void {
    const gang = this.gangOf(task);
    if (gang === undefined) return;
    const group = this.groupOf(task);
    group.members.delete(task);
    if (group.members.size === 0) {
      this.groups[this.view.tasks.workload[task]!]!.delete(this.numberOf(task, gang));
    }
  }

  /** Members that wait for a node, in the order of their numbers. */
  waiting(task: number): number[] {
    const { number } = this.view.tasks;
    const waiting: number[] = [];
    for (const [member, isBound] of this.groupOf(task).members) {
      if (!isBound) waiting.push(member);
    }
    return waiting.sort((a, b) => number[a]! - number[b]!);
  }

  /** How many more members must find a node at once. */
  missing(task: number): number {
    const { minimum, members } = this.groupOf(task);
    let bound = 0;
    for (const isBound of members.values()) bound += Number(isBound);
    return Math.max(0, minimum - bound);
  }

  /** From the columns, after a restore. */
  rebuild(cluster: number): void {
    const { tasks } = this.view;
    this.groups.length = 0;
    for (let task = 0; task < tasks.count; task++) {
      if (tasks.cluster[task] !== cluster || tasks.state[task]! >= FIRST_END_STATE) continue;
      if (!this.isMember(task)) continue;
      this.groupOf(task).members.set(task, tasks.state[task] !== TASK_STATE.pending);
    }
  }

  private groupOf(task: number): PodGroup {
    const gang = this.gangOf(task)!;
    const ofWorkload = (this.groups[this.view.tasks.workload[task]!] ??= new Map());
    const number = this.numberOf(task, gang);
    let group = ofWorkload.get(number);
    if (group === undefined) {
      group = { minimum: gang.minimum, members: new Map() };
      ofWorkload.set(number, group);
    }
    return group;
  }

  private numberOf(task: number, gang: Gang): number {
    return Math.floor(this.view.tasks.ordinal[task]! / gang.tasks);
  }

  private gangOf(task: number): Gang | undefined {
    return this.view.specs.at(this.view.tasks.spec[task]!).gang;
  }
}
