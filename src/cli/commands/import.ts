/** `berth import KIND ...`: what others wrote, as a scenario. */

import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { addImportEcsCommand } from './import-ecs.ts';
import { addImportKubernetesCommand } from './import-kubernetes.ts';

const EXAMPLES = `
EXAMPLES
  $ berth import kubernetes k8s/ --out shop.yaml
  $ berth import ecs task-definition.json --out shop.yaml`;

export function addImportCommand(program: Command, terminal: Terminal): void {
  const importing = program
    .command('import')
    .summary('make a scenario of manifests or task definitions')
    .description('Makes a scenario of what others wrote.')
    .addHelpText('after', EXAMPLES);
  addImportKubernetesCommand(importing, terminal);
  addImportEcsCommand(importing, terminal);
}
