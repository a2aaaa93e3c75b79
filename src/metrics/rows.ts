/**
 * The rows of the result tables: what a run hands to whoever writes or reads them. Times in microseconds, money in
 * micro-USD, prices in nano-USD; null where a value does not exist or is unknown. The columns, with their meaning and
 * units, are in `report/tables`.
 */

import type {
  Actor,
  BillItem,
  Decision,
  EndReason,
  PendingReason,
  TaskState,
  TerminationReason,
} from '../base/reasons.ts';
import type { WorkloadKind } from '../cluster/spec.ts';

/** Which run a row belongs to. */
export interface RunKey {
  readonly variant: string;
  readonly seed: string;
}

export interface SummaryRow {
  readonly variant: string;
  readonly seed: string;
  readonly tasksSubmitted: number;
  readonly tasksCompleted: number;
  readonly tasksFailed: number;
  readonly tasksCancelled: number;
  readonly tasksRunning: number;
  readonly tasksPending: number;
  readonly waitSecondsMean: number | null;
  readonly waitSecondsP50: number | null;
  readonly waitSecondsP95: number | null;
  readonly waitSecondsP99: number | null;
  readonly waitSecondsMax: number | null;
  readonly cpuUtilization: number | null;
  readonly memoryUtilization: number | null;
  readonly hostsPeak: number;
  readonly hostsLaunched: number;
  readonly hostHours: number;
  readonly interruptions: number;
  readonly evictions: number;
  readonly costMicroUsd: number | null;
  readonly costWindowMicroUsd: number | null;
  readonly events: number;
  readonly digest: string;
  readonly cpuUsed: number | null;
  readonly waitPendingTasks: number;
}

export interface TaskRow {
  readonly variant: string;
  readonly seed: string;
  readonly task: string;
  readonly workload: string;
  readonly kind: WorkloadKind;
  readonly orchestrator: string;
  readonly launchType: string;
  readonly zone: string;
  readonly host: string;
  readonly instanceType: string;
  readonly cpuMilli: number;
  readonly memoryBytes: number;
  readonly gpuMilli: number;
  readonly submittedUs: number;
  readonly placedUs: number | null;
  readonly pulledUs: number | null;
  readonly startedUs: number | null;
  readonly readyUs: number | null;
  readonly finishedUs: number | null;
  readonly waitUs: number | null;
  readonly state: TaskState;
  readonly origin: string;
  readonly attempts: number;
  readonly reason: PendingReason | EndReason | '';
}

export interface HostRow {
  readonly variant: string;
  readonly seed: string;
  readonly host: string;
  readonly instanceType: string;
  readonly capacityType: string;
  readonly zone: string;
  readonly requestedUs: number;
  readonly runningUs: number | null;
  readonly readyUs: number | null;
  readonly terminatedUs: number | null;
  readonly terminationReason: TerminationReason | '';
  readonly cpuMilli: number;
  readonly memoryBytes: number;
  readonly priceNanoUsdPerHour: number | null;
  readonly billedUs: number;
  readonly costMicroUsd: number | null;
  readonly cpuUtilization: number | null;
  readonly launchType: string;
  readonly pool: string;
}

export interface CostRow {
  readonly variant: string;
  readonly seed: string;
  readonly workload: string;
  readonly item: BillItem;
  readonly resource: string;
  readonly quantity: number;
  readonly unit: string;
  readonly priceNanoUsd: number | null;
  readonly costMicroUsd: number | null;
}

export interface TimeseriesRow {
  readonly variant: string;
  readonly seed: string;
  readonly timeUs: number;
  readonly pending: number;
  readonly running: number;
  readonly hosts: number;
  readonly cpuRequestedMilli: number;
  readonly cpuAllocatableMilli: number;
  readonly memoryRequestedBytes: number;
  readonly memoryAllocatableBytes: number;
  readonly costMicroUsd: number | null;
}

export interface DecisionRow {
  readonly variant: string;
  readonly seed: string;
  readonly timeUs: number;
  readonly actor: Actor;
  readonly subject: string;
  readonly decision: Decision;
  readonly reason: string;
}
