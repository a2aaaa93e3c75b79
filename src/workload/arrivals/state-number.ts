import { assert } from '../../base/assert.ts';

/** The named number of a saved state. A missing one means that the state was saved by another kind of process. */
export function stateNumber(state: Readonly<Record<string, number>>, name: string): number {
  const value = state[name];
  assert(value !== undefined, () => `the saved arrival process has no ${name}`);
  return value;
}
