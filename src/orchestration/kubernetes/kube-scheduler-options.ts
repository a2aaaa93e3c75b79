/** What a kube-scheduler is set up with. */

import type { Surroundings } from './framework/surroundings.ts';
import type { BackoffOptions } from './queue/backoff.ts';
import type { CoschedulingOptions } from './gang/coscheduling.ts';
import type { DisruptionBudgets } from './controllers/disruption-budgets.ts';
import type { HostChoice } from '../queue-scheduler.ts';
import type { LaggingCache } from '../../cluster/lagging-cache.ts';
import type { PlacementRequest } from '../../placement/policy.ts';
import type { PluginName } from './framework/status.ts';
import type { VolumeRules } from './volumes/volume-rules.ts';

/** How a node is chosen, and what stood against the pod where none would do. */
export interface NodeChoice extends HostChoice {
  /**
   * Plugins that refused the pod somewhere, asked after `choose` found no node; undefined, or no such function, where labels, taints
   * and room tell.
   */
  rejectors?(request: PlacementRequest, nodes: readonly number[]): Iterable<PluginName> | undefined;
  /** A cycle looked at one node by name, so that the next starts one further (kubernetes.md 1.4). */
  passOver?(): void;
}

export interface KubeSchedulerOptions {
  readonly cluster: number;
  readonly choice: NodeChoice;
  /** Simulated cost of one cycle, us. */
  readonly thinkUs: number;
  /** From the decision to the node hearing of it, us. */
  readonly bindUs: number;
  readonly backoff: BackoffOptions;
  /** Are gangs placed all or none (GangScheduling, alpha in 1.36)? Else their members are placed one by one. */
  readonly schedulesGangs?: boolean;
  /** The Coscheduling plugin, in place of GangScheduling; absent where it is not enabled. */
  readonly coscheduling?: CoschedulingOptions;
  /** What claims mean for the pods that have some; absent where no pod has. */
  readonly volumes?: VolumeRules;
  /** What preemption spares pods by, while others will do. */
  readonly budgets?: DisruptionBudgets;
  /** With labels, for terms that select by them when others may be evicted. */
  readonly namespaces?: Surroundings['namespaces'];
  /** How late the scheduler hears of changes, us. */
  readonly delayUs: number;
  /** What the choice believes of free room when it does not see the ledger itself. */
  readonly cache?: LaggingCache;
}
