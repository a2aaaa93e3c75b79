/** Loads a scenario of `scenarios/` with its inputs and runs every cell, as the command line does but in one thread. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cellsOf } from '../../src/experiment/cells.ts';
import { evaluateExpectation } from '../../src/scenario/expectation.ts';
import { knownPolicies } from '../../src/scenario/registry.ts';
import { loadInputs } from '../../src/experiment/node/load-inputs.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { runCell } from '../../src/experiment/run-cell.ts';
import { summaryMeans } from '../../src/experiment/summary-means.ts';
import type { ExpectationResult } from '../../src/scenario/expectation.ts';
import type { Experiment } from '../../src/scenario/experiment.ts';
import type { PolicyKind } from '../../src/placement/policy.ts';
import type { SummaryRow } from '../../src/metrics/rows.ts';

const SCENARIOS = fileURLToPath(new URL('../../scenarios/', import.meta.url));

export function load(name: string, own: readonly PolicyKind[] = []): Experiment {
  const text = readFileSync(SCENARIOS + name, 'utf8');
  return loadScenario(text, name, { knownPolicies: knownPolicies(own) });
}

export async function run(
  name: string,
  own: readonly PolicyKind[] = [],
): Promise<{ summary: SummaryRow[]; broken: ExpectationResult[] }> {
  const experiment = load(name, own);
  const place = { scenarioFile: SCENARIOS + name, dataFolder: process.env['BERTH_DATA'] };
  const { inputs } = await loadInputs(experiment, place, false);
  const options = { recordDecisions: false, policies: own };
  const summary = cellsOf(experiment).map(
    ({ variant, seed }) =>
      runCell(
        experiment.variants.find((one) => one.name === variant)!,
        seed,
        inputs,
        options,
      ).summary,
  );
  const means = summaryMeans(summary);
  const results = experiment.expectations.flatMap((one) => evaluateExpectation(one, means));
  return { summary, broken: results.filter(({ holds }) => !holds) };
}

/** Tasks by the sum of their states. */
export function statesOf(row: SummaryRow): number {
  return (
    row.tasksCompleted + row.tasksFailed + row.tasksCancelled + row.tasksRunning + row.tasksPending
  );
}
