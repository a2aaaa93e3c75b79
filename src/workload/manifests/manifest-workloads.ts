/** What manifests ask for: workloads with a name of their own and what their controllers are told, and all that bears on them. */

import type {
  CronJobSpec,
  DaemonSetSpec,
  DeploymentSpec,
  DisruptionBudgetSpec,
  HorizontalAutoscalerSpec,
  JobSpec,
  ObjectName,
  ReplicaSetSpec,
  ScaledObjectSpec,
  ServiceSelector,
  StatefulSetSpec,
  VerticalAutoscalerSpec,
} from '../../cluster/controller-specs.ts';
import type { PodGroupSpec } from '../../cluster/pod-group-spec.ts';
import type { NodeSpec } from '../../cluster/node-spec.ts';
import type { TaskSpec } from '../../cluster/spec.ts';
import type { StorageSpecs } from '../../cluster/storage-specs.ts';
import type { HarmlessFields, UnreadField } from './unread-fields.ts';

/** The object that keeps the pods of a service. */
export type ServiceOwner =
  | ({ readonly kind: 'Deployment' } & DeploymentSpec)
  | ({ readonly kind: 'ReplicaSet' | 'ReplicationController' } & ReplicaSetSpec)
  | ({ readonly kind: 'StatefulSet' } & StatefulSetSpec)
  | ({ readonly kind: 'Pod' } & ObjectName);

export interface ManifestService extends ManifestProbes {
  /** Unique among all workloads. */
  readonly name: string;
  readonly spec: TaskSpec;
  readonly replicas: number;
  readonly owner: ServiceOwner;
}

export interface ContainerProbe {
  readonly initialDelayUs: number;
  readonly periodUs: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
  readonly timeoutUs: number;
}

/** What finds out how its pods are; absent for nobody. */
export interface ManifestProbes {
  readonly probes?: {
    readonly readiness?: ContainerProbe;
    readonly liveness?: ContainerProbe;
    readonly startup?: ContainerProbe;
  };
}

export interface ManifestJob extends ManifestProbes {
  readonly name: string;
  readonly spec: TaskSpec;
  /** Of a work queue: as many as workers. */
  readonly completions: number;
  /** At most `completions`. */
  readonly parallelism: number;
  readonly atUs: number;
  readonly durationUs: number;
  /** Absent for a bare pod that runs once. */
  readonly job?: JobSpec;
}

export interface ManifestCronJob extends ManifestProbes {
  readonly name: string;
  readonly spec: TaskSpec;
  readonly durationUs: number;
  readonly cronJob: CronJobSpec;
}

export interface ManifestDaemon extends ManifestProbes {
  readonly name: string;
  readonly spec: TaskSpec;
  readonly daemonSet: DaemonSetSpec;
}

/** An object that brings no tasks, and why. */
export interface SkippedObject {
  readonly kind: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** Something that was read otherwise than a cluster would; line 0 when it concerns no single object. */
export interface ManifestNote {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** An object that was read, for a list of what a set of files holds. */
export interface ReadObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface ManifestWorkloads {
  readonly services: readonly ManifestService[];
  readonly jobs: readonly ManifestJob[];
  readonly cronJobs: readonly ManifestCronJob[];
  readonly daemons: readonly ManifestDaemon[];
  readonly budgets: readonly DisruptionBudgetSpec[];
  readonly horizontalAutoscalers: readonly HorizontalAutoscalerSpec[];
  readonly verticalAutoscalers: readonly VerticalAutoscalerSpec[];
  readonly scaledObjects: readonly ScaledObjectSpec[];
  /** Services of Kubernetes that select pods, for default spreading. */
  readonly serviceSelectors: readonly ServiceSelector[];
  /** Labels of namespaces; one that no object defines has its name as its only label. */
  readonly namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly nodes: readonly NodeSpec[];
  /** Of the Coscheduling plugin. */
  readonly podGroups: readonly PodGroupSpec[];
  readonly storage: StorageSpecs;
  /** Objects of kinds that are read, in the order of the files. */
  readonly read: readonly ReadObject[];
  readonly skipped: readonly SkippedObject[];
  readonly notes: readonly ManifestNote[];
  /** Fields that would change a decision and are not read. */
  readonly unread: readonly UnreadField[];
  readonly harmless: readonly HarmlessFields[];
}
