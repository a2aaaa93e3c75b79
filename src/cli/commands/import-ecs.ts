/** `berth import ecs PATH...`: task definitions and services as a scenario, with what each launch type cannot run. */

import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { assert } from '../../base/assert.ts';
import { inputFault } from '../../experiment/node/input-path.ts';
import { ecsScenario } from '../../scenario/imported/ecs-scenario.ts';
import { loadScenario } from '../../scenario/load.ts';
import { ScenarioError } from '../../base/scenario-error.ts';
import { readEcsFiles } from '../../workload/ecs/ecs-files.ts';
import { alignedTable } from '../aligned-table.ts';
import { importedFiles, nameOfImport } from '../imported-files.ts';
import type { EcsFiles } from '../../workload/ecs/ecs-files.ts';
import type { EcsScenario } from '../../scenario/imported/ecs-scenario.ts';
import type { Terminal } from '../terminal.ts';

interface ImportOptions {
  readonly out?: string;
  readonly name?: string;
  readonly recursive?: boolean;
}

const EXAMPLES = `
EXAMPLES
  $ berth import ecs task-definition.json service.json --out shop.yaml && berth run shop.yaml
  $ berth import ecs -R cloudformation/ --out shop.yaml
  $ aws ecs describe-task-definition --task-definition web | berth import ecs -

The scenario goes to stdout, the list of what was read to stderr.`;

export function addImportEcsCommand(program: Command, terminal: Terminal): void {
  program
    .command('ecs')
    .summary('make a scenario of ECS task definitions and services')
    .description(
      'Reads task definitions and services as JSON, as the AWS CLI takes and prints them, and CloudFormation templates with AWS::ECS resources, and writes a scenario: each service as an entry to edit, and EC2, Fargate and External as variants. Says what each launch type cannot run and why, and which values only a deployment knows.',
    )
    .argument('<path...>', 'files, folders, or - for standard input')
    .option('-o, --out <file>', 'write the scenario there instead of to stdout')
    .option('--name <name>', 'name of the scenario; default that of the first path')
    .option('-R, --recursive', 'take the folders in folders too')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], options: ImportOptions) => {
      const files = readEcsFiles(await importedFiles(paths, options.recursive ?? false, terminal));
      if (files.workloads.length === 0) {
        throw inputFault(paths.join(' '), 'expected at least one task definition, found none');
      }
      const imported = ecsScenario(files, {
        name: options.name ?? nameOfImport(paths[0]!),
        origin: `Made by \`berth import ecs ${paths.join(' ')}\`.`,
      });
      checkText(imported.text, options.out ?? 'scenario.yaml');
      if (options.out === undefined) terminal.out(imported.text);
      else writeFileSync(options.out, imported.text);
      printEcsImport(files, imported, terminal);
    });
}

/** What is written must be a scenario; only `--name`, or an expression that was written wrong, can spoil it. */
function checkText(text: string, file: string): void {
  try {
    loadScenario(text, file);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const isTheirs = error.faults.every(
      ({ path }) => path === 'name' || path.includes('placementConstraints'),
    );
    if (isTheirs) throw error;
    assert(false, () => `an import wrote a scenario that is none: ${error.message}\n${text}`);
  }
}

function printEcsImport(
  { skipped, notes }: EcsFiles,
  { names, refused }: EcsScenario,
  terminal: Terminal,
): void {
  const say = (text: string) => terminal.err(text);
  say(`\nREAD ${names.length} services: ${names.join(', ')}\n`);
  if (refused.length > 0) {
    say('\nPLACED ON EC2, BECAUSE A LAUNCH TYPE CANNOT RUN IT\n');
    const rows = refused.map(({ name, launchType, reasons }) => [
      name,
      launchType,
      reasons.join('; '),
    ]);
    say(alignedTable(['service', 'launch type', 'why'], rows, 3));
  }
  if (skipped.length > 0) {
    say(`\nSKIPPED ${skipped.length} resources that make no tasks\n`);
    const types = [...new Set(skipped.map(({ type }) => type))];
    say(`${types.join(', ')}\n`);
  }
  if (notes.length > 0) {
    say('\nNOTES\n');
    for (const { file, line, message } of notes) say(`${file}:${line}: ${message}\n`);
  }
}
