/** `performance.json`: how long it took and where. The only file that may differ between two runs. */

import { cpus, totalmem } from 'node:os';
import type { CellOutcome } from '../cell-outcome.ts';

const MS_PER_SECOND = 1_000;
const BYTES_PER_KIB = 1_024;

export function performanceRecord(
  outcomes: readonly CellOutcome[],
  workers: number,
  wallMs: number,
): string {
  const engine = process.versions['deno'] === undefined ? 'node' : 'deno';
  const record = {
    wall_s: seconds(wallMs),
    peak_memory_bytes: process.resourceUsage().maxRSS * BYTES_PER_KIB,
    workers,
    engine: `${engine} ${process.versions[engine]}`,
    platform: `${process.platform} ${process.arch}`,
    cpu_model: cpus()[0]?.model ?? '',
    cpu_count: cpus().length,
    memory_bytes: totalmem(),
    runs: outcomes.map(({ summary, stepCount, wallMs: ownMs }) => ({
      variant: summary.variant,
      seed: summary.seed,
      wall_s: seconds(ownMs),
      events: summary.events,
      steps: stepCount,
      steps_per_s: Math.round(stepCount / (ownMs / MS_PER_SECOND)),
    })),
  };
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

function seconds(ms: number): number {
  return Math.round(ms) / MS_PER_SECOND;
}
