/**
 * The cells of an experiment: one (variant, seed) each, the unit of work. Their order, variant by variant and inside a
 * variant replication by replication, is the order of every table.
 */

import { replicationSeed } from '../random/replication-seed.ts';
import type { Experiment } from '../scenario/experiment.ts';

export interface Cell {
  /** Place in the order of all cells. */
  readonly index: number;
  readonly variant: string;
  readonly seed: string;
}

export function cellsOf(experiment: Experiment): Cell[] {
  const { variants, replications, seed } = experiment;
  return variants.flatMap(({ name }, row) =>
    Array.from({ length: replications }, (_, replication) => ({
      index: row * replications + replication,
      variant: name,
      seed: String(replicationSeed(seed, replication)),
    })),
  );
}
