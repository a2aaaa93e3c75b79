/** `berth report OUT`: charts and page again, from the tables. */

import { join } from 'node:path';
import type { Command } from 'commander';
import { redrawReport } from '../../experiment/node/redraw-report.ts';
import type { Terminal } from '../terminal.ts';

const EXAMPLES = `
EXAMPLES
  $ berth report out/shop`;

export function addReportCommand(program: Command, terminal: Terminal): void {
  program
    .command('report')
    .summary('draw the charts and report.html of an output folder again')
    .description(
      'Draws charts/ and report.html again from the tables and the manifest of an output folder.',
    )
    .argument('<out>', 'a folder that `berth run` or `berth compare` wrote')
    .addHelpText('after', EXAMPLES)
    .action(async (out: string) => {
      await redrawReport(out);
      terminal.out(`${join(out, 'report.html')}\n`);
    });
}
