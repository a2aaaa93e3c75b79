/** Claims, volumes and classes as the volume plugins of the scheduler see them (kubernetes.md 1.8): plain data. */

import type { LabelRequirement } from '../../../cluster/spec.ts';
import type { LabelSelector, NodeTerm } from '../../../cluster/pod-template.ts';

export interface Claim {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** '' for none. */
  readonly storageClass: string;
  /** The volume that it names, or ''. */
  readonly volume: string;
  /** The volume that it names is its own for good. */
  readonly isBound: boolean;
  readonly isLost: boolean;
  readonly isDeleted: boolean;
  /** The node for which a volume is being made. */
  readonly selectedNode?: string;
  readonly storageBytes: number;
  readonly accessModes: readonly string[];
  readonly mode: 'Filesystem' | 'Block';
  /** Of volumes that it may be bound to; absent for any. */
  readonly selector?: LabelSelector;
}

/** What a CSI driver attaches to a node. */
export interface AttachedDisk {
  readonly driver: string;
  readonly handle: string;
}

export interface Volume {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The claim that it is kept for; a uid of '' agrees with any. */
  readonly claim?: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly storageClass: string;
  readonly storageBytes: number;
  readonly accessModes: readonly string[];
  readonly mode: 'Filesystem' | 'Block';
  readonly isAvailable: boolean;
  readonly isDeleted: boolean;
  /** Nodes that can reach it: one of the terms must match; absent for all nodes. */
  readonly nodeTerms?: readonly NodeTerm[];
  /** Of a volume that a CSI driver attaches; an in-tree disk that a driver has taken over is one. */
  readonly csi?: AttachedDisk;
}

export interface StorageClass {
  readonly name: string;
  readonly provisioner: string;
  readonly bindingMode: 'Immediate' | 'WaitForFirstConsumer';
  /** Where volumes may be made: ORed, each list ANDed; empty for everywhere. */
  readonly allowedTopologies: readonly (readonly LabelRequirement[])[];
}

export interface Storage {
  /** By `namespace/name`. */
  readonly claims: ReadonlyMap<string, Claim>;
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly classes: ReadonlyMap<string, StorageClass>;
  /** How many volumes of a driver a node can attach, by node and driver; no limit where nothing is said. */
  readonly attachLimits: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** What is attached to a node, by node, whether or not a pod uses it; absent where only pods' volumes count. */
  readonly attached?: ReadonlyMap<string, readonly AttachedDisk[]>;
}
