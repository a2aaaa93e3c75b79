/**
 * Claims, volumes and storage classes as Kubernetes reads them: plain data. What a claim is bound to decides where its pods
 * may run (kubernetes.md 1.8: VolumeZone, VolumeBinding). Storage in bytes.
 */

import type { ClaimTemplate, LabelSelector, NodeTerm } from './pod-template.ts';
import type { ObjectName } from './controller-specs.ts';

export type VolumeMode = 'Filesystem' | 'Block';
export type ReclaimPolicy = 'Delete' | 'Retain' | 'Recycle';

export interface ClaimSpec extends ObjectName {
  /** '' for none; absent for the default class. */
  readonly storageClass?: string;
  /** The volume that it names; '' when none is named. */
  readonly volume: string;
  readonly storageBytes: number;
  readonly accessModes: readonly string[];
  /** Filesystem where it is absent. */
  readonly mode?: VolumeMode;
  /** Labels of the volumes that will do; absent for all. */
  readonly selector?: LabelSelector;
}

export interface VolumeSpec {
  readonly name: string;
  /** The claim that it is kept for. */
  readonly claim?: ObjectName;
  readonly storageClass: string;
  readonly storageBytes: number;
  readonly accessModes: readonly string[];
  /** Filesystem where it is absent. */
  readonly mode?: VolumeMode;
  readonly labels?: Readonly<Record<string, string>>;
  /** What becomes of it when its claim is gone; Retain where it is absent. */
  readonly reclaim?: ReclaimPolicy;
  /** What attaches it to a node at a time; absent where nothing need be attached (network file systems, paths of a node). */
  readonly driver?: string;
  /** Nodes that can reach it: one of the terms must match; absent for all nodes. */
  readonly nodeTerms?: readonly NodeTerm[];
}

export interface StorageClassSpec {
  readonly name: string;
  readonly provisioner: string;
  readonly isDefault: boolean;
  readonly bindingMode: 'Immediate' | 'WaitForFirstConsumer';
  /** Where volumes may be made; empty for everywhere. */
  readonly allowedTerms: readonly NodeTerm[];
  /** Delete where it is absent. */
  readonly reclaim?: ReclaimPolicy;
  /** Type of the EBS volumes that it makes, such as gp3. */
  readonly volumeType?: string;
}

export interface StorageSpecs {
  readonly claims: readonly ClaimSpec[];
  readonly volumes: readonly VolumeSpec[];
  readonly classes: readonly StorageClassSpec[];
}

/** What the pods of one workload claim. */
export interface WorkloadClaims {
  readonly namespace: string;
  /** Names of claims that all of them share. */
  readonly shared: readonly string[];
  /** A claim for each ordinal of the StatefulSet `set`, `NAME-SET-ORDINAL`, which outlives its pod. */
  readonly kept: readonly ClaimTemplate[];
  readonly set: string;
  readonly firstOrdinal: number;
  /** Does the claim of an ordinal go when the set shrinks below it (persistentVolumeClaimRetentionPolicy)? */
  readonly goesWhenScaled: boolean;
  /** A claim for each pod, which goes with it (ephemeral volumes): `POD-NAME`. */
  readonly ephemeral: readonly ClaimTemplate[];
}
