/** What stays in memory of a finished cell: its tables lie on disk. Plain data, so that a thread can hand it over. */

import type { SummaryRow } from '../report/tables/summary.ts';

export interface CellOutcome {
  /** Place in the order of all cells. */
  readonly index: number;
  readonly summary: SummaryRow;
  readonly taskRows: number;
  readonly ending: 'duration' | 'finished' | 'stuck';
  /** When stuck: which task waits, and why nothing takes it. */
  readonly explanation: string;
  readonly stepCount: number;
  readonly notes: readonly string[];
  /** Names of the assumed parameters that it read. */
  readonly assumptionsUsed: readonly string[];
  /** Time on the wall, for performance.json only. */
  readonly wallMs: number;
}
