import { assert } from '../base/assert.ts';
import { hash53 } from './counter-hash.ts';

/**
 * The seed of replication `replication`: the root seed itself for 0, else an integer in [0, 2^53) hashed from both. It
 * stands in the column `seed`, and running with it as the root seed repeats that replication alone.
 */
export function replicationSeed(root: string | number, replication: number): string | number {
  assert(
    Number.isSafeInteger(replication) && replication >= 0,
    () => `expected a replication number, zero or more; found ${replication}`,
  );
  return replication === 0 ? root : hash53(`${root}/replication/${replication}`);
}
