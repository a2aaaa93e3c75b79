/**
 * An experiment from its files to its output folder: read the inputs, run every cell, join the tables, draw the report,
 * write the manifest, move it all to its place. The bytes depend on the scenario alone, not on the number of workers; an
 * interrupted experiment writes what was finished and says what is missing.
 */

import { writeFile } from 'node:fs/promises';
import type { ComparisonRow } from '../../report/tables/comparison.ts';
import type { SummaryRow } from '../../report/tables/summary.ts';
import { cellsOf, type Cell } from '../cells.ts';
import type { Manifest } from '../manifest.ts';
import { runCells } from './cell-pool.ts';
import type { ExperimentRequest } from './experiment-request.ts';
import { loadInputs } from './load-inputs.ts';
import { draftManifest, writeManifest } from './write-manifest.ts';
import { OutputFolder } from './output-folder.ts';
import { performanceRecord } from './performance-record.ts';
import { writeReport } from './write-report.ts';
import { writeTables } from './write-tables.ts';

export interface ExperimentResult {
  readonly summary: readonly SummaryRow[];
  readonly comparison: readonly ComparisonRow[];
  /** undefined when nothing was finished and so nothing written. */
  readonly manifest: Manifest | undefined;
  readonly missing: readonly Cell[];
}

const TASK_ROWS_MAX = 2_000_000;

export async function runExperiment(request: ExperimentRequest): Promise<ExperimentResult> {
  const startMs = performance.now();
  const { experiment, policies, workers, signal, watcher } = request;
  const { recordDecisions } = request;
  const folder = new OutputFolder(request.outFolder);
  folder.refuseForeign();
  const place = { scenarioFile: request.scenario.path, dataFolder: request.dataFolder };
  const files = await loadInputs(experiment, place, request.skipBadRows);
  await folder.begin();
  try {
    const parts = folder.staged('parts');
    const { variants } = experiment;
    const setup = { variants, inputs: files.inputs, recordDecisions, parts };
    const pool = { workers, policies, replay: request.replay, signal, watcher };
    const cells = cellsOf(experiment);
    const outcomes = await runCells(setup, cells, pool);
    const missing = cells.filter(({ index }) => !outcomes.some((one) => one.index === index));
    const summary = outcomes.map((outcome) => outcome.summary);
    if (outcomes.length === 0) return { summary, comparison: [], manifest: undefined, missing };

    const { comparison, isSampled } = await writeTables(folder, {
      outcomes,
      baseline: experiment.baseline,
      rejected: files.rejected,
      recordDecisions,
      format: request.format,
      taskRowsMax: request.taskRowsMax ?? TASK_ROWS_MAX,
      parts,
    });
    const draft = draftManifest(request, files, outcomes, missing, isSampled);
    await writeReport(folder.staged(), draft, folder);
    const manifest = await writeManifest(folder, draft);
    const record = performanceRecord(outcomes, workers, performance.now() - startMs);
    await writeFile(folder.staged('performance.json'), record);
    await folder.publish(manifest);
    return { summary, comparison, manifest, missing };
  } finally {
    await folder.discard();
  }
}
