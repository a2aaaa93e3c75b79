/** What pods are told when they are refused: the reason that autoscalers and tables see, once a pod. */

import { diagnose } from '../../placement/feasible.ts';
import { pendingReasons } from '../../base/reason-code.ts';
import type { ActionBuffer } from '../actions.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { PendingReason } from '../../base/reasons.ts';
import type { PlacementRequest } from '../../placement/policy.ts';
import type { Preemptor } from './preemption/preemptor.ts';
import type { VolumeJudgement } from './volumes/volume-rules.ts';

/** A pod that fits on none of the nodes. */
export interface Refused {
  readonly request: PlacementRequest;
  readonly nodes: readonly number[];
  readonly volumes: VolumeJudgement | undefined;
}

const NOT_TOLD = 0;
export const CONFLICT = pendingReasons.codeOf('conflict');

export class RefusalNotes {
  private readonly view: ClusterView;
  private readonly preemptor: Preemptor;

  constructor(view: ClusterView, preemptor: Preemptor) {
    this.view = view;
    this.preemptor = preemptor;
  }

  /**
   * Notes why on those pods that were never told, and on those that were told of an error. Against a pod with claims one thing after
   * the other may stand: a change is told.
   */
  tell(tasks: readonly number[], refused: Refused, out: ActionBuffer): void {
    const isClaiming = refused.volumes !== undefined;
    const untold = tasks.filter((task) => isClaiming || this.isUntold(task));
    if (untold.length === 0) return;
    const reason = this.reasonFor(untold[0]!, refused);
    const code = pendingReasons.codeOf(reason);
    for (const task of untold) {
      if (this.view.tasks.reason[task] !== code) out.push({ kind: 'refuse', task, reason });
    }
  }

  /** The same, where the reason is known. */
  tellAll(tasks: readonly number[], reason: PendingReason, out: ActionBuffer): void {
    for (const task of tasks) {
      if (this.isUntold(task)) out.push({ kind: 'refuse', task, reason });
    }
  }

  reasonFor(task: number, { request, nodes, volumes }: Refused): PendingReason {
    const found = diagnose(this.view, request, nodes, volumes?.reason);
    // A node that could take the pod and was not chosen is kept for another, or would break a spread constraint.
    return found === 'queued' ? (this.preemptor.shortage(task, nodes) ?? 'spread') : found;
  }

  private isUntold(task: number): boolean {
    const reason = this.view.tasks.reason[task];
    return reason === NOT_TOLD || reason === CONFLICT;
  }
}
