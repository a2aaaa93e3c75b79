/** What the scheduler does with the members of coscheduled groups: holds their nodes, binds groups, and refuses them (coscheduling.ts). */

import { Backoff } from '../queue/backoff.ts';
import { Coscheduling } from './coscheduling.ts';
import { NO_HOST } from '../../../placement/policy.ts';
import { rejectorBits } from '../queue/rejectors.ts';
import { whatIf } from '../../../cluster/fork.ts';
import type { ActionBuffer } from '../../actions.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { KubeSchedulerOptions } from '../kube-scheduler-options.ts';
import type { LaggingCache } from '../../../cluster/lagging-cache.ts';
import type { Nominations } from '../queue/nominations.ts';
import type { RefusalNotes, Refused } from '../refusal-notes.ts';
import type { SchedulingQueue } from '../queue/scheduling-queue.ts';

/** What of the scheduler a group is handled with. */
export interface SchedulerParts {
  readonly nominations: Nominations;
  readonly notes: RefusalNotes;
  readonly cache: LaggingCache | undefined;
  queue(): SchedulingQueue;
  bind(task: number, host: number, decidedUs: number, out: ActionBuffer): void;
  endNomination(task: number, kept: number, nowUs: number): void;
}

const COSCHEDULING = rejectorBits(['Coscheduling']);

export class PermitStage {
  readonly groups: Coscheduling;
  private readonly parts: SchedulerParts;

  constructor(groups: Coscheduling, parts: SchedulerParts) {
    this.groups = groups;
    this.parts = parts;
  }

  /** False, and the pod is refused, when its group may not be tried. */
  admits(task: number, nodes: readonly number[], nowUs: number, out: ActionBuffer): boolean {
    if (this.groups.admits(task, nodes, nowUs)) return true;
    this.parts.queue().fail(task, COSCHEDULING, nowUs);
    this.parts.notes.tellAll([task], 'gang', out);
    return false;
  }

  /** A pod that waited to be bound is gone. */
  left(task: number): void {
    if (this.parts.nominations.isHolding(task)) this.parts.cache?.forget(task);
    this.groups.left(task);
  }

  /** Looks for a node with those that wait for others on theirs; nothing of it is left. */
  beside(view: ClusterView, search: () => number): number {
    const { held } = this.parts.nominations;
    if (held.size === 0) return search();
    return whatIf(view, (fork) => {
      for (const task of held) {
        fork.place(view.tasks.spec[task]!, this.parts.nominations.hostOf(task)!);
      }
      return search();
    });
  }

  /** Does somebody wait on a node? */
  get isHolding(): boolean {
    return this.parts.nominations.held.size > 0;
  }

  /** A member has found a node: it waits there, or its group is bound. True when it is. */
  permit(task: number, host: number, decidedUs: number, out: ActionBuffer): boolean {
    const { parts } = this;
    const answer = this.groups.permit(task, host, decidedUs);
    if (answer.kind === 'binds') {
      for (const [other, held] of answer.others) parts.bind(other, held, decidedUs, out);
      parts.bind(task, host, decidedUs, out);
      return true;
    }
    parts.endNomination(task, host, decidedUs);
    parts.nominations.hold(task, host);
    parts.cache?.assume(task, host);
    for (const sibling of answer.siblings) parts.queue().activate(sibling);
    return false;
  }

  /** A pod found no node. True when its whole group is refused for it. */
  givesUp(task: number, refused: Refused, nowUs: number, out: ActionBuffer): boolean {
    if (!this.groups.givesUp(task)) return false;
    const members = [task, ...this.groups.refuse(task, nowUs)];
    this.refuse(members, nowUs);
    this.parts.notes.tell(members, refused, out);
    return true;
  }

  /** Groups whose time is over, and refused ones that may be tried again. */
  stir(nowUs: number, out: ActionBuffer): void {
    for (const task of this.groups.expired(nowUs)) {
      const members = this.groups.refuse(task, nowUs);
      this.refuse(members, nowUs);
      this.parts.notes.tellAll(members, 'gang', out);
    }
    for (const member of this.groups.rested(nowUs)) this.parts.queue().activate(member);
  }

  /** Members of one group, those that held nodes among them; others may have the room that they give back. */
  private refuse(members: readonly number[], nowUs: number): void {
    for (const member of members) this.parts.queue().fail(member, COSCHEDULING, nowUs);
    for (const member of members) {
      this.parts.cache?.forget(member);
      this.parts.endNomination(member, NO_HOST, nowUs);
    }
    if (members.length > 1) this.groups.hope(members[0]);
  }
}

/** Undefined where the plugin is not enabled. */
export function permitStageOf(
  view: ClusterView,
  { coscheduling, backoff }: Pick<KubeSchedulerOptions, 'coscheduling' | 'backoff'>,
  parts: SchedulerParts,
): PermitStage | undefined {
  if (coscheduling === undefined) return undefined;
  const backoffs = new Backoff(backoff);
  const groups = new Coscheduling(view, coscheduling, (count) => backoffs.secondsAfter(count));
  return new PermitStage(groups, parts);
}
