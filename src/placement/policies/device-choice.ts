/**
 * A policy that says which GPUs of its host the task gets: the bind names them. Without one the rule of cluster/fit.ts holds:
 * the tightest device for a share, whole devices from the lowest number.
 */

import type { ClusterView } from '../../cluster/cluster.ts';
import type { PlacementRequest, ScorePolicy } from '../policy.ts';

export interface DeviceChoice {
  /** Bit d for device d; 0 for a task without GPU. `host` has room for the task. Pure, as `score`. */
  devices(host: number, request: PlacementRequest, view: ClusterView): number;
}

export function choosesDevices<Policy extends Omit<ScorePolicy, 'name'>>(
  policy: Policy,
): policy is Policy & DeviceChoice {
  return 'devices' in policy;
}
