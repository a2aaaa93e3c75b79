/** The unit of work of an experiment: one variant, one seed, from assembly to the rows of its tables. */

import { TASK_STATE } from '../cluster/tasks.ts';
import { TASK_STATES } from '../base/reasons.ts';
import { WORKLOAD_KINDS } from '../cluster/workloads.ts';
import { assemble } from '../scenario/assemble.ts';
import { billOf } from '../metrics/bill.ts';
import { costRowsOf, hostRowOf, hostsLaunched, taskRowOf } from '../metrics/tables.ts';
import { endReasons, terminationReasons } from '../base/reason-code.ts';
import { fargateRounding } from '../metrics/fargate-rounding.ts';
import { waitsOf } from '../metrics/waits.ts';
import type { Assembly } from '../scenario/assemble.ts';
import type { Bill } from '../metrics/bill.ts';
import type {
  CostRow,
  DecisionRow,
  HostRow,
  SummaryRow,
  TaskRow,
  TimeseriesRow,
} from '../metrics/rows.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { LoadedInputs } from '../scenario/inputs.ts';
import type { PolicyKind } from '../placement/policy.ts';
import type { ResolvedVariant } from '../scenario/experiment.ts';
import type { RunEnd } from '../simulation/setup.ts';
import type { RunKey } from '../metrics/tables.ts';

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');

export interface CellOptions {
  readonly recordDecisions: boolean;
  /** The user's own placement policies. */
  readonly policies: readonly PolicyKind[];
  /** Told now and then which fraction of the simulated time has passed. */
  readonly onProgress?: (fraction: number) => void;
}

export interface CellResult {
  readonly summary: SummaryRow;
  readonly tasks: TaskRow[];
  readonly hosts: HostRow[];
  readonly costs: CostRow[];
  readonly timeseries: TimeseriesRow[];
  readonly decisions: DecisionRow[];
  readonly assumptionsUsed: readonly string[];
  readonly ending: RunEnd['ending'];
  readonly explanation: string;
  readonly stepCount: number;
  readonly notes: readonly string[];
}

export function runCell(
  variant: ResolvedVariant,
  seed: string | number,
  inputs: LoadedInputs,
  options: CellOptions,
): CellResult {
  const assembly = assemble(variant, seed, inputs, {
    recordDecisions: options.recordDecisions,
    ownPolicies: options.policies,
  });
  assembly.simulation.begin();
  return resultOf(assembly, variant, seed, assembly.simulation.run(options.onProgress));
}

/** The tables of a run that has ended. */
export function resultOf(
  assembly: Assembly,
  variant: ResolvedVariant,
  seed: string | number,
  end: RunEnd,
): CellResult {
  const { simulation, cluster, leaving, samples, decisions, parameters } = assembly;
  const { warmupUs } = variant.scenario;
  const bill = billOf(
    cluster,
    assembly.shares,
    assembly.prices,
    cluster.clusterNames,
    warmupUs,
    end.endUs,
  );
  const key = { variant: variant.name, seed: String(seed) };
  return {
    summary: summaryOf(assembly, key, bill, warmupUs, end.endUs),
    tasks: leaving.all(cluster).map((task) => taskRowOf(cluster, key, task, end.endUs)),
    hosts: hostRows(cluster, key, bill, end.endUs),
    costs: costRowsOf(key, bill),
    timeseries: samples.all().map((sample) => ({ ...key, ...sample })),
    decisions: decisions?.all().map((decision) => ({ ...key, ...decision })) ?? [],
    assumptionsUsed: parameters.used(),
    ending: end.ending,
    explanation: end.explanation,
    stepCount: simulation.kernel.stepCount,
    notes: [...assembly.notes, ...fargateRounding(cluster), ...priceNotes(bill)],
  };
}

function hostRows(cluster: ClusterView, key: RunKey, bill: Bill, endUs: number): HostRow[] {
  return Array.from({ length: cluster.hosts.count }, (_, host) =>
    hostRowOf(cluster, key, host, bill, endUs),
  );
}

function summaryOf(
  { cluster, window, simulation }: Assembly,
  key: RunKey,
  bill: Bill,
  warmupUs: number,
  endUs: number,
): SummaryRow {
  const states = tasksByState(cluster);
  const submitted = states.reduce((sum, count) => sum + count, 0);
  const waits = waitsOf(cluster, warmupUs, endUs);
  return {
    ...key,
    tasksSubmitted: submitted,
    tasksCompleted: states[TASK_STATE.completed]!,
    tasksFailed: states[TASK_STATE.failed]!,
    tasksCancelled: states[TASK_STATE.cancelled]!,
    tasksRunning:
      states[TASK_STATE.placed]! + states[TASK_STATE.pulling]! + states[TASK_STATE.running]!,
    tasksPending: states[TASK_STATE.pending]!,
    waitSecondsMean: waits.meanSeconds,
    waitSecondsP50: waits.p50Seconds,
    waitSecondsP95: waits.p95Seconds,
    waitSecondsP99: waits.p99Seconds,
    waitSecondsMax: waits.maxSeconds,
    cpuUtilization: window.cpuUtilization,
    memoryUtilization: window.memoryUtilization,
    hostsPeak: window.hostsPeak,
    hostsLaunched: hostsLaunched(cluster),
    hostHours: window.hostHours,
    interruptions: interruptionsOf(cluster),
    evictions: evictionsOf(cluster),
    costMicroUsd: bill.totalMicroUsd,
    costWindowMicroUsd: bill.windowMicroUsd,
    events: simulation.digest.events,
    digest: simulation.digest.toString(),
    cpuUsed: window.cpuUsed,
    waitPendingTasks: waits.stillWaiting,
  };
}

/** How many tasks, daemons apart, are in each state. */
function tasksByState({ tasks, workloads }: ClusterView): readonly number[] {
  const counts = TASK_STATES.map(() => 0);
  for (let task = 0; task < tasks.count; task++) {
    if (workloads.kind[tasks.workload[task]!] !== DAEMON) counts[tasks.state[task]!]!++;
  }
  return counts;
}

/** Hosts, micro-VMs among them, that the provider took back. */
function interruptionsOf({ hosts }: ClusterView): number {
  const reclaimed = terminationReasons.codeOf('spot-interruption');
  let count = 0;
  for (let host = 0; host < hosts.count; host++) {
    if (hosts.terminationReason[host] === reclaimed) count++;
  }
  return count;
}

/** Tasks that had to leave their host although nobody wanted fewer of them. Daemons go with their host. */
function evictionsOf({ tasks, workloads }: ClusterView): number {
  const wished = [endReasons.codeOf('scaled-in'), endReasons.codeOf('unplaced')];
  let count = 0;
  for (let task = 0; task < tasks.count; task++) {
    if (workloads.kind[tasks.workload[task]!] === DAEMON) continue;
    if (tasks.state[task] !== TASK_STATE.cancelled) continue;
    if (!wished.includes(tasks.reason[task]!)) count++;
  }
  return count;
}

function priceNotes(bill: Bill): string[] {
  const unknown = new Set(
    bill.lines.filter((line) => line.costMicroUsd === null).map(({ item }) => item),
  );
  return [...unknown].map((item) => `no source states a price for ${item}: its cost is left empty`);
}
