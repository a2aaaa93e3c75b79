/** A worker thread: runs cells one after the other, as the pool hands them out. */

import { parentPort } from 'node:worker_threads';
import { workerData } from 'piscina';
import type { PolicyKind } from '../../placement/policy.ts';
import type { CellOutcome } from '../cell-outcome.ts';
import type { Cell } from '../cells.ts';
import { failureOf, type CellFailure } from './cell-failure.ts';
import { runCellJob, type CellSetup } from './cell-job.ts';
import { importPolicies, type ImportModule } from './policy-module.ts';

export interface WorkerSetup extends CellSetup {
  /** Absolute paths of modules with policies. */
  readonly policyPaths: readonly string[];
  /** URL of the module that imports them. */
  readonly importer: string;
}

export type WorkerReply =
  | { readonly ok: true; readonly outcome: CellOutcome }
  | { readonly ok: false; readonly failure: CellFailure };

/** Sent while a cell runs. */
export interface WorkerProgress {
  readonly index: number;
  readonly fraction: number;
}

const STEPS = 100;

let policies: PolicyKind[] | undefined;

/** The name under which the pool calls it. */
export async function workOn(cell: Cell): Promise<WorkerReply> {
  const setup = workerData as WorkerSetup;
  try {
    policies ??= await importAll(setup);
    let step = 0;
    const outcome = runCellJob(setup, policies, cell, (fraction) => {
      if (fraction * STEPS < step + 1) return;
      step = Math.floor(fraction * STEPS);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port, no window
      parentPort!.postMessage({ index: cell.index, fraction } satisfies WorkerProgress);
    });
    return { ok: true, outcome };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

async function importAll({ policyPaths, importer }: WorkerSetup): Promise<PolicyKind[]> {
  if (policyPaths.length === 0) return [];
  const { importModule } = (await import(importer)) as { importModule: ImportModule };
  const kinds: PolicyKind[] = [];
  for (const path of policyPaths) kinds.push(...(await importPolicies(path, importModule)));
  return kinds;
}
