/** What the command says to the shell. */
export const EXIT = {
  /** All well. */
  fine: 0,
  /** The run finished and an expectation did not hold. */
  expectationFails: 1,
  /** The input or the command line is wrong. */
  wrongInput: 2,
  /** Interrupted; what was finished is kept. */
  interrupted: 3,
  /** An invariant of the program broke. */
  programWrong: 70,
  /** The output cannot be written. */
  cannotWrite: 74,
} as const;
