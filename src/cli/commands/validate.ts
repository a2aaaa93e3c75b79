/** `berth validate FILE...`: everything that is wrong with scenario files, with places. */

import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { faultToText, ScenarioError, type Fault } from '../../base/scenario-error.ts';
import { inputPath, isDataPath } from '../../experiment/node/input-path.ts';
import { inputFilesOf } from '../../scenario/input-files.ts';
import type { KnownPolicies } from '../../scenario/check-policy.ts';
import type { Experiment } from '../../scenario/experiment.ts';
import { loadScenario } from '../../scenario/load.ts';
import { knownPolicies } from '../../scenario/registry.ts';
import { EXIT } from '../exit-code.ts';
import { addText } from '../experiment-options.ts';
import { loadPolicyFiles } from '../policy-files.ts';
import { readScenarioFile } from '../scenario-file.ts';
import type { Terminal } from '../terminal.ts';

interface ValidateOptions {
  readonly policy: readonly string[];
  readonly json?: true;
}

const EXAMPLES = `
EXAMPLES
  $ berth validate shop.yaml
  $ berth validate scenarios/*/*.yaml
  $ berth validate shop.yaml --policy my-policy.ts`;

export function addValidateCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('validate')
    .summary('say everything that is wrong with scenario files')
    .description(
      'Reads scenario files and prints every fault as file:line:column: path: message. Files that a scenario names must be there; those under BERTH_DATA are looked for when that is set.',
    )
    .argument('<file...>', 'scenario files, or folders with a scenario.yaml')
    .option('--policy <file>', 'a module with your own policies (repeatable)', addText, [])
    .option('--json', 'print the faults as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (files: string[], options: ValidateOptions) => {
      const { kinds } = await loadPolicyFiles(options.policy);
      const known = knownPolicies(kinds);
      const dataFolder = terminal.environment['BERTH_DATA'];
      const all: Fault[] = [];
      for (const file of files) {
        const checked = check(file, known, dataFolder);
        all.push(...checked.faults);
        if (options.json) continue;
        for (const fault of checked.faults) terminal.err(`${faultToText(fault)}\n`);
        if (checked.faults.length === 0) terminal.out(`${file}: ${checked.extent}\n`);
      }
      if (options.json) terminal.out(`${JSON.stringify(all, undefined, 2)}\n`);
      if (all.length > 0) exit(EXIT.wrongInput);
    });
}

function check(
  file: string,
  known: KnownPolicies,
  dataFolder: string | undefined,
): { readonly faults: readonly Fault[]; readonly extent: string } {
  try {
    const { path, text } = readScenarioFile(file);
    const experiment = loadScenario(text, path, { knownPolicies: known });
    return { faults: missingInputs(experiment, path, dataFolder), extent: extentOf(experiment) };
  } catch (error) {
    if (error instanceof ScenarioError) return { faults: error.faults, extent: '' };
    throw error;
  }
}

function missingInputs(
  experiment: Experiment,
  scenarioFile: string,
  dataFolder: string | undefined,
): Fault[] {
  return inputFilesOf(experiment).flatMap(({ path, use }) => {
    if (isDataPath(path) && dataFolder === undefined) return [];
    const place = inputPath(path, { scenarioFile, dataFolder });
    if (existsSync(place)) return [];
    const message = `expected the file ${path} (${use}) at ${place}, found nothing there`;
    return [{ file: scenarioFile, line: 0, column: 0, path: '', message }];
  });
}

function extentOf({ variants, replications }: Experiment): string {
  const many = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
  return `fine, ${many(variants.length, 'variant')} x ${many(replications, 'seed')}`;
}
