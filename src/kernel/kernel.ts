/**
 * The virtual clock and the one step that every run, replay and debugger is a loop around.
 *
 * Time       whole microseconds since the start of the run; it never goes back.
 * Re-entry   a handler may schedule and cancel, and must not step.
 * Limits     events in one instant are bounded: a model that loops without advancing time is a fault of the program.
 */

import { assert } from '../base/assert.ts';
import type { Calendar, CalendarEvent, CalendarState, EventHandle } from './calendar.ts';

/** What a step hands to the model. The record is reused: copy what must outlive the call. */
export type EventHandler = (event: Readonly<CalendarEvent>) => void;

export interface KernelState {
  readonly nowUs: number;
  readonly stepCount: number;
  readonly stepsInInstant: number;
  readonly calendar: CalendarState;
}

export const STEPS_IN_INSTANT_MAX = 10_000_000;

export class Kernel {
  nowUs = 0;
  stepCount = 0;
  readonly calendar: Calendar;
  private readonly handler: EventHandler;
  private readonly event: CalendarEvent = {
    timeUs: 0,
    phase: 0,
    kind: 0,
    subject: 0,
    detail: 0,
    background: false,
  };
  private stepping = false;
  private stepsInInstant = 0;

  constructor(calendar: Calendar, handler: EventHandler) {
    this.calendar = calendar;
    this.handler = handler;
  }

  schedule(timeUs: number, phase: number, kind: number, subject: number, detail = 0): EventHandle {
    return this.push(timeUs, phase, kind, subject, detail, false);
  }

  /** Like `schedule`, for periodic work that must not keep a run alive. */
  scheduleBackground(
    timeUs: number,
    phase: number,
    kind: number,
    subject: number,
    detail = 0,
  ): EventHandle {
    return this.push(timeUs, phase, kind, subject, detail, true);
  }

  cancel(handle: EventHandle): boolean {
    return this.calendar.cancel(handle);
  }

  /** Takes the earliest event: clock first, then the handler. False when nothing is pending. */
  step(): boolean {
    assert(
      !this.stepping,
      'a handler called step(): handlers run to completion and never re-enter',
    );
    const event = this.event;
    if (!this.calendar.pop(event)) return false;
    assert(
      event.timeUs >= this.nowUs,
      () => `time went back from ${this.nowUs} to ${event.timeUs} us`,
    );
    this.stepsInInstant = event.timeUs === this.nowUs ? this.stepsInInstant + 1 : 1;
    assert(
      this.stepsInInstant <= STEPS_IN_INSTANT_MAX,
      () =>
        `more than ${STEPS_IN_INSTANT_MAX} events at ${event.timeUs} us, the last of kind ${event.kind}`,
    );
    this.nowUs = event.timeUs;
    this.stepCount++;
    this.stepping = true;
    this.handler(event);
    this.stepping = false;
    return true;
  }

  save(): KernelState {
    return {
      nowUs: this.nowUs,
      stepCount: this.stepCount,
      stepsInInstant: this.stepsInInstant,
      calendar: this.calendar.save(),
    };
  }

  restore(state: KernelState): void {
    this.nowUs = state.nowUs;
    this.stepCount = state.stepCount;
    this.stepsInInstant = state.stepsInInstant;
    this.calendar.restore(state.calendar);
  }

  private push(
    timeUs: number,
    phase: number,
    kind: number,
    subject: number,
    detail: number,
    background: boolean,
  ): EventHandle {
    assert(
      timeUs >= this.nowUs,
      () => `event of kind ${kind} is in the past: ${timeUs} us, now ${this.nowUs} us`,
    );
    return this.calendar.push(timeUs, phase, kind, subject, detail, background);
  }
}
