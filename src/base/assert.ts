/** The program is wrong. Nothing catches it; the message has the numbers and, inside a run, the simulated time. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Throws InvariantError unless `condition` holds. Build a costly message with a function. */
export function assert(condition: boolean, message: string | (() => string)): asserts condition {
  if (condition) return;
  throw new InvariantError(typeof message === 'string' ? message : message());
}

/** Marks a branch that the types say cannot be reached. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable case: ${JSON.stringify(value)}`);
}
