/** Fills in `manifest.json` and writes it, once everything else of the folder has been written. */

import { writeFile } from 'node:fs/promises';
import { ASSUMPTIONS } from '../../cloud/assumptions.ts';
import { fileOf, type TableFormat } from '../../report/tables/table-format.ts';
import { TASKS } from '../../report/tables/tasks.ts';
import { evaluateExpectation } from '../../scenario/expectation.ts';
import type { ResolvedVariant } from '../../scenario/experiment.ts';
import type { CellOutcome } from '../cell-outcome.ts';
import { cellsOf, type Cell } from '../cells.ts';
import type { AssumptionRecord, Manifest } from '../manifest.ts';
import { summaryMeans } from '../summary-means.ts';
import { notesOf, warningsOf } from '../warnings.ts';
import type { InputFiles } from './load-inputs.ts';
import { MANIFEST_FILE, type OutputFolder } from './output-folder.ts';
import { sha256OfFile } from './read-input.ts';
import type { ExperimentRequest } from './experiment-request.ts';
import { versions } from './versions.ts';

/** Writes the manifest with the digests of what was written so far, and of `kept` what was not written again. */
export async function writeManifest(
  folder: OutputFolder,
  draft: Manifest,
  kept: readonly (readonly [string, string])[] = [],
): Promise<Manifest> {
  const digests: (readonly [string, string])[] = [...kept];
  for (const name of await folder.names()) {
    digests.push([name, await sha256OfFile(folder.staged(name))]);
  }
  digests.sort(([a], [b]) => (a < b ? -1 : 1));
  const manifest = { ...draft, outputs: Object.fromEntries(digests) };
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
  await writeFile(folder.staged(MANIFEST_FILE), text);
  return manifest;
}

/** All but the digests of the outputs. */
export function draftManifest(
  request: ExperimentRequest,
  files: InputFiles,
  outcomes: readonly CellOutcome[],
  missing: readonly Cell[],
  isSampled: boolean,
): Manifest {
  const { experiment, scenario, policies, rerun, format } = request;
  const { name, baseline, resolved, expectations } = experiment;
  const summary = outcomes.map((outcome) => outcome.summary);
  const means = summaryMeans(summary);
  const { scenario: settings } = experiment.variants.find((variant) => variant.name === baseline)!;
  return {
    ...versions(),
    scenario: { name, ...scenario, resolved },
    rerun,
    format,
    baseline,
    warmupUs: settings.warmupUs,
    durationUs: settings.durationUs,
    seeds: [...new Set(cellsOf(experiment).map((cell) => cell.seed))],
    policies: policies.files,
    inputs: files.records,
    runs: outcomes.map(({ summary: row, stepCount, ending, explanation }) => {
      const { variant, seed, digest, events } = row;
      return { variant, seed, digest, events, steps: stepCount, ending, explanation };
    }),
    missing: missing.map(({ variant, seed }) => ({ variant, seed })),
    expectations: expectations.flatMap((one) => evaluateExpectation(one, means)),
    warnings: [...warningsOf(outcomes, missing), ...fileWarnings(files, isSampled, format)],
    notes: notesOf(outcomes),
    assumptions: assumptionRecords(experiment.variants, outcomes),
    outputs: {},
  };
}

function fileWarnings({ rejected }: InputFiles, isSampled: boolean, format: TableFormat): string[] {
  const warnings: string[] = [];
  if (rejected.length > 0) {
    warnings.push(
      `${rejected.length} malformed rows of traces were left out: see rejected.${format}.`,
    );
  }
  if (isSampled) {
    const file = fileOf(TASKS, format);
    warnings.push(`${file} is a sample of 1 %; every run has its own in runs/VARIANT/SEED.`);
  }
  return warnings;
}

/** What each variant read of the register, in the order of the register. */
function assumptionRecords(
  variants: readonly ResolvedVariant[],
  outcomes: readonly CellOutcome[],
): AssumptionRecord[] {
  return ASSUMPTIONS.flatMap((assumption) =>
    variants.flatMap(({ name: variant, scenario }) => {
      const own = outcomes.filter((outcome) => outcome.summary.variant === variant);
      if (!own.some((outcome) => outcome.assumptionsUsed.includes(assumption.name))) return [];
      const { name, default: usual, low, high, unit, source } = assumption;
      const value = scenario.assumptions[name] ?? usual;
      return [{ name, variant, value, default: usual, low, high, unit, source }];
    }),
  );
}
