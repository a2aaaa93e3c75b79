/**
 * When the next task of a workload arrives.
 *
 * Times never fall. The unrounded time is carried inside and only what is returned is rounded to whole microseconds, so
 * that rounding cannot shift the rate of a long run.
 *
 * A process owns its random stream, but the register of streams saves it; `save` holds the rest.
 */
export interface ArrivalProcess {
  /** The time of the next arrival, in whole microseconds since the start of the run; NEVER when none is left. */
  nextUs(): number;
  save(): ArrivalState;
  restore(state: ArrivalState): void;
}

/** Flat, JSON-safe state: finite numbers by name. */
export type ArrivalState = Readonly<Record<string, number>>;
