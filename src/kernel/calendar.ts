/**
 * The event calendar: a stable priority queue of pending events.
 *
 * Order      time, then phase, then sequence number of the push: a total order, no two events are equal.
 * Key        timeUs x 16 + phase in one double, exact for 17 simulated years (2^53 / 16 us).
 * Handles    a push returns a handle; `cancel` is O(1) and safe against handles of events that are gone.
 */

/** One popped event. The calendar fills a record that the caller owns, so that popping allocates nothing. */
export interface CalendarEvent {
  timeUs: number;
  phase: number;
  /** What happens; the meaning of `subject` and `detail` belongs to whoever pushed it. */
  kind: number;
  subject: number;
  detail: number;
  /** Background events do not keep a run alive. */
  background: boolean;
}

/** Names one pending event: slot + generation x 2^26. */
export type EventHandle = number;

/** The handle of no event. */
export const NO_EVENT: EventHandle = -1;

export const PHASES_MAX = 16;

/** Flat copy of a calendar: events in order of popping, so that two calendars with the same future save the same. */
export interface CalendarState {
  readonly timeUs: readonly number[];
  readonly phase: readonly number[];
  readonly kind: readonly number[];
  readonly subject: readonly number[];
  readonly detail: readonly number[];
  readonly background: readonly number[];
  readonly handle: readonly number[];
  readonly generations: readonly number[];
  readonly freeSlots: readonly number[];
}

export interface Calendar {
  /** Number of pending events, cancelled ones not counted. */
  readonly size: number;
  /** Pending events that keep a run alive. */
  readonly foregroundSize: number;
  push(
    timeUs: number,
    phase: number,
    kind: number,
    subject: number,
    detail: number,
    background: boolean,
  ): EventHandle;
  /** True when the event was pending. */
  cancel(handle: EventHandle): boolean;
  /** Fills `into` with the earliest event and removes it; false when nothing is pending. */
  pop(into: CalendarEvent): boolean;
  /** Time of the earliest event, or Infinity. */
  nextTimeUs(): number;
  save(): CalendarState;
  restore(state: CalendarState): void;
}
