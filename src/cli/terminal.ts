/** Where a command writes and what it may know of its surroundings: results to `out`, everything else to `err`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** All of standard input. */
  readonly input: () => string;
  /** Whether `err` is a screen that can be written over. */
  readonly isScreen: boolean;
  /** Whether `out` may carry colour codes. */
  readonly isColoured: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}
