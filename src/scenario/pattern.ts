/** A regular expression that somebody wrote. */

/** The expression, or why it is none. */
export function compilePattern(text: string): RegExp | string {
  try {
    return new RegExp(text, 'u');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
