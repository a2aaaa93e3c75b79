/**
 * What Kubernetes reads of a pod beyond what every task states (TaskSpec): plain data, as the API server would hand it
 * over after defaulting. Manifest readers write it; the scheduler, the controllers and the kubelet read it.
 *
 * Amounts    by resource name: `cpu` in milli-cores, everything else in bytes or pieces, both rounded up to whole numbers
 *            (kubernetes.md 1.8). A resource that is absent was not stated, which differs from 0 (1.7).
 */

import type { LabelRequirement } from './spec.ts';

export type Amounts = Readonly<Record<string, number>>;

/** Both parts must hold. Without any part it matches every set of labels; where a selector is absent nothing matches. */
export interface LabelSelector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly LabelRequirement[];
}

/** Expressions on labels and fields (`metadata.name`), all of which must hold. A term without any matches no node. */
export interface NodeTerm {
  readonly expressions: readonly LabelRequirement[];
  readonly fields: readonly LabelRequirement[];
}

/** One term of inter-pod affinity. Without namespaces and namespaceSelector: the namespace of the pod that has the term. */
export interface PodTerm {
  readonly topologyKey: string;
  readonly selector?: LabelSelector;
  readonly namespaces: readonly string[];
  readonly namespaceSelector?: LabelSelector;
}

/** A preference: `weight` is 1 to 100, or 0 for one that counts for nothing. */
export interface Weighted<Term> {
  readonly weight: number;
  readonly term: Term;
}

export interface PodAffinity {
  readonly required: readonly PodTerm[];
  readonly preferred: readonly Weighted<PodTerm>[];
}

export interface TopologySpread {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway';
  /** With the labels of `matchLabelKeys` already merged in. */
  readonly selector?: LabelSelector;
  readonly minDomains: number;
  readonly nodeAffinityPolicy: 'Honor' | 'Ignore';
  readonly nodeTaintsPolicy: 'Honor' | 'Ignore';
}

export interface HostPort {
  /** '0.0.0.0' for all addresses. */
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

export interface ContainerTemplate {
  readonly name: string;
  readonly image: string;
  /** A limit without a request is copied into the requests, as the API server does. */
  readonly requests: Amounts;
  readonly limits: Amounts;
  readonly hostPorts: readonly HostPort[];
  /** An init container with restartPolicy Always; false for all others. */
  readonly isSidecar: boolean;
  /** Resources for which its resize policy is RestartContainer; absent for none. */
  readonly restartOnResize?: readonly string[];
}

/** A claim that each pod of its owner gets: of a StatefulSet, for its successors too; as an ephemeral volume, for itself. */
export interface ClaimTemplate {
  readonly name: string;
  /** '' for none; absent for the default class. */
  readonly storageClass?: string;
  readonly storageBytes: number;
  readonly accessModes: readonly string[];
}

/** A volume as far as it bears on placement. */
export type PodVolume =
  | { readonly kind: 'claim'; readonly claim: string }
  | { readonly kind: 'ephemeral'; readonly claim: ClaimTemplate }
  /** Disks that pods may not share, by their identity; `isReadOnly` where two readers may. */
  | {
      readonly kind: 'disk';
      readonly driver: 'ebs' | 'gce-pd' | 'iscsi' | 'rbd';
      readonly id: string;
      readonly isReadOnly: boolean;
      /** Of RBD alone: two disks are the same only if they share one. */
      readonly monitors?: readonly string[];
    }
  /** Lost with the node: the Cluster Autoscaler will not move such pods. */
  | { readonly kind: 'local' }
  | { readonly kind: 'image'; readonly image: string };

export interface PodTemplate {
  readonly namespace: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly containers: readonly ContainerTemplate[];
  /** In their order; sidecars among them. */
  readonly initContainers: readonly ContainerTemplate[];
  /** The pod's own `resources.requests`, which replace sums of containers. */
  readonly podRequests: Amounts;
  readonly overhead: Amounts;
  /** One of the terms must match; absent when nothing is required, [] matches no node. */
  readonly requiredNodeTerms?: readonly NodeTerm[];
  readonly preferredNodeTerms: readonly Weighted<NodeTerm>[];
  readonly affinity: PodAffinity;
  readonly antiAffinity: PodAffinity;
  readonly topologySpread: readonly TopologySpread[];
  /** Of the Services that select the pod, over whose pods it spreads by default; absent where a controller says, or nobody. */
  readonly defaultSelector?: LabelSelector;
  readonly volumes: readonly PodVolume[];
  readonly preemptionPolicy: 'PreemptLowerPriority' | 'Never';
  /** Names of gates that hold the pod back. */
  readonly schedulingGates: readonly string[];
  /** Set by whoever made the pod; '' leaves the choice to the scheduler. */
  readonly nodeName: string;
  /** The profile of the scheduler that places it; absent for `default-scheduler`. */
  readonly schedulerName?: string;
  readonly restartPolicy: 'Always' | 'OnFailure' | 'Never';
  /** Seconds from the order to stop to the kill. */
  readonly terminationGraceS: number;
  /** Seconds of them that the longest preStop hook takes; absent for none. */
  readonly preStopS?: number;
}

/** What the API takes where a spread constraint states nothing. */
export const SPREAD_DEFAULTS = {
  minDomains: 1,
  nodeAffinityPolicy: 'Honor',
  nodeTaintsPolicy: 'Ignore',
} as const satisfies Partial<TopologySpread>;

export const NO_AFFINITY: PodAffinity = { required: [], preferred: [] };

/** A pod of the namespace `default` that states nothing. */
export const PLAIN_POD: PodTemplate = {
  namespace: 'default',
  annotations: {},
  containers: [],
  initContainers: [],
  podRequests: {},
  overhead: {},
  preferredNodeTerms: [],
  affinity: NO_AFFINITY,
  antiAffinity: NO_AFFINITY,
  topologySpread: [],
  volumes: [],
  preemptionPolicy: 'PreemptLowerPriority',
  schedulingGates: [],
  nodeName: '',
  restartPolicy: 'Always',
  terminationGraceS: 30,
};
