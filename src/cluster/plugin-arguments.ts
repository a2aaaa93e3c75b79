/**
 * Arguments of kube-scheduler's plugins, as plain data with their defaults (kubernetes.md 1.1): what the `pluginConfig` of a
 * KubeSchedulerConfiguration states. Left out: arguments of plugins for devices and for the binding of volumes.
 */

import type { NodeTerm, TopologySpread, Weighted } from './pod-template.ts';

export interface ResourceWeight {
  readonly name: string;
  readonly weight: number;
}

/** A corner of the line from utilisation in percent to a score of 0 to 10. */
export interface ShapePoint {
  readonly utilization: number;
  readonly score: number;
}

export interface FitStrategy {
  readonly type: 'LeastAllocated' | 'MostAllocated' | 'RequestedToCapacityRatio';
  readonly resources: readonly ResourceWeight[];
  /** Of RequestedToCapacityRatio alone; by rising utilisation. */
  readonly shape: readonly ShapePoint[];
}

export interface FitArguments {
  readonly strategy: FitStrategy;
  /** Extended resources that are not looked at, by name and by the part before the slash. */
  readonly ignoredResources: readonly string[];
  readonly ignoredResourceGroups: readonly string[];
}

/** Affinity that the profile adds to every pod. */
export interface AddedAffinity {
  /** Absent when nothing is required. */
  readonly requiredNodeTerms?: readonly NodeTerm[];
  readonly preferredNodeTerms: readonly Weighted<NodeTerm>[];
}

/** A default constraint; its selector is that of the pod's Services and controller. */
export type DefaultSpread = Pick<TopologySpread, 'topologyKey' | 'maxSkew' | 'whenUnsatisfiable'>;

export interface SpreadArguments {
  /** For pods without constraints of their own: the system's two soft ones, or these. */
  readonly defaults: 'System' | readonly DefaultSpread[];
}

export interface PodAffinityArguments {
  /** What a required affinity term of another pod adds to the score, 0 to 100. */
  readonly hardPodAffinityWeight: number;
  readonly ignoresPreferencesOfOthers: boolean;
}

/** Of the Coscheduling plugin, which is not in the tree (kubernetes.md 1.13). */
export interface CoschedulingArguments {
  /** How long members wait for each other where their group does not say. */
  readonly permitWaitS: number;
  /** For how long a refused group is not tried. */
  readonly groupBackoffS: number;
}

export interface PluginArguments {
  readonly fit: FitArguments;
  /** Resources of BalancedAllocation. */
  readonly balanced: readonly string[];
  readonly addedAffinity: AddedAffinity;
  readonly spread: SpreadArguments;
  readonly podAffinity: PodAffinityArguments;
  readonly coscheduling: CoschedulingArguments;
}

const CPU_AND_MEMORY = ['cpu', 'memory'];

export const DEFAULT_ARGUMENTS: PluginArguments = {
  fit: {
    strategy: {
      type: 'LeastAllocated',
      resources: CPU_AND_MEMORY.map((name) => ({ name, weight: 1 })),
      shape: [],
    },
    ignoredResources: [],
    ignoredResourceGroups: [],
  },
  balanced: CPU_AND_MEMORY,
  addedAffinity: { preferredNodeTerms: [] },
  spread: { defaults: 'System' },
  coscheduling: { permitWaitS: 60, groupBackoffS: 0 },
  podAffinity: { hardPodAffinityWeight: 1, ignoresPreferencesOfOthers: false },
};
