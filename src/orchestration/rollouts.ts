/** Gives workloads new revisions at the times that a scenario states: whoever runs the system applies them. */

import { NEVER } from '../base/units.ts';
import type { ActionBuffer } from './actions.ts';
import type { Controller } from './controller.ts';

export interface PlannedRollout {
  readonly atUs: number;
  readonly workload: number;
  /** Row of the spec from then on. */
  readonly spec: number;
}

export class Rollouts implements Controller {
  readonly actor = 'operator';
  readonly phase = 'workload';
  readonly wakesOn = 0;
  readonly background = false;

  private readonly planned: readonly PlannedRollout[];
  private next = 0;

  /** In the order of their times. */
  constructor(planned: readonly PlannedRollout[]) {
    this.planned = planned;
  }

  get wakeAtUs(): number {
    return this.planned[this.next]?.atUs ?? NEVER;
  }

  wake(nowUs: number, out: ActionBuffer): void {
    while (this.wakeAtUs <= nowUs) {
      const { workload, spec } = this.planned[this.next++]!;
      out.push({ kind: 'set-spec', workload, spec });
    }
  }

  save(): number {
    return this.next;
  }

  restore(next: number): void {
    this.next = next;
  }
}
