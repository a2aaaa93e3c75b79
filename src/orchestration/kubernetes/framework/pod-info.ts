/**
 * A pod as the scheduling framework sees it. Several pods share one PodSpecInfo, worked out once from what their template states.
 */

import type { LabelSelector, PodTemplate, Amounts } from '../../../cluster/pod-template.ts';
import type { Toleration } from '../../../cluster/spec.ts';

/** What pods of one template have in common. */
export interface PodSpecInfo {
  readonly template: PodTemplate;
  readonly labels: Readonly<Record<string, string>>;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
  readonly priority: number;
  /** Effective requests (kubernetes.md 1.7): what filters and `NodeInfo.requested` count. */
  readonly requests: Amounts;
  /** The same with 100 m and 200 MiB for every container that states nothing (1.7): what a node sums up for scores. */
  readonly nonZero: { readonly cpu: number; readonly memory: number };
  /** What NodeResourcesFit scores of the incoming pod: `nonZero` without the pod's own requests (quirk in 1.9). */
  readonly scored: { readonly cpu: number; readonly memory: number };
  /** Of the Services and the controller that select the pod, for default spreading (1.9); absent when none does. */
  readonly defaultSelector?: LabelSelector;
}

export interface PodInfo {
  readonly spec: PodSpecInfo;
  readonly name: string;
  readonly uid: string;
  /** Has a deletionTimestamp. */
  readonly isTerminating: boolean;
  /** status.startTime in us; NaN before the pod was started. */
  readonly startTimeUs: number;
  /** status.nominatedNodeName, or ''. */
  readonly nominatedNode: string;
}
