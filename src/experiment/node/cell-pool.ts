/**
 * Runs the cells of an experiment, in worker threads or, with one worker, in this one. The first failure stops the rest
 * and is thrown; an abort stops the rest and what was finished is returned, in the order of the cells.
 */

import { setMaxListeners } from 'node:events';
import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CellOutcome } from '../cell-outcome.ts';
import type { Cell } from '../cells.ts';
import { errorOf, failureOf } from './cell-failure.ts';
import { runCellJob, type CellSetup } from './cell-job.ts';
import type { UserPolicies } from './user-policies.ts';
import type { WorkerProgress, WorkerReply, WorkerSetup } from './worker.ts';

/** Who watches the cells run. */
export interface CellWatcher {
  /** Share of the simulated time of a cell that is over, in [0, 1]. */
  progressed(cell: Cell, fraction: number): void;
  finished(cell: Cell): void;
}

export interface CellPool {
  /** 1 runs everything in this thread, which is deaf to signals while a cell runs. */
  readonly workers: number;
  readonly policies: UserPolicies;
  /** The command that runs the replication of that seed alone, for messages. */
  readonly replay: (seed: string) => string;
  readonly signal: AbortSignal;
  readonly watcher: CellWatcher;
}

export async function runCells(
  setup: CellSetup,
  cells: readonly Cell[],
  pool: CellPool,
): Promise<CellOutcome[]> {
  const outcomes = await (pool.workers === 1 ? runHere : runInThreads)(setup, cells, pool);
  return outcomes.sort((a, b) => a.index - b.index);
}

async function runHere(setup: CellSetup, cells: readonly Cell[], pool: CellPool) {
  const { policies, signal, watcher } = pool;
  const outcomes: CellOutcome[] = [];
  for (const cell of cells) {
    await setImmediate(); // Lets a signal that came during the last cell be heard.
    if (signal.aborted) break;
    try {
      const report = (fraction: number) => watcher.progressed(cell, fraction);
      outcomes.push(runCellJob(setup, policies.kinds, cell, report));
    } catch (error) {
      throw errorOf(failureOf(error), cell, pool.replay(cell.seed));
    }
    watcher.finished(cell);
  }
  return outcomes;
}

async function runInThreads(setup: CellSetup, cells: readonly Cell[], pool: CellPool) {
  const { policies, signal, watcher } = pool;
  const { Piscina } = await import('piscina');
  const threads = Math.min(pool.workers, cells.length);
  const source = new URL(
    import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js',
    import.meta.url,
  );
  const workerSetup: WorkerSetup = {
    ...setup,
    policyPaths: policies.paths,
    importer: policies.importer,
  };
  const piscina = new Piscina({
    filename: fileURLToPath(source),
    name: 'workOn',
    minThreads: threads,
    maxThreads: threads,
    execArgv: source.pathname.endsWith('.ts') ? loaderOptions() : [],
    workerData: workerSetup,
  });
  piscina.on('message', ({ index, fraction }: WorkerProgress) => {
    watcher.progressed(
      cells.find((cell) => cell.index === index)!,
      fraction,
    );
  });
  setMaxListeners(0, signal); // Every waiting cell listens.
  const outcomes: CellOutcome[] = [];
  try {
    await Promise.all(
      cells.map(async (cell) => {
        const reply = (await piscina.run(cell, { signal })) as WorkerReply;
        if (!reply.ok) throw errorOf(reply.failure, cell, pool.replay(cell.seed));
        outcomes.push(reply.outcome);
        watcher.finished(cell);
      }),
    );
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await piscina.destroy();
  }
  return outcomes;
}

/** Lets a thread run these sources as they are. */
function loaderOptions(): string[] {
  const loader = createRequire(import.meta.url).resolve('tsx');
  return ['--import', pathToFileURL(loader).href];
}
