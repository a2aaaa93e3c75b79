/** What the command line asks for when it runs an experiment. */

import type { PolicyKind } from '../../placement/policy.ts';
import type { Experiment } from '../../scenario/experiment.ts';
import type { FileRecord } from '../manifest.ts';
import type { CellWatcher } from './cell-pool.ts';

/** Policies from files of the user. */
export interface UserPolicies {
  readonly kinds: readonly PolicyKind[];
  readonly files: readonly (FileRecord & { readonly names: readonly string[] })[];
  /** Where the files lie, absolute. */
  readonly paths: readonly string[];
}

export interface ExperimentRequest {
  readonly experiment: Experiment;
  /** The scenario as the user names it. */
  readonly scenario: FileRecord;
  /** The value of BERTH_DATA. */
  readonly dataFolder: string | undefined;
  readonly outFolder: string;
  readonly workers: number;
  readonly recordDecisions: boolean;
  readonly skipBadRows: boolean;
  readonly policies: UserPolicies;
  /** The command that writes the same tables again. */
  readonly rerun: string;
  /** The command that runs the replication of that seed alone. */
  readonly replay: (seed: string) => string;
  readonly signal: AbortSignal;
  readonly watcher: CellWatcher;
  /** Above so many rows tasks.csv is a sample; default 2 million. */
  readonly taskRowsMax?: number;
}
