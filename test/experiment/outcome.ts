/** Finished cells for tests: nothing happened in them but what the test says. */

import type { CellOutcome } from '../../src/experiment/cell-outcome.ts';
import type { SummaryRow } from '../../src/metrics/rows.ts';

export function outcome(
  variant: string,
  seed: string,
  parts: Partial<CellOutcome> = {},
  summary: Partial<SummaryRow> = {},
): CellOutcome {
  return {
    index: 0,
    summary: { ...emptySummary(variant, seed), ...summary },
    taskRows: 0,
    ending: 'duration',
    explanation: '',
    stepCount: 1,
    notes: [],
    assumptionsUsed: [],
    wallMs: 1,
    ...parts,
  };
}

function emptySummary(variant: string, seed: string): SummaryRow {
  return {
    variant,
    seed,
    tasksSubmitted: 0,
    tasksCompleted: 0,
    tasksFailed: 0,
    tasksCancelled: 0,
    tasksRunning: 0,
    tasksPending: 0,
    waitSecondsMean: null,
    waitSecondsP50: null,
    waitSecondsP95: null,
    waitSecondsP99: null,
    waitSecondsMax: null,
    cpuUtilization: null,
    memoryUtilization: null,
    hostsPeak: 0,
    hostsLaunched: 0,
    hostHours: 0,
    interruptions: 0,
    evictions: 0,
    costMicroUsd: 0,
    costWindowMicroUsd: 0,
    events: 0,
    digest: '',
    cpuUsed: null,
    waitPendingTasks: 0,
  };
}
