/**
 * One run of the whole loop, on the way that `berth run` takes: scenario text, assembly, run, tables; with metrics, digest,
 * auditors and cost on. Rows of tasks go to a sink that drops them; reading and writing files is left out.
 */

import { assemble } from '../../src/scenario/assemble.ts';
import { knownPolicies } from '../../src/scenario/registry.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { loopModel, loopScenario } from './loop-scenario.ts';
import { resultOf } from '../../src/experiment/run-cell.ts';
import type { LoopSize } from './loop-scenario.ts';
import type { SummaryRow, TaskRow } from '../../src/metrics/rows.ts';

export interface Loop {
  readonly size: LoopSize;
  readonly wallMs: number;
  /** User and system, the collector's threads among them, from assembly to the end of the run. */
  readonly processorMs: number;
  /** The tables after the run: they cost by hosts and workloads, not by tasks. */
  readonly tablesMs: number;
  readonly peakBytes: number;
  /** Highest share of the fleet's CPU and memory that was asked for at a sample. */
  readonly fill: number;
  readonly steps: number;
  readonly summary: SummaryRow;
}

const BYTES_PER_KIB = 1_024;
const US_PER_MS = 1_000;

/** `onRow` is given the rows of tasks, which go nowhere else. */
export function runLoop(size: LoopSize, onRow: (row: TaskRow) => void = () => {}): Loop {
  const text = loopScenario(size, loopModel(size));
  const { variants, seed } = loadScenario(text, 'loop.yaml', { knownPolicies: knownPolicies() });
  const variant = variants[0]!;
  const inputs = { traces: {}, hosts: {}, manifests: {}, nodePools: {} };
  const startMs = performance.now();
  const startUsage = process.cpuUsage();
  const assembly = assemble(variant, seed, inputs, {
    recordDecisions: false,
    ownPolicies: [],
    taskSink: { write: onRow },
  });
  assembly.simulation.begin();
  const end = assembly.simulation.run();
  const { user, system } = process.cpuUsage(startUsage);
  const endMs = performance.now();
  const result = resultOf(assembly, variant, seed, end);
  const all = process.cpuUsage(startUsage);
  return {
    size,
    wallMs: endMs - startMs,
    processorMs: (user + system) / US_PER_MS,
    tablesMs: (all.user + all.system - user - system) / US_PER_MS,
    peakBytes: process.resourceUsage().maxRSS * BYTES_PER_KIB,
    fill: result.timeseries.reduce((fill, sample) => {
      const cpu = sample.cpuRequestedMilli / sample.cpuAllocatableMilli;
      const memory = sample.memoryRequestedBytes / sample.memoryAllocatableBytes;
      return Math.max(fill, cpu, memory);
    }, 0),
    steps: result.stepCount,
    summary: result.summary,
  };
}
