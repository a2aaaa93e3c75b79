/**
 * Hosts as columns: EC2 instances, Fargate micro-VMs, external machines. Written by the ledger alone.
 *
 * `capacity` is physical; `allocatable` is what the orchestrator may hand out (set when the host is added);
 * `free` = allocatable - what is bound. GPU columns hold GPUS_PER_HOST_MAX devices a row.
 */

import { ColumnTable } from '../base/columns.ts';

export const HOST_STATE = {
  /** Asked for; nothing is billed yet. */
  launching: 0,
  /** The machine runs and is billed, its agent has not registered. */
  running: 1,
  /** Takes tasks. */
  ready: 2,
  /** Takes no new tasks and is being emptied. */
  draining: 3,
  /** Asked to end; billing has stopped. */
  terminating: 4,
  terminated: 5,
} as const;

export const LAUNCH_TYPE = { ec2: 0, fargate: 1, external: 2 } as const;
export const LAUNCH_TYPES = ['ec2', 'fargate', 'external'] as const;
export const CAPACITY_TYPE = { onDemand: 0, spot: 1, reserved: 2, none: 3 } as const;
export const CAPACITY_TYPES = ['on-demand', 'spot', 'reserved', ''] as const;

/** Bits of `down`: why a machine does not answer. One that is only cut off runs on. */
export const DOWN = { failed: 1, zoneOut: 2, cutOff: 4 } as const;

export const GPUS_PER_HOST_MAX = 16;

/** A time that has not come, in a time column. */
export const NOT_YET = -1;

export const NO_ROW = -1;

/** What a new host is; everything that does not change while it lives. */
export interface HostDescription {
  readonly name: string;
  readonly cluster: number;
  readonly pool: number;
  readonly zone: number;
  /** Name in the instance catalogue; '' for external hosts; `fargate` sizes as `0.5vcpu-1gib`. */
  readonly instanceType: string;
  readonly launchType: number;
  readonly capacityType: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly import('./spec.ts').Taint[];
  readonly cpuCapacityTicks: number;
  readonly memoryCapacityBytes: number;
  readonly cpuAllocatableTicks: number;
  readonly memoryAllocatableBytes: number;
  /** Tasks that fit by number alone: pods of a node, ENI slots of a container instance. */
  readonly slots: number;
  readonly gpuCount: number;
  /** Integer nano-USD an hour, or NaN when the price is unknown. */
  readonly priceNanoUsdPerHour: number;
}

export class HostColumns extends ColumnTable {
  state = new Uint8Array(64);
  cluster = new Int32Array(64);
  pool = new Int32Array(64);
  zone = new Int32Array(64);
  launchType = new Uint8Array(64);
  capacityType = new Uint8Array(64);
  /** Number within its pool, in order of launch. */
  ordinal = new Int32Array(64);
  /** Row of the interned labels and taints: hosts of one kind share it. */
  kind = new Int32Array(64);

  cpuCapacity = new Float64Array(64);
  memoryCapacity = new Float64Array(64);
  cpuAllocatable = new Float64Array(64);
  memoryAllocatable = new Float64Array(64);
  slotsAllocatable = new Int32Array(64);
  gpuCount = new Int32Array(64);

  cpuFree = new Float64Array(64);
  memoryFree = new Float64Array(64);
  slotsFree = new Int32Array(64);
  /** Milli-GPU free on each device. */
  gpuFree = new Int32Array(64 * GPUS_PER_HOST_MAX);

  /** Bound tasks, daemons apart: a host whose `taskCount` is 0 is empty for every autoscaler. */
  taskCount = new Int32Array(64);
  daemonCount = new Int32Array(64);
  /** Head of the list of bound tasks (`tasks.nextOnHost`), NO_ROW at its end. */
  firstTask = new Int32Array(64);

  requestedUs = new Float64Array(64);
  runningUs = new Float64Array(64);
  readyUs = new Float64Array(64);
  terminatedUs = new Float64Array(64);
  /** Time at which the last task other than a daemon was bound or released. */
  lastTaskEventUs = new Float64Array(64);
  terminationReason = new Uint8Array(64);
  priceNanoUsdPerHour = new Float64Array(64);
  /** Integral of bound CPU over time, ticks x us, up to the last bind or release. */
  cpuBoundTickUs = new Float64Array(64);
  /** Time up to which `cpuBoundTickUs` is accounted. */
  accountedUs = new Float64Array(64);
  /** Pending calendar entry of the host's own life. */
  nextEvent = new Float64Array(64);
  /** Second pending entry: the spot market's. */
  reclaimEvent = new Float64Array(64);
  /** Third pending entry: of failing or of coming back. */
  failureEvent = new Float64Array(64);
  /** 0 while the machine is well, else bits of DOWN. What the orchestrator knows of it is in the taints. */
  down = new Uint8Array(64);
  /** Failures of its own so far. */
  failures = new Int32Array(64);

  /** Adds a zeroed row. */
  add(): number {
    return this.addRow();
  }
}
