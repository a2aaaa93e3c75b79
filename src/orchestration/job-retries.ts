/**
 * Submits a job's task again when its host went away under it, on ECS and in batch clusters: any sensible submitter does (ECS
 * itself does not restart standalone tasks, aws.md 3.10). Kubernetes has Jobs of its own.
 *
 * The replacement is a new row with the same origin, size and whole duration: nothing is checkpointed.
 */

import { CHANGE, JournalCursor, changeBit } from '../cluster/journal.ts';
import { NEVER } from '../base/units.ts';
import { WORKLOAD_KINDS } from '../cluster/workloads.ts';
import type { ActionBuffer } from './actions.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { Controller } from './controller.ts';

const RETRIED = [WORKLOAD_KINDS.indexOf('job'), WORKLOAD_KINDS.indexOf('trace')];

export class JobRetries implements Controller {
  readonly actor = 'workload-controller';
  readonly phase = 'workload';
  readonly wakesOn = changeBit(CHANGE.taskCancelled);
  readonly wakeAtUs = NEVER;
  readonly background = true;

  private readonly view: ClusterView;
  private readonly cursor: JournalCursor;

  constructor(view: ClusterView) {
    this.view = view;
    this.cursor = new JournalCursor(view.journal, this.wakesOn);
  }

  wake(_nowUs: number, out: ActionBuffer): void {
    const { tasks, workloads, orchestrators } = this.view;
    for (let change = this.cursor.next(); change !== undefined; change = this.cursor.next()) {
      const task = change.row;
      if (orchestrators[tasks.cluster[task]!] === 'kubernetes') continue;
      if (!RETRIED.includes(workloads.kind[tasks.workload[task]!]!)) continue;
      out.push({ kind: 'replace-task', task });
    }
  }

  save(): number {
    return this.cursor.version;
  }

  restore(version: number): void {
    this.cursor.version = version;
  }
}
