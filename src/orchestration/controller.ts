/**
 * The contract between whoever decides and the simulation that acts.
 *
 * A controller owns no events. The simulation wakes it at `wakeAtUs`, or at once when the journal shows a change of a
 * kind in `wakesOn`; it looks at the view, appends actions and says when it wants to be woken next. Loops that would
 * find nothing are `background`: they do not keep a run alive.
 */

import type { ActionBuffer } from './actions.ts';
import type { Actor } from '../base/reasons.ts';

/** When in an instant a controller is woken. */
export type ControllerPhase = 'workload' | 'scheduling' | 'autoscaling';

export interface Controller {
  /** Who is named in `decisions.csv`. */
  readonly actor: Actor;
  readonly phase: ControllerPhase;
  /** Mask of journal kinds (`changeBit`) that wake it at once. */
  readonly wakesOn: number;
  /** Next time to be woken without a change, or NEVER. */
  readonly wakeAtUs: number;
  /** True while `wakeAtUs` is a loop that nobody waits for. */
  readonly background: boolean;
  wake(nowUs: number, out: ActionBuffer): void;
  /** Flat data that `restore` takes back. */
  save(): unknown;
  restore(state: unknown): void;
}
