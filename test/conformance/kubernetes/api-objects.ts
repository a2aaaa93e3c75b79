/**
 * Objects of the Kubernetes API as the generators write them: the API's own JSON, and of it only what they use.
 */

export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

export type Labels = Readonly<Record<string, string>>;

export type Resources = Readonly<Record<string, string>>;

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly ownerReferences?: readonly Json[];
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly restartPolicy?: string;
  readonly ports?: readonly Json[];
  readonly resources?: { readonly requests?: Resources; readonly limits?: Resources };
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly resources?: { readonly requests?: Resources; readonly limits?: Resources };
  readonly overhead?: Resources;
  readonly runtimeClassName?: string;
  readonly nodeName?: string;
  readonly nodeSelector?: Labels;
  readonly affinity?: { readonly [key: string]: Json };
  readonly tolerations?: readonly Json[];
  readonly topologySpreadConstraints?: readonly Json[];
  readonly priority?: number;
  readonly preemptionPolicy?: string;
  readonly volumes?: readonly Json[];
}

export interface Pod {
  readonly metadata: ObjectMeta;
  readonly spec: PodSpec;
  readonly status?: {
    readonly phase?: string;
    readonly startTime?: string;
    readonly nominatedNodeName?: string;
    readonly conditions?: readonly Json[];
    readonly containerStatuses?: readonly Json[];
    readonly initContainerStatuses?: readonly Json[];
  };
}

export interface Node {
  readonly metadata: ObjectMeta;
  readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly Json[] };
  readonly status: {
    readonly capacity: Resources;
    readonly allocatable: Resources;
    readonly images?: readonly { readonly names: readonly string[]; readonly sizeBytes: number }[];
  };
}

/** What else a cluster holds that placement looks at. */
export interface OtherObjects {
  readonly namespaces: readonly Json[];
  readonly services: readonly Json[];
  readonly replicationControllers: readonly Json[];
  readonly replicaSets: readonly Json[];
  readonly statefulSets: readonly Json[];
  readonly persistentVolumes: readonly Json[];
  readonly persistentVolumeClaims: readonly Json[];
  readonly storageClasses: readonly Json[];
  readonly csiNodes: readonly Json[];
  /** Absent where no volume is attached without a pod. */
  readonly volumeAttachments?: readonly Json[];
  readonly podDisruptionBudgets: readonly Json[];
}
