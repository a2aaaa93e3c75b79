/** The unit of work of an experiment: one variant, one seed, from assembly to the rows of its tables. */

import { TASK_STATE } from '../cluster/tasks.ts';
import { US_PER_SECOND } from '../base/units.ts';
import { assemble } from '../scenario/assemble.ts';
import { billOf } from '../metrics/bill.ts';
import { hostRowOf, hostsLaunched } from '../metrics/tables.ts';
import { terminationReasons } from '../base/reason-code.ts';
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
import type { TaskSink } from '../metrics/task-sink.ts';
import type { RunKey } from '../metrics/rows.ts';

export interface CellOptions {
  readonly recordDecisions: boolean;
  /** The user's own placement policies. */
  readonly policies: readonly PolicyKind[];
  /** Takes the rows of tasks as they leave; without it they are kept in `CellResult.tasks`. */
  readonly taskSink?: TaskSink;
  /** Told now and then which fraction of the simulated time has passed. */
  readonly onProgress?: (fraction: number) => void;
}

export interface CellResult {
  readonly summary: SummaryRow;
  /** Empty when a sink took them. */
  readonly tasks: readonly TaskRow[];
  /** Made as they are read, and so are `costs`: a large fleet has more of them than memory should hold. */
  readonly hosts: Iterable<HostRow>;
  readonly costs: Iterable<CostRow>;
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
    ...(options.taskSink === undefined ? {} : { taskSink: options.taskSink }),
  });
  assembly.simulation.begin();
  const end = assembly.simulation.run(options.onProgress);
  return resultOf(assembly, variant, seed, end);
}

/** The tables of a run that has ended. */
export function resultOf(
  assembly: Assembly,
  variant: ResolvedVariant,
  seed: string | number,
  end: RunEnd,
): CellResult {
  const { simulation, cluster, rounding, samples, decisions, parameters } = assembly;
  const { warmupUs } = variant.scenario;
  const key = { variant: variant.name, seed: String(seed) };
  const bill = billOf(
    cluster,
    assembly.shares,
    assembly.prices,
    cluster.clusterNames,
    warmupUs,
    end.endUs,
    key,
  );
  return {
    summary: summaryOf(assembly, key, bill),
    tasks: assembly.kept?.rows ?? [],
    hosts: { [Symbol.iterator]: () => hostRows(cluster, key, bill, end.endUs) },
    costs: bill.rows,
    timeseries: samples.all().map((sample) => ({ ...key, ...sample })),
    decisions: decisions?.all().map((decision) => ({ ...key, ...decision })) ?? [],
    assumptionsUsed: parameters.used(),
    ending: end.ending,
    explanation: end.explanation,
    stepCount: simulation.kernel.stepCount,
    notes: [...assembly.notes, ...rounding.sentences(), ...priceNotes(bill)],
  };
}

function* hostRows(
  cluster: ClusterView,
  key: RunKey,
  bill: Bill,
  endUs: number,
): Generator<HostRow> {
  for (let host = 0; host < cluster.hosts.count; host++) {
    yield hostRowOf(cluster, key, host, bill, endUs);
  }
}

function summaryOf(
  { cluster, window, simulation, tally }: Assembly,
  key: RunKey,
  bill: Bill,
): SummaryRow {
  const { states, waits } = tally;
  return {
    ...key,
    tasksSubmitted: tally.submitted,
    tasksCompleted: states[TASK_STATE.completed]!,
    tasksFailed: states[TASK_STATE.failed]!,
    tasksCancelled: states[TASK_STATE.cancelled]!,
    tasksRunning:
      states[TASK_STATE.placed]! + states[TASK_STATE.pulling]! + states[TASK_STATE.running]!,
    tasksPending: states[TASK_STATE.pending]!,
    waitSecondsMean: seconds(waits.meanUs()),
    waitSecondsP50: seconds(waits.quantileUs(0.5)),
    waitSecondsP95: seconds(waits.quantileUs(0.95)),
    waitSecondsP99: seconds(waits.quantileUs(0.99)),
    waitSecondsMax: seconds(waits.quantileUs(1)),
    cpuUtilization: window.cpuUtilization,
    memoryUtilization: window.memoryUtilization,
    hostsPeak: window.hostsPeak,
    hostsLaunched: hostsLaunched(cluster),
    hostHours: window.hostHours,
    interruptions: interruptionsOf(cluster),
    evictions: tally.evictions,
    costMicroUsd: bill.totalMicroUsd,
    costWindowMicroUsd: bill.windowMicroUsd,
    events: simulation.digest.events,
    digest: simulation.digest.toString(),
    cpuUsed: window.cpuUsed,
    waitPendingTasks: tally.stillWaiting,
  };
}

function seconds(us: number | null): number | null {
  return us === null ? null : us / US_PER_SECOND;
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

function priceNotes(bill: Bill): string[] {
  return [...bill.unpriced].map(
    (item) => `no source states a price for ${item}: its cost is left empty`,
  );
}
