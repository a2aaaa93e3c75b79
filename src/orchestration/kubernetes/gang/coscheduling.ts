/**
 * The Coscheduling plugin of kubernetes-sigs/scheduler-plugins, in outline (kubernetes.md 1.13): members of a pod group find their
 * nodes one by one and wait with them until there are enough.
 *
 *   PreFilter    refused while the group backs off, while fewer members exist than its minimum, or while the cluster has less free
 *                than its minResources
 *   Permit       fewer than the minimum with this one: it waits with its node, 60 s or the group's own time, and its siblings are
 *                tried next; else all of them are bound
 *   PostFilter   a member finds no node: when more than a tenth of the minimum is missing all that wait are refused
 *   Time over    of one member: all that wait are refused
 *   Preemption   members evict others as any pod does; what a member holds while it waits is not for others, whatever their priority
 *
 * Departs      the order of the queue is that of PrioritySort: a refused pod of no group goes behind its equals. Spreading and
 *              affinity do not see members that wait. A refused group is tried again when something happened that may help
 *              (a pod is gone, a node joined or changed) and after the backoff of a pod of as many refusals; with
 *              podGroupBackoffSeconds at 0, its default, the real one tries it at once, over and over, while the scheduler
 *              is idle. What minResources allows is not remembered for the time of a wait.
 */

import { CoscheduledGroups, nextUsOf } from './coscheduled-groups.ts';
import { NEVER, US_PER_SECOND } from '../../../base/units.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { CoschedulingArguments } from '../../../cluster/plugin-arguments.ts';
import type { CoscheduledGroup } from './coscheduled-groups.ts';
import type { PodGroupSpec } from '../../../cluster/pod-group-spec.ts';

export interface CoschedulingOptions extends CoschedulingArguments {
  readonly groups: readonly PodGroupSpec[];
}

/** Of the minimum, that may be missing before the others are given up. */
const MISSING_SHARE_MAX = 0.1;

export class Coscheduling {
  private readonly options: CoschedulingOptions;
  private readonly view: ClusterView;
  private readonly groups: CoscheduledGroups;
  /** Groups that wait for a time or for an event: some member holds a node, or it was refused. */
  private readonly stirring = new Set<CoscheduledGroup>();
  /** Seconds that a pod waits after so many refusals. */
  private readonly backoffS: (refusals: number) => number;

  constructor(
    view: ClusterView,
    options: CoschedulingOptions,
    backoffS: (refusals: number) => number,
  ) {
    this.view = view;
    this.options = options;
    this.backoffS = backoffS;
    this.groups = new CoscheduledGroups(view, options.groups);
  }

  isMember(task: number): boolean {
    return this.groups.of(task) !== undefined;
  }

  /** A member is there, with a node or without. Returns those without, when there are just now enough of them to be tried. */
  joined(task: number, isBound: boolean): number[] {
    const group = this.groups.of(task);
    if (group === undefined) return [];
    const before = group.members.size;
    group.members.set(task, isBound);
    const minimum = group.spec?.minMember ?? 0;
    return before < minimum && group.members.size >= minimum ? unplaced(group) : [];
  }

  left(task: number): void {
    const group = this.groups.of(task);
    this.groups.left(task);
    if (group?.members.size === 0) this.stirring.delete(group);
  }

  /** PreFilter: may the pod be tried at all? */
  admits(task: number, hosts: readonly number[], nowUs: number): boolean {
    const group = this.groups.of(task);
    if (group === undefined) return true;
    const { spec, members, retryUs } = group;
    if (spec === undefined) return false;
    return nowUs >= retryUs && members.size >= spec.minMember && this.hasFree(spec, hosts);
  }

  /**
   * Permit: the pod has found a node. Undefined when it waits there; else all that wait and are bound with it now. `siblings` are
   * those to be tried next, of the first that waits.
   */
  permit(
    task: number,
    host: number,
    nowUs: number,
  ):
    | { readonly kind: 'waits'; readonly siblings: number[] }
    | { readonly kind: 'binds'; readonly others: (readonly [task: number, host: number])[] } {
    const group = this.groups.of(task)!;
    const assigned = assignedOf(group);
    if (assigned + 1 >= group.spec!.minMember) {
      const others = [...group.waits].map(([other, wait]) => [other, wait.host] as const);
      for (const [other] of others) group.members.set(other, true);
      group.members.set(task, true);
      group.waits.clear();
      group.refusals = 0;
      group.isHopeful = false;
      this.stirring.delete(group);
      return { kind: 'binds', others };
    }
    const waitS = group.spec!.scheduleTimeoutS ?? this.options.permitWaitS;
    this.stirring.add(group);
    group.waits.set(task, { host, untilUs: nowUs + waitS * US_PER_SECOND });
    return { kind: 'waits', siblings: assigned === 0 ? unplaced(group) : [] };
  }

  /** PostFilter: a member found no node. True when the whole group is to be refused. */
  givesUp(task: number): boolean {
    const group = this.groups.of(task);
    if (group?.spec === undefined) return false;
    const { minMember } = group.spec;
    const missing = minMember - assignedOf(group);
    return missing > 0 && missing > MISSING_SHARE_MAX * minMember;
  }

  /** Refuses the group of a pod; returns its members that waited with a node, which they have no more. */
  refuse(task: number, nowUs: number): number[] {
    const group = this.groups.of(task)!;
    const waited = [...group.waits.keys()];
    group.waits.clear();
    group.refusals++;
    const seconds = Math.max(this.options.groupBackoffS, this.backoffS(group.refusals));
    group.retryUs = nowUs + seconds * US_PER_SECOND;
    group.isHopeful = false;
    this.stirring.add(group);
    return waited;
  }

  /** Something happened that may help refused groups, but for that of one pod, whose own refusal it was. */
  hope(except?: number): void {
    if (this.stirring.size === 0) return;
    const own = except === undefined ? undefined : this.groups.of(except);
    for (const group of this.stirring)
      if (group.refusals > 0 && group !== own) group.isHopeful = true;
  }

  /** One member of each group of which a wait is over. */
  expired(nowUs: number): number[] {
    const tasks: number[] = [];
    for (const { waits } of this.stirring) {
      const over = [...waits].find(([, { untilUs }]) => untilUs <= nowUs);
      if (over !== undefined) tasks.push(over[0]);
    }
    return tasks;
  }

  /** Members of refused groups that may be tried again. */
  rested(nowUs: number): number[] {
    const tasks: number[] = [];
    for (const group of this.stirring) {
      if (!group.isHopeful || nowUs < group.retryUs) continue;
      group.isHopeful = false;
      tasks.push(...unplaced(group));
    }
    return tasks;
  }

  /** When `expired` or `rested` has something next, or NEVER. */
  nextUs(): number {
    let nextUs = NEVER;
    for (const group of this.stirring) nextUs = Math.min(nextUs, nextUsOf(group));
    return nextUs;
  }

  save(): ReturnType<CoscheduledGroups['save']> {
    return this.groups.save();
  }

  restore(state: ReturnType<CoscheduledGroups['save']>, cluster: number): void {
    this.groups.restore(state, cluster);
    this.stirring.clear();
    for (const group of this.groups.all()) {
      if (group.waits.size > 0 || group.refusals > 0) this.stirring.add(group);
    }
  }

  private hasFree(
    { minResources }: Pick<PodGroupSpec, 'minResources'>,
    hosts: readonly number[],
  ): boolean {
    if (minResources === undefined) return true;
    const { cpuFree, memoryFree } = this.view.hosts;
    let cpuTicks = 0;
    let memoryBytes = 0;
    for (const host of hosts) {
      cpuTicks += cpuFree[host]!;
      memoryBytes += memoryFree[host]!;
    }
    return cpuTicks >= minResources.cpuTicks && memoryBytes >= minResources.memoryBytes;
  }
}

/** Members with a node, those that wait among them. */
function assignedOf({ members, waits }: CoscheduledGroup): number {
  let bound = 0;
  for (const isBound of members.values()) bound += Number(isBound);
  return bound + waits.size;
}

/** Members without a node. */
function unplaced({ members, waits }: CoscheduledGroup): number[] {
  return [...members]
    .filter(([task, isBound]) => !isBound && !waits.has(task))
    .map(([task]) => task);
}
