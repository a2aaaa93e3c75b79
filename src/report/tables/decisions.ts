/** `decisions.csv`: what was decided and why, written when the run was asked to record it. */

import type { DecisionRow } from '../../metrics/rows.ts';
import { columnsOf, type Table } from './table.ts';

export type { DecisionRow };

const { text, seconds } = columnsOf<DecisionRow>();

export const DECISIONS_TABLE: Table<DecisionRow> = {
  name: 'decisions',
  rowPer: 'decision',
  columns: [
    text('variant', 'variant', 'name of the variant in the scenario'),
    text('seed', 'seed', 'seed of the replication'),
    seconds('time_s', 'timeUs', 'simulated time at which the decision was made'),
    text('actor', 'actor', 'who decided'),
    text('subject', 'subject', 'the task, host, pool or workload that it is about'),
    text('decision', 'decision', 'what was decided'),
    text('reason', 'reason', 'why, with numbers: begins with a word of the closed lists'),
  ],
};
