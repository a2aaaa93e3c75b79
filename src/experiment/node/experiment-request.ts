/** What the command line asks for when it runs an experiment. */

import type { TableFormat } from '../../report/tables/table-format.ts';
import type { Experiment } from '../../scenario/experiment.ts';
import type { FileRecord } from '../manifest.ts';
import type { CellWatcher } from './cell-pool.ts';
import type { UserPolicies } from './user-policies.ts';

export interface ExperimentRequest {
  readonly experiment: Experiment;
  /** The scenario as the user names it. */
  readonly scenario: FileRecord;
  /** The value of BERTH_DATA. */
  readonly dataFolder: string | undefined;
  readonly outFolder: string;
  readonly workers: number;
  readonly format: TableFormat;
  readonly recordDecisions: boolean;
  readonly skipBadRows: boolean;
  readonly policies: UserPolicies;
  /** The command that writes the same tables again. */
  readonly rerun: string;
  /** The command that runs the replication of that seed alone. */
  readonly replay: (seed: string) => string;
  readonly signal: AbortSignal;
  readonly watcher: CellWatcher;
  /** Above so many rows the table of tasks is a sample; default 2 million. */
  readonly taskRowsMax?: number;
}
