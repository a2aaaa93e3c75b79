/** Loops of one period do not run in step: each has a phase of its own, drawn once a replication. */

import { counterUniform } from './counter-hash.ts';

export function loopPhaseUs(
  seed: string | number,
  loop: string,
  cluster: number,
  periodUs: number,
): number {
  return Math.floor(counterUniform(seed, `phase/${loop}`, cluster) * periodUs);
}
