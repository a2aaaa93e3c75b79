/** `berth schema`: the JSON Schema of a scenario file, for editors. */

import type { Command } from 'commander';
import { scenarioJsonSchema } from '../../scenario/json-schema.ts';
import type { Terminal } from '../terminal.ts';

const EXAMPLES = `
EXAMPLES
  $ berth schema > berth.schema.json
  and as the first line of a scenario, for editors with a YAML language server:
  # yaml-language-server: $schema=berth.schema.json`;

export function addSchemaCommand(program: Command, terminal: Terminal): void {
  program
    .command('schema')
    .summary('print the JSON Schema of a scenario file')
    .description(
      'Prints the JSON Schema (draft 7) of a scenario file, for completion and checks in an editor.',
    )
    .addHelpText('after', EXAMPLES)
    .action(() => terminal.out(`${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`));
}
