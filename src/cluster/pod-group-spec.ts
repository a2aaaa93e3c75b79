/** A PodGroup of scheduling.x-k8s.io: pods that carry its name in a label start together or not at all (kubernetes.md 1.13). */

export const POD_GROUP_LABEL = 'scheduling.x-k8s.io/pod-group';

export interface PodGroupSpec {
  readonly namespace: string;
  readonly name: string;
  readonly minMember: number;
  /** How long a member holds its place for the others; absent for what the scheduler is told. */
  readonly scheduleTimeoutS?: number;
  /** Free in the cluster before a member is tried; absent for nothing. */
  readonly minResources?: { readonly cpuTicks: number; readonly memoryBytes: number };
}
