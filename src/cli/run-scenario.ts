/** What `run` and `compare` share: from the name of a scenario and the options to a finished output folder. */

import { join } from 'node:path';
import { cellsOf } from '../experiment/cells.ts';
import { runExperiment, type ExperimentResult } from '../experiment/node/run-experiment.ts';
import type { Experiment } from '../scenario/experiment.ts';
import { loadScenario } from '../scenario/load.ts';
import { knownPolicies } from '../scenario/registry.ts';
import { EXIT } from './exit-code.ts';
import { commandLine, overridesOf, type ExperimentOptions } from './experiment-options.ts';
import { loadPolicyFiles } from './policy-files.ts';
import { Progress, SILENT } from './progress.ts';
import { readScenarioFile } from './scenario-file.ts';
import type { Terminal } from './terminal.ts';

export interface ScenarioRun extends ExperimentResult {
  readonly experiment: Experiment;
  readonly outFolder: string;
  readonly exitCode: number;
}

const NOTES_MAX = 8;

export async function runScenario(
  named: string,
  options: ExperimentOptions,
  terminal: Terminal,
): Promise<ScenarioRun> {
  const policies = await loadPolicyFiles(options.policy);
  const { path, text, sha256 } = readScenarioFile(named);
  const experiment = loadScenario(text, path, {
    overrides: overridesOf(options),
    knownPolicies: knownPolicies(policies.kinds),
  });
  const outFolder = options.out ?? join('out', experiment.name);
  const progress = options.quiet ? undefined : new Progress(terminal, cellsOf(experiment).length);
  const stopping = new AbortController();
  const interrupt = () => {
    terminal.err('\nStopping: what is finished is kept.\n');
    stopping.abort();
  };
  process.once('SIGINT', interrupt);
  try {
    const result = await runExperiment({
      experiment,
      scenario: { path, sha256 },
      dataFolder: terminal.environment['BERTH_DATA'],
      outFolder,
      workers: options.workers,
      format: options.format,
      recordDecisions: options.record === 'decisions',
      skipBadRows: options.skipBadRows === true,
      policies,
      rerun: commandLine(path, options),
      replay: (seed) => commandLine(path, options, seed),
      signal: stopping.signal,
      watcher: progress ?? SILENT,
    });
    progress?.stop();
    tell(result, options, terminal);
    return { ...result, experiment, outFolder, exitCode: exitCodeOf(result) };
  } finally {
    progress?.stop();
    process.off('SIGINT', interrupt);
  }
}

/** Warnings always, notes unless the user wants quiet. */
function tell(
  { manifest }: ExperimentResult,
  options: ExperimentOptions,
  terminal: Terminal,
): void {
  if (manifest === undefined) return terminal.err('Interrupted before a run was finished.\n');
  for (const warning of manifest.warnings) terminal.err(`warning: ${warning}\n`);
  if (options.quiet) return;
  const { notes } = manifest;
  for (const note of notes.slice(0, NOTES_MAX)) terminal.err(`note: ${note}\n`);
  const hidden = notes.length - NOTES_MAX;
  if (hidden > 0) terminal.err(`note: ${hidden} more notes are in manifest.json\n`);
}

function exitCodeOf({ manifest, missing }: ExperimentResult): number {
  if (missing.length > 0) return EXIT.interrupted;
  const fails = manifest?.expectations.some((one) => !one.holds) ?? false;
  return fails ? EXIT.expectationFails : EXIT.fine;
}
