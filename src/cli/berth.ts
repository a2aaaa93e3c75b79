/** The command line as a whole: its commands, and what becomes of an error. */

import { Command, CommanderError } from 'commander';
import { InvariantError } from '../base/assert.ts';
import { faultToText, ScenarioError } from '../base/scenario-error.ts';
import { berthVersion } from '../experiment/node/versions.ts';
import { addCatalogCommand } from './commands/catalog.ts';
import { addCompareCommand } from './commands/compare.ts';
import { addImportCommand } from './commands/import.ts';
import { addReportCommand } from './commands/report.ts';
import { addRunCommand } from './commands/run.ts';
import { addSchemaCommand } from './commands/schema.ts';
import { addValidateCommand } from './commands/validate.ts';
import { EXIT } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

const EXAMPLES = `
EXAMPLES
  $ berth compare scenarios/standard/shop-on-every-launch-type.yaml
  $ berth run shop.yaml --replications 5 --set workload.api.replicas=12
  $ berth validate shop.yaml
  $ berth import kubernetes k8s/ --out shop.yaml
  $ berth catalog --family m6i --sort price

EXIT CODES
  0 all well; 1 an expectation does not hold; 2 the input or the command line is wrong;
  3 interrupted, what was finished is kept; 70 the program is wrong; 74 the output cannot be written`;

/** Runs one command line; the number is the exit code. */
export async function berth(args: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = EXIT.fine;
  const exit = (other: number) => void (code = other);
  const program = new Command('berth')
    .description(
      'Simulates container scheduling: what each way to run a workload costs and how long tasks wait.',
    )
    .version(berthVersion())
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .addHelpText('after', EXAMPLES);
  addRunCommand(program, terminal, exit);
  addCompareCommand(program, terminal, exit);
  addReportCommand(program, terminal);
  addValidateCommand(program, terminal, exit);
  addImportCommand(program, terminal);
  addSchemaCommand(program, terminal);
  addCatalogCommand(program, terminal);
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return codeOfError(error, terminal);
  }
}

function codeOfError(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.fine : EXIT.wrongInput; // The message has been written.
  }
  if (error instanceof ScenarioError) {
    for (const fault of error.faults) terminal.err(`${faultToText(fault)}\n`);
    return EXIT.wrongInput;
  }
  if (error instanceof InvariantError) {
    terminal.err(`Berth is wrong here, not the scenario: ${error.message}\n`);
    return EXIT.programWrong;
  }
  // Input files have been read by now, or are a fault of the scenario: what is left of the system is the output.
  if (error instanceof Error && 'syscall' in error) {
    terminal.err(`The output cannot be written: ${error.message}\n`);
    return EXIT.cannotWrite;
  }
  const text = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error);
  terminal.err(`Berth is wrong here, not the scenario: ${text}\n`);
  return EXIT.programWrong;
}
