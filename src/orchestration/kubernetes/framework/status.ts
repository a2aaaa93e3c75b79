/** What a plugin says of a node or of a pod (kubernetes.md 1.14). */

export type StatusCode =
  | 'Unschedulable'
  /** Preemption would not help. */
  | 'UnschedulableAndUnresolvable'
  | 'Error';

/** A refusal; where a plugin has no objection it answers undefined. */
export interface Refusal {
  readonly code: StatusCode;
  /** The plugin's own name in Kubernetes; '' where several plugins together leave no node. */
  readonly plugin: PluginName | '';
  /** In kube-scheduler's words. */
  readonly reasons: readonly string[];
}

export type PluginName =
  | 'SchedulingGates'
  | 'Coscheduling'
  | 'NodeUnschedulable'
  | 'NodeName'
  | 'TaintToleration'
  | 'NodeAffinity'
  | 'NodePorts'
  | 'NodeResourcesFit'
  | 'VolumeRestrictions'
  | 'NodeVolumeLimits'
  | 'VolumeBinding'
  | 'VolumeZone'
  | 'PodTopologySpread'
  | 'InterPodAffinity'
  | 'NodeResourcesBalancedAllocation'
  | 'ImageLocality'
  | 'DefaultPreemption';
