/**
 * Claims, volumes and storage classes as Kubernetes reads them: plain data. What a claim is bound to decides where its pods
 * may run (kubernetes.md 1.8: VolumeZone, VolumeBinding). Storage in bytes.
 */

import type { ObjectName } from './controller-specs.ts';
import type { NodeTerm } from './pod-template.ts';

export interface ClaimSpec extends ObjectName {
  /** '' for none; absent for the default class. */
  readonly storageClass?: string;
  /** The volume that it is bound to; '' when none is named. */
  readonly volume: string;
  readonly storageBytes: number;
  readonly accessModes: readonly string[];
}

export interface VolumeSpec {
  readonly name: string;
  /** The claim that it is kept for. */
  readonly claim?: ObjectName;
  readonly storageClass: string;
  readonly storageBytes: number;
  readonly accessModes: readonly string[];
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
}

export interface StorageSpecs {
  readonly claims: readonly ClaimSpec[];
  readonly volumes: readonly VolumeSpec[];
  readonly classes: readonly StorageClassSpec[];
}
