/**
 * What a task asks for, as plain data shared by every layer above: workload readers write specs, orchestrators
 * read them, the cluster interns them so that equal tasks share one template row.
 */

import type { PodTemplate } from './pod-template.ts';

/** Where a task comes from. Daemons run once on every host and are left out of waiting times. */
export type WorkloadKind = 'service' | 'job' | 'trace' | 'daemon';

/** One condition on a host label. `In`/`NotIn` look at `values`, the others only at the presence of the key. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values: readonly string[];
}

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** Matches a taint when key, value and effect agree; an empty key or effect matches all (kubernetes.md 1.8). */
export interface Toleration {
  readonly key: string;
  readonly operator: 'Equal' | 'Exists';
  readonly value: string;
  readonly effect: '' | Taint['effect'];
  /** How long a NoExecute taint is tolerated; absent for ever. */
  readonly seconds?: number;
}

/** A pod topology spread constraint of the owning workload. */
export interface SpreadConstraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway';
}

/**
 * CPU that a task uses while it runs, piecewise constant (design: usage over time).
 * A service task uses `baselineTicks` + its share of the request rate x `ticksPerRequestPerSecond`,
 * a job a fraction of its request. `limitTicks` caps either; Infinity means no cap.
 */
export interface UsageSpec {
  readonly baselineTicks: number;
  /** Ticks in use per request/s of load: 5 ms of one core per request = 0.005 cores = 640 ticks. */
  readonly ticksPerRequestPerSecond: number;
  /** Fraction of the CPU request in use, for tasks that serve no traffic. */
  readonly fractionOfRequest: number;
  readonly limitTicks: number;
  /** Ticks in use while a replica starts; absent where starting takes no CPU worth telling. */
  readonly startupTicks?: number;
}

/** Tasks that come together, and where the cluster schedules gangs, `minimum` of them must find a host at once. */
export interface Gang {
  readonly tasks: number;
  readonly minimum: number;
}

export interface TaskSpec {
  readonly workload: string;
  readonly kind: WorkloadKind;
  /** Integer ticks of 1/128,000 core. */
  readonly cpuTicks: number;
  readonly memoryBytes: number;
  /** Number of GPU devices; 0 for none. */
  readonly gpuCount: number;
  /** Milli-GPU asked of each device: 1000 takes devices whole, less shares one device. */
  readonly gpuMilli: number;
  /** Name of the image in the scenario's `images`, or '' when nothing has to be pulled. */
  readonly image: string;
  readonly priority: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Every requirement must hold. */
  readonly requirements: readonly LabelRequirement[];
  readonly tolerations: readonly Toleration[];
  readonly spread: readonly SpreadConstraint[];
  readonly usage: UsageSpec;
  /**
   * True for a size that was written for Fargate (an imported task definition): it must match a row of the size
   * table. A generic size is rounded up instead.
   */
  readonly fargateExact: boolean;
  /** Absent for tasks that come one by one. */
  readonly gang?: Gang;
  /** What only Kubernetes reads; absent for a pod that states nothing of it. */
  readonly pod?: PodTemplate;
}

/** A spec with every optional part at its neutral value; readers override what their format states. */
export function plainTaskSpec(
  workload: string,
  kind: WorkloadKind,
  cpuTicks: number,
  memoryBytes: number,
): TaskSpec {
  return {
    workload,
    kind,
    cpuTicks,
    memoryBytes,
    gpuCount: 0,
    gpuMilli: 0,
    image: '',
    priority: 0,
    labels: {},
    nodeSelector: {},
    requirements: [],
    tolerations: [],
    spread: [],
    usage: {
      baselineTicks: 0,
      ticksPerRequestPerSecond: 0,
      fractionOfRequest: 1,
      limitTicks: Infinity,
    },
    fargateExact: false,
  };
}

/**
 * Tasks read from a trace, as columns in order of submission (ties keep the order of the file).
 * Row i was submitted at `submittedUs[i]` and asks for `specs[specOf[i]]`.
 */
export interface TaskTrace {
  readonly specs: readonly TaskSpec[];
  readonly specOf: Int32Array;
  readonly submittedUs: Float64Array;
  /** Run time once started; Infinity when the trace gives no end: the task then runs to the end of the run. */
  readonly durationUs: Float64Array;
  /** Names from the file, or empty when rows are numbered. */
  readonly names: readonly string[];
}

/** Hosts read from a file (for example the openb node list). */
export interface HostShape {
  readonly name: string;
  readonly cpuTicks: number;
  readonly memoryBytes: number;
  readonly gpuCount: number;
  readonly gpuModel: string;
  /** What a Node object says of it; where it is absent the orchestrator's own rules do. */
  readonly node?: {
    readonly labels: Readonly<Record<string, string>>;
    readonly taints: readonly Taint[];
    /** Allocatable. */
    readonly cpuTicks: number;
    readonly memoryBytes: number;
    readonly pods: number;
  };
}
