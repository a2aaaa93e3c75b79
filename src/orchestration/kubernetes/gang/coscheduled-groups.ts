/**
 * Pod groups as the Coscheduling plugin keeps them (kubernetes.md 1.13): who belongs together, who of them is bound, who waits with
 * a place, and whether the group was refused lately.
 *
 * Group     pods of a namespace whose label names the same PodGroup; or the tasks of one arrival of a workload that comes in gangs.
 * Refused   a group that was refused waits as one: for something that may help, and for a backoff that grows with its refusals.
 * State     flat; who is a member, and bound, is made from the columns after a restore.
 */

import { FIRST_END_STATE, TASK_STATE } from '../../../cluster/tasks.ts';
import { NEVER } from '../../../base/units.ts';
import { POD_GROUP_LABEL } from '../../../cluster/pod-group-spec.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { PodGroupSpec } from '../../../cluster/pod-group-spec.ts';

export interface CoscheduledGroup {
  readonly key: string;
  /** Undefined where pods name a group that is not there. */
  readonly spec: Omit<PodGroupSpec, 'namespace' | 'name'> | undefined;
  /** Members that exist: true for those that are bound. */
  readonly members: Map<number, boolean>;
  /** Members that wait with a place: the node, and until when. */
  readonly waits: Map<number, { readonly host: number; readonly untilUs: number }>;
  /** Refusals so far, until when it is not tried again, and whether something happened since that may help. */
  refusals: number;
  retryUs: number;
  isHopeful: boolean;
}

export class CoscheduledGroups {
  private readonly view: ClusterView;
  private readonly specs: ReadonlyMap<string, PodGroupSpec>;
  private groups = new Map<string, CoscheduledGroup>();

  constructor(view: ClusterView, specs: readonly PodGroupSpec[]) {
    this.view = view;
    this.specs = new Map(specs.map((one) => [`${one.namespace}/${one.name}`, one]));
  }

  /** The group of a pod, or undefined for a pod of none. */
  of(task: number): CoscheduledGroup | undefined {
    const key = this.keyOf(task);
    if (key === undefined) return undefined;
    let group = this.groups.get(key);
    if (group === undefined) {
      group = {
        key,
        spec: this.specOf(task, key),
        members: new Map(),
        waits: new Map(),
        refusals: 0,
        retryUs: 0,
        isHopeful: false,
      };
      this.groups.set(key, group);
    }
    return group;
  }

  all(): Iterable<CoscheduledGroup> {
    return this.groups.values();
  }

  left(task: number): void {
    const key = this.keyOf(task);
    const group = key === undefined ? undefined : this.groups.get(key);
    if (group === undefined) return;
    group.members.delete(task);
    group.waits.delete(task);
    if (group.members.size === 0) this.groups.delete(group.key);
  }

  save() {
    return [...this.groups.values()].map(({ key, waits, refusals, retryUs, isHopeful }) => ({
      key,
      waits: [...waits],
      refusals,
      retryUs,
      isHopeful,
    }));
  }

  restore(state: ReturnType<CoscheduledGroups['save']>, cluster: number): void {
    const { tasks } = this.view;
    this.groups = new Map();
    for (let task = 0; task < tasks.count; task++) {
      if (tasks.cluster[task] !== cluster || tasks.state[task]! >= FIRST_END_STATE) continue;
      this.of(task)?.members.set(task, tasks.state[task] !== TASK_STATE.pending);
    }
    for (const { key, waits, refusals, retryUs, isHopeful } of state) {
      const group = this.groups.get(key);
      if (group === undefined) continue;
      for (const [task, wait] of waits) group.waits.set(task, wait);
      Object.assign(group, { refusals, retryUs, isHopeful });
    }
  }

  private keyOf(task: number): string | undefined {
    const { specs, tasks } = this.view;
    const spec = specs.writtenAt(specs.writtenOf(tasks.spec[task]!));
    const name = spec.labels[POD_GROUP_LABEL];
    if (name !== undefined) return `${spec.pod?.namespace ?? 'default'}/${name}`;
    if (spec.gang === undefined) return undefined;
    const number = Math.floor(tasks.ordinal[task]! / spec.gang.tasks);
    return `${tasks.workload[task]}#${number}`;
  }

  private specOf(task: number, key: string): CoscheduledGroup['spec'] {
    const { specs, tasks } = this.view;
    const { gang, labels } = specs.writtenAt(specs.writtenOf(tasks.spec[task]!));
    if (labels[POD_GROUP_LABEL] !== undefined || gang === undefined) return this.specs.get(key);
    return { minMember: gang.minimum };
  }
}

/** When the next wait of a group ends, or its backoff, where something has happened that may help. */
export function nextUsOf({ waits, isHopeful, retryUs }: CoscheduledGroup): number {
  let nextUs = isHopeful ? retryUs : NEVER;
  for (const { untilUs } of waits.values()) nextUs = Math.min(nextUs, untilUs);
  return nextUs;
}
