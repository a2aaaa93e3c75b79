/**
 * What the resource scores read of one node: per configured resource what it can give, what its pods take, and what they
 * would take with the pod (kubernetes.md 1.9).
 *
 * Left out   a resource of which the node has nothing, and a scalar that the pod does not ask for
 */

import { isScalar } from './resource-names.ts';
import type { Amounts } from '../../../cluster/pod-template.ts';
import type { NodeInfo } from './node-info.ts';

export interface ResourceUse {
  readonly allocatable: number;
  readonly before: number;
  readonly after: number;
}

/** Where a node's non-zero sums count: `non-zero` for CPU and memory, else the requests as they are. */
export type Counting = 'requested' | 'non-zero';

/** Undefined for a resource that this node or this pod leaves out. */
export function resourceUse(
  resource: string,
  pod: Amounts,
  { node, requested, nonZeroRequested }: NodeInfo,
  counting: Counting,
): ResourceUse | undefined {
  const asked = pod[resource] ?? 0;
  if (asked === 0 && isScalar(resource)) return undefined;
  const allocatable = node.allocatable[resource] ?? 0;
  if (allocatable === 0) return undefined;
  const isPadded = counting === 'non-zero' && (resource === 'cpu' || resource === 'memory');
  const before = isPadded ? nonZeroRequested[resource] : (requested[resource] ?? 0);
  return { allocatable, before, after: before + asked };
}
