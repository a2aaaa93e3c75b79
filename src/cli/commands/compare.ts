/** `berth compare SCENARIO`: the same runs, and each variant against the baseline, seed by seed. */

import type { Command } from 'commander';
import { answerOf } from '../../report/answer.ts';
import type { Metric } from '../../report/comparison.ts';
import { reportFactsOf } from '../../experiment/manifest.ts';
import { overviewText } from '../../report/overview.ts';
import { numberText } from '../../report/readable.ts';
import type { ComparisonRow } from '../../report/tables/comparison.ts';
import { alignedTable } from '../aligned-table.ts';
import { addExperimentOptions, type ExperimentOptions } from '../experiment-options.ts';
import { expectationLines, resultJson, whereLine } from '../print-result.ts';
import { runScenario } from '../run-scenario.ts';
import type { Terminal } from '../terminal.ts';

const EXAMPLES = `
EXAMPLES
  $ berth compare scenarios/standard/shop-on-every-launch-type.yaml
  $ berth compare shop.yaml --replications 20 --set baseline=eks-karpenter
  $ berth compare shop.yaml --json > shop.json`;

const PAIRED: readonly Metric[] = [
  'cost_usd_window',
  'wait_s_mean',
  'wait_s_p95',
  'cpu_utilization',
  'tasks_completed',
];

export function addCompareCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  const command = program
    .command('compare')
    .summary('run a scenario and compare its variants with the baseline')
    .description(
      'Runs a scenario as `berth run` does and prints how each variant differs from the baseline, with 95 % intervals of the differences paired by seed.',
    )
    .argument('<scenario>', 'a scenario file, or a folder with a scenario.yaml')
    .addHelpText('after', EXAMPLES)
    .action(async (scenario: string, options: ExperimentOptions) => {
      const run = await runScenario(scenario, options, terminal);
      exit(run.exitCode);
      if (options.json) return terminal.out(resultJson(run, true));
      const { manifest, comparison } = run;
      if (manifest === undefined) return;
      terminal.out(`${answerOf(comparison, reportFactsOf(manifest).expectations)}\n\n`);
      terminal.out(overviewText(comparison));
      terminal.out(pairedTable(comparison));
      terminal.out(expectationLines(manifest.expectations, terminal));
      terminal.out(whereLine(run));
    });
  addExperimentOptions(command);
}

/** Differences to the baseline, seed by seed; nothing when there is one variant only. */
function pairedTable(comparison: readonly ComparisonRow[]): string {
  const rows = PAIRED.flatMap((metric) =>
    comparison
      .filter((row) => row.metric === metric && row.variant !== row.baseline)
      .map((row) => [
        metric,
        row.variant,
        numberText(row.mean),
        row.difference === null ? 'unknown' : numberText(row.difference),
        row.differenceCiLow === null ? '' : numberText(row.differenceCiLow),
        row.differenceCiHigh === null ? '' : numberText(row.differenceCiHigh),
      ]),
  );
  if (rows.length === 0) return '';
  const against = `minus ${comparison[0]!.baseline}`;
  return `\n${alignedTable(['metric', 'variant', 'mean', against, '95 % from', 'to'], rows, 2)}`;
}
