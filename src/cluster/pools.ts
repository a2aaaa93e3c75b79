/** Pools: named sources of capacity. The description never changes; the desired count does. */

import { ColumnTable } from '../base/columns.ts';
import type { AgentSettings } from './agent-settings.ts';
import type { FargateSettings } from './fargate-settings.ts';
import type { KubeletSettings } from './kubelet-settings.ts';
import type { Taint } from './spec.ts';

export type PoolKind = 'asg' | 'karpenter' | 'fargate' | 'fargate-spot' | 'external';

export interface PoolDescription {
  readonly name: string;
  readonly cluster: number;
  readonly kind: PoolKind;
  /** Types of an Auto Scaling group, in order of preference; empty for other kinds. */
  readonly instanceTypes: readonly string[];
  readonly spot: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** Rows of the workloads that may use the pool; empty for all. */
  readonly workloads: readonly number[];
  /** ECS: what its container instances are told; absent for the defaults. */
  readonly agent?: AgentSettings;
  /** Of Fargate pools; absent for the defaults. */
  readonly fargate?: FargateSettings;
  /** Kubernetes: somebody in the cluster hears that EC2 wants a spot node back, and empties it. */
  readonly hearsNotices?: boolean;
  /** Kubernetes: what its nodes' kubelets are told; absent for the defaults of the distribution. */
  readonly kubelet?: KubeletSettings;
}

export class PoolColumns extends ColumnTable {
  readonly descriptions: PoolDescription[] = [];
  /** Hosts that an Auto Scaling group should have, and its bounds. */
  desired = new Int32Array(64);
  minimum = new Int32Array(64);
  maximum = new Int32Array(64);

  /** Hosts launched so far: the number of the next. */
  launched = new Int32Array(64);

  add(description: PoolDescription, minimum: number, maximum: number, desired: number): number {
    const row = this.addRow();
    this.descriptions.push(description);
    this.minimum[row] = minimum;
    this.maximum[row] = maximum;
    this.desired[row] = desired;
    return row;
  }
}
