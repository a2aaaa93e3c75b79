/** Runs one cell and leaves its tables on disk; the same in a worker thread and without one. */

import type { PolicyKind } from '../../placement/policy.ts';
import type { LoadedInputs } from '../../scenario/inputs.ts';
import type { ResolvedVariant } from '../../scenario/experiment.ts';
import type { CellOutcome } from '../cell-outcome.ts';
import type { Cell } from '../cells.ts';
import { runCell } from '../run-cell.ts';
import { writeCellParts } from './cell-parts.ts';

/** What every cell of an experiment shares: plain data, which each thread gets once. */
export interface CellSetup {
  readonly variants: readonly ResolvedVariant[];
  readonly inputs: LoadedInputs;
  readonly recordDecisions: boolean;
  /** Folder of the part files. */
  readonly parts: string;
}

/** `onProgress` gets the share of the simulated time that is over, in [0, 1]. */
export function runCellJob(
  setup: CellSetup,
  policies: readonly PolicyKind[],
  cell: Cell,
  onProgress: (fraction: number) => void,
): CellOutcome {
  const variant = setup.variants.find(({ name }) => name === cell.variant)!;
  const { recordDecisions } = setup;
  const startMs = performance.now();
  const result = runCell(variant, cell.seed, setup.inputs, {
    recordDecisions,
    policies: [...policies],
    onProgress,
  });
  const wallMs = performance.now() - startMs;
  writeCellParts(setup.parts, cell.index, result);
  const { summary, tasks, ending, explanation, stepCount, notes, assumptionsUsed } = result;
  return {
    index: cell.index,
    summary,
    taskRows: tasks.length,
    ending,
    explanation,
    stepCount,
    notes,
    assumptionsUsed,
    wallMs,
  };
}
