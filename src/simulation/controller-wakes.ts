/**
 * Wakes controllers: one calendar entry each, moved when the controller asks for another time or when the journal
 * shows a change that it watches.
 */

import { EVENT } from './events.ts';
import { NEVER } from '../base/units.ts';
import { NO_EVENT } from '../kernel/calendar.ts';
import { PHASE } from './phases.ts';
import { ActionBuffer } from '../orchestration/actions.ts';
import type { Commit } from './commit.ts';
import type { Controller, ControllerPhase } from '../orchestration/controller.ts';
import type { EventHandle } from '../kernel/calendar.ts';
import type { SimulationContext } from './context.ts';

const PHASE_OF: Readonly<Record<ControllerPhase, number>> = {
  workload: PHASE.workload,
  scheduling: PHASE.scheduling,
  autoscaling: PHASE.autoscaling,
};

/** The event woke no controller. */
export const NO_ONE = -1;

interface Entry {
  readonly controller: Controller;
  event: EventHandle;
  dueUs: number;
  background: boolean;
}

export class ControllerWakes {
  private readonly context: SimulationContext;
  private readonly commit: Commit;
  private readonly entries: Entry[];
  private readonly out = new ActionBuffer();

  constructor(context: SimulationContext, commit: Commit) {
    this.context = context;
    this.commit = commit;
    this.entries = context.setup.controllers.map((controller) => ({
      controller,
      event: NO_EVENT,
      dueUs: NEVER,
      background: true,
    }));
  }

  /** Before the first event: all are told what the beginning changed, or wake when they ask to. */
  begin(): void {
    const mask = this.context.setup.cluster.journal.takeMask();
    for (const [index, entry] of this.entries.entries()) {
      if ((mask & entry.controller.wakesOn) !== 0) this.armNow(index, entry);
      else this.armAsAsked(index, entry);
    }
  }

  /**
   * After every event: whoever watches what just changed is due now. `woken` is the controller that the event woke, or
   * NO_ONE: only it can have changed its mind about when to be woken.
   */
  settle(woken: number): void {
    const mask = this.context.setup.cluster.journal.takeMask();
    if (mask !== 0) {
      for (let index = 0; index < this.entries.length; index++) {
        const entry = this.entries[index]!;
        const isTouched = (mask & entry.controller.wakesOn) !== 0;
        if (isTouched) this.armNow(index, entry);
        else if (index === woken) this.armAsAsked(index, entry);
      }
    } else if (woken !== NO_ONE) this.armAsAsked(woken, this.entries[woken]!);
  }

  wake(index: number): void {
    const entry = this.entries[index]!;
    entry.event = NO_EVENT;
    entry.dueUs = NEVER;
    const { controller } = entry;
    controller.wake(this.context.kernel.nowUs, this.out);
    for (const action of this.out.actions) this.commit.apply(controller.actor, action);
    this.out.clear();
  }

  save(): unknown {
    return this.entries.map(({ controller, event, dueUs, background }) => ({
      state: controller.save(),
      event,
      dueUs,
      background,
    }));
  }

  restore(states: { state: unknown; event: number; dueUs: number; background: boolean }[]): void {
    for (const [index, entry] of this.entries.entries()) {
      const { state, event, dueUs, background } = states[index]!;
      entry.controller.restore(state);
      entry.event = event;
      entry.dueUs = dueUs;
      entry.background = background;
    }
  }

  private armNow(index: number, entry: Entry): void {
    this.arm(index, entry, this.context.kernel.nowUs, false);
  }

  private armAsAsked(index: number, entry: Entry): void {
    const { wakeAtUs, background } = entry.controller;
    this.arm(index, entry, Math.max(wakeAtUs, this.context.kernel.nowUs), background);
  }

  private arm(index: number, entry: Entry, dueUs: number, background: boolean): void {
    if (entry.dueUs === dueUs && entry.background === background) return;
    const { kernel } = this.context;
    kernel.cancel(entry.event);
    entry.dueUs = dueUs;
    entry.background = background;
    const phase = PHASE_OF[entry.controller.phase];
    if (dueUs === NEVER) entry.event = NO_EVENT;
    else if (background) entry.event = kernel.scheduleBackground(dueUs, phase, EVENT.wake, index);
    else entry.event = kernel.schedule(dueUs, phase, EVENT.wake, index);
  }
}
