/**
 * What the objects of Kubernetes that own, disturb or scale pods ask for: plain data, as the API server would hand it over
 * after defaulting. Manifest readers write it; workload controllers and autoscalers read it.
 *
 * Units      times in integer microseconds (Infinity: never), amounts of metrics in thousandths, memory of claims in bytes.
 * Names      objects refer to each other by kind, namespace and name (ObjectName).
 * Source     kubernetes.md 3.1 to 3.7, 4.1 to 4.3; the API's own defaults.
 */

import type { Amounts, ClaimTemplate, LabelSelector } from './pod-template.ts';
import type { TaskSpec } from './spec.ts';

export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

/** The controller that an autoscaler moves. */
export interface TargetRef extends ObjectName {
  readonly kind: string;
}

/** A number of pods, or a percentage of them whose rounding is its reader's matter. */
export type CountOrPercent = { readonly count: number } | { readonly percent: number };

interface PodOwner extends ObjectName {
  /** What its pods ask for. `template.kind` is `job` for pods that end, else `service` or `daemon`. */
  readonly template: TaskSpec;
  /** How long a pod must be ready to count as available. */
  readonly minReadyUs: number;
}

export interface DeploymentSpec extends PodOwner {
  readonly replicas: number;
  readonly selector: LabelSelector;
  readonly strategy: 'RollingUpdate' | 'Recreate';
  /** 25 % each by default; of RollingUpdate alone. */
  readonly maxSurge: CountOrPercent;
  readonly maxUnavailable: CountOrPercent;
  readonly isPaused: boolean;
  readonly revisionHistoryLimit: number;
  readonly progressDeadlineUs: number;
}

/** A ReplicaSet or ReplicationController that no Deployment owns. */
export interface ReplicaSetSpec extends PodOwner {
  readonly replicas: number;
  readonly selector: LabelSelector;
}

export interface StatefulSetSpec extends PodOwner {
  readonly replicas: number;
  readonly selector: LabelSelector;
  readonly podManagement: 'OrderedReady' | 'Parallel';
  readonly update: 'RollingUpdate' | 'OnDelete';
  /** Pods with a lower ordinal keep the old revision. */
  readonly partition: number;
  /** 1 by default; more only matters where its feature gate is on (kubernetes.md 3.3). */
  readonly maxUnavailable: CountOrPercent;
  readonly firstOrdinal: number;
  /** Claims that each of its pods gets, `NAME-SET-ORDINAL`. */
  readonly claimTemplates: readonly ClaimTemplate[];
  /** What becomes of claims when the set is deleted or shrinks. */
  readonly claimsWhenDeleted: 'Retain' | 'Delete';
  readonly claimsWhenScaled: 'Retain' | 'Delete';
}

export interface DaemonSetSpec extends PodOwner {
  readonly selector: LabelSelector;
  readonly update: 'RollingUpdate' | 'OnDelete';
  /** 1 by default. */
  readonly maxUnavailable: CountOrPercent;
  /** 0 by default. */
  readonly maxSurge: CountOrPercent;
}

/** One condition on a failed pod, or on an exit code of it. */
export type PodFailureTest =
  | {
      readonly kind: 'exit-codes';
      /** '' for every container. */
      readonly container: string;
      readonly operator: 'In' | 'NotIn';
      readonly codes: readonly number[];
    }
  | { readonly kind: 'condition'; readonly type: string; readonly status: string };

export interface PodFailureRule {
  readonly action: 'FailJob' | 'FailIndex' | 'Ignore' | 'Count';
  /** Any of them. */
  readonly tests: readonly PodFailureTest[];
}

export interface SuccessRule {
  /** Such as `0,2-4`; absent for every index. */
  readonly succeededIndexes?: string;
  readonly succeededCount?: number;
}

export interface JobSpec extends ObjectName {
  readonly template: TaskSpec;
  readonly parallelism: number;
  /** Absent for a work queue: done when a pod succeeded and none is left. */
  readonly completions?: number;
  readonly completionMode: 'NonIndexed' | 'Indexed';
  /** 6 by default, 2^31 - 1 where a limit for each index is stated. */
  readonly backoffLimit: number;
  readonly backoffLimitPerIndex?: number;
  readonly maxFailedIndexes?: number;
  readonly activeDeadlineUs: number;
  readonly ttlAfterFinishedUs: number;
  readonly isSuspended: boolean;
  readonly podReplacement: 'TerminatingOrFailed' | 'Failed';
  readonly podFailureRules: readonly PodFailureRule[];
  readonly successRules: readonly SuccessRule[];
}

export interface CronJobSpec extends ObjectName {
  /** Five fields or a macro such as `@daily`, as written. */
  readonly schedule: string;
  /** '' for that of the controller, UTC here. */
  readonly timeZone: string;
  readonly startingDeadlineUs: number;
  readonly concurrency: 'Allow' | 'Forbid' | 'Replace';
  readonly isSuspended: boolean;
  readonly succeededHistoryLimit: number;
  readonly failedHistoryLimit: number;
  /** Its name is that of the CronJob. */
  readonly job: JobSpec;
}

/** A PodDisruptionBudget; one of the two amounts, or neither: then nothing is kept available. */
export interface DisruptionBudgetSpec extends ObjectName {
  /** Absent matches no pod, an empty one every pod of the namespace. */
  readonly selector?: LabelSelector;
  readonly minAvailable?: CountOrPercent;
  readonly maxUnavailable?: CountOrPercent;
  readonly unhealthyPodEviction: 'IfHealthyBudget' | 'AlwaysAllow';
}

/** `percent` of the request, `milliAverage` thousandths a pod, `milliValue` thousandths as a whole. */
export type MetricTarget =
  | { readonly kind: 'utilization'; readonly percent: number }
  | { readonly kind: 'average-value'; readonly milliAverage: number }
  | { readonly kind: 'value'; readonly milliValue: number };

export type MetricSpec =
  | {
      readonly kind: 'resource';
      readonly resource: string;
      /** Of this container alone (ContainerResource). */
      readonly container?: string;
      readonly target: MetricTarget;
    }
  | { readonly kind: 'pods'; readonly metric: MetricName; readonly target: MetricTarget }
  | {
      readonly kind: 'object';
      readonly metric: MetricName;
      readonly object: TargetRef;
      readonly target: MetricTarget;
    }
  | { readonly kind: 'external'; readonly metric: MetricName; readonly target: MetricTarget };

export interface MetricName {
  readonly name: string;
  readonly selector?: LabelSelector;
}

export interface ScalingPolicy {
  readonly kind: 'Pods' | 'Percent';
  readonly value: number;
  readonly periodUs: number;
}

export interface ScalingRules {
  readonly stabilizationUs: number;
  readonly selectPolicy: 'Max' | 'Min' | 'Disabled';
  readonly policies: readonly ScalingPolicy[];
  /** A fraction; absent for the controller's own, 0.1. */
  readonly tolerance?: number;
}

export interface ScalingBehavior {
  readonly scaleUp: ScalingRules;
  readonly scaleDown: ScalingRules;
}

/** A HorizontalPodAutoscaler of any API version. */
export interface HorizontalAutoscalerSpec extends ObjectName {
  readonly target: TargetRef;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** CPU at 80 % of the request by default. */
  readonly metrics: readonly MetricSpec[];
  /** Absent where the object states none of it: another rule limits the steps then (kubernetes.md 4.1). */
  readonly behavior?: ScalingBehavior;
}

export interface ContainerScalingPolicy {
  /** '*' for every container without a policy of its own. */
  readonly container: string;
  readonly mode: 'Auto' | 'Off';
  readonly minAllowed: Amounts;
  readonly maxAllowed: Amounts;
  readonly controlledResources: readonly string[];
  readonly controlledValues: 'RequestsAndLimits' | 'RequestsOnly';
}

export interface EvictionRequirement {
  readonly resources: readonly string[];
  readonly change: 'TargetHigherThanRequests' | 'TargetLowerThanRequests';
}

export interface VerticalAutoscalerSpec extends ObjectName {
  readonly target: TargetRef;
  /** `Auto` is read as the `Recreate` that it means. */
  readonly updateMode: 'Off' | 'Initial' | 'Recreate' | 'InPlaceOrRecreate';
  /** Absent for the updater's own, 2. */
  readonly minReplicas?: number;
  readonly containerPolicies: readonly ContainerScalingPolicy[];
  readonly evictionRequirements: readonly EvictionRequirement[];
}

export interface ScaledObjectTrigger {
  readonly type: string;
  readonly name: string;
  readonly metricType: 'AverageValue' | 'Value' | 'Utilization';
  readonly useCachedMetrics: boolean;
  /** What the scaler reads, as texts: threshold, activation threshold, start and end of a cron window ... */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A ScaledObject of KEDA. */
export interface ScaledObjectSpec extends ObjectName {
  readonly target: TargetRef;
  readonly pollingUs: number;
  readonly cooldownUs: number;
  readonly initialCooldownUs: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly idleReplicas?: number;
  /** By the annotation `autoscaling.keda.sh/paused-replicas`; `paused` alone keeps the number at which it is. */
  readonly pausedReplicas?: number;
  readonly isPaused: boolean;
  readonly fallback?: { readonly failureThreshold: number; readonly replicas: number };
  readonly triggers: readonly ScaledObjectTrigger[];
  readonly behavior?: ScalingBehavior;
}

/** The pods that a Service selects, for default spreading (kubernetes.md 1.9). */
export interface ServiceSelector extends ObjectName {
  readonly labels: Readonly<Record<string, string>>;
}
