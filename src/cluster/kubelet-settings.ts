/** What a pool says about the kubelets of its nodes: plain data, read when a host is described. Absent parts keep their defaults. */

import type { Amounts } from './pod-template.ts';

/** An amount, or a share of the capacity. */
export type EvictionThreshold = { readonly amount: number } | { readonly share: number };

/** Signals whose hard thresholds lessen what a node may hand out (kubernetes.md 2.1). */
export type HardEviction = Readonly<
  Partial<Record<'memory.available' | 'nodefs.available', EvictionThreshold>>
>;

export interface KubeletSettings {
  /** Most pods by number. */
  readonly maxPods?: number;
  /** Most pods for each core; 0 for no such bound. */
  readonly podsPerCore?: number;
  readonly kubeReserved?: Amounts;
  readonly systemReserved?: Amounts;
  readonly evictionHard?: HardEviction;
  /** Room for what pods fill, and for images where they have no disk of their own; absent where it never fills. */
  readonly diskBytes?: number;
  /** Room for images; absent where they never fill the disk. */
  readonly imageDiskBytes?: number;
}
