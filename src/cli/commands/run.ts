/** `berth run SCENARIO`: every variant with every seed. */

import type { Command } from 'commander';
import { addExperimentOptions, type ExperimentOptions } from '../experiment-options.ts';
import { expectationLines, meansTable, resultJson, whereLine } from '../print-result.ts';
import { runScenario } from '../run-scenario.ts';
import type { Terminal } from '../terminal.ts';

const EXAMPLES = `
EXAMPLES
  $ berth run scenarios/tutorial/1-one-queue.yaml
  $ berth run shop.yaml --seed 7 --replications 3 --out results/shop
  $ berth run shop.yaml --set workload.api.replicas=12 --set duration=6h
  $ berth run shop.yaml --policy my-policy.ts --record decisions
  $ berth run shop.yaml --format parquet`;

export function addRunCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  const command = program
    .command('run')
    .summary('run every variant of a scenario and write the output folder')
    .description(
      'Runs every variant with every seed, writes tables, charts and report.html, and prints one line a variant.',
    )
    .argument('<scenario>', 'a scenario file, or a folder with a scenario.yaml')
    .addHelpText('after', EXAMPLES)
    .action(async (scenario: string, options: ExperimentOptions) => {
      const run = await runScenario(scenario, options, terminal);
      exit(run.exitCode);
      if (options.json) return terminal.out(resultJson(run, false));
      if (run.manifest === undefined) return;
      terminal.out(meansTable(run.comparison));
      terminal.out(expectationLines(run.manifest.expectations, terminal));
      terminal.out(whereLine(run));
    });
  addExperimentOptions(command);
}
