/** Runs one cell and leaves its tables on disk; the same in a worker thread and without one. */

import type { PolicyKind } from '../../placement/policy.ts';
import type { LoadedInputs } from '../../scenario/inputs.ts';
import type { ResolvedVariant } from '../../scenario/experiment.ts';
import type { CellOutcome } from '../cell-outcome.ts';
import type { Cell } from '../cells.ts';
import { runCell, type CellResult } from '../run-cell.ts';
import { CellParts } from './cell-parts.ts';

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
  const parts = new CellParts(setup.parts, cell.index);
  try {
    const startMs = performance.now();
    const result = runCell(variant, cell.seed, setup.inputs, {
      recordDecisions: setup.recordDecisions,
      policies: [...policies],
      taskSink: parts,
      onProgress,
    });
    const wallMs = performance.now() - startMs;
    parts.end(result);
    return outcomeOf(result, cell, parts.taskRows, wallMs);
  } finally {
    parts.close();
  }
}

function outcomeOf(
  { summary, ending, explanation, stepCount, notes, assumptionsUsed }: CellResult,
  { index }: Cell,
  taskRows: number,
  wallMs: number,
): CellOutcome {
  return {
    index,
    summary,
    taskRows,
    ending,
    explanation,
    stepCount,
    notes,
    assumptionsUsed,
    wallMs,
  };
}
