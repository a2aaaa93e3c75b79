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

  /** After every event: whoever watches what just changed is due now. */
  settle(): void {
    const { kernel, setup } = this.context;
    const mask = setup.cluster.journal.takeMask();
    for (const [index, entry] of this.entries.entries()) {
      const { controller } = entry;
      const isTouched = (mask & controller.wakesOn) !== 0;
      const ownUs = Math.max(controller.wakeAtUs, kernel.nowUs);
      // A wake that a change asked for stays due until it was taken.
      const isDueNow = isTouched || (entry.dueUs === kernel.nowUs && entry.event !== NO_EVENT);
      if (isDueNow) this.arm(index, entry, kernel.nowUs, false);
      else this.arm(index, entry, ownUs, controller.background);
    }
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
