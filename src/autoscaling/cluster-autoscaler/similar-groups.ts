/**
 * Which groups are so alike that one scale-up may be shared among them, and how it is shared (kubernetes.md 5.4
 * "Similar groups", step 6).
 *
 * Alike      the same labels but for those that tell machines, zones and groups apart; the same capacity, memory within
 *            1.5 % of the larger; allocatable and free (allocatable less daemons) within 5 %.
 * Balance    one node after the other to the smallest group, from group to group while sizes are equal; a full group is
 *            left out. Ties in the order given (section 9).
 */

import { HOST_KEY } from '../../orchestration/kubernetes/topology-keys.ts';
import type { HostDescription } from '../../cluster/hosts.ts';

/** A group's next node and what daemons leave of it. */
export interface ComparedNode {
  readonly description: HostDescription;
  readonly cpuFreeTicks: number;
  readonly memoryFreeBytes: number;
}

export interface SizedGroup {
  readonly pool: number;
  readonly size: number;
  readonly maximum: number;
}

const MEMORY_RATIO = 0.015;
const ALLOCATABLE_RATIO = 0.05;
const IGNORED_LABELS = new Set([
  HOST_KEY,
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'alpha.eksctl.io/instance-id',
  'alpha.eksctl.io/nodegroup-name',
  'eks.amazonaws.com/nodegroup',
  'k8s.amazonaws.com/eniConfig',
  'lifecycle',
  'topology.ebs.csi.aws.com/zone',
  'topology.k8s.aws/zone-id',
  // The name of a pool is the simulator's own label, as that of a node group is EKS's.
  'berth.dev/pool',
]);

/** `ignored`: labels that are not compared besides. */
export function areSimilar(
  one: ComparedNode,
  other: ComparedNode,
  ignored: readonly string[] = [],
): boolean {
  const a = one.description;
  const b = other.description;
  return (
    a.cpuCapacityTicks === b.cpuCapacityTicks &&
    a.gpuCount === b.gpuCount &&
    isNear(a.memoryCapacityBytes, b.memoryCapacityBytes, MEMORY_RATIO) &&
    isNear(a.cpuAllocatableTicks, b.cpuAllocatableTicks, ALLOCATABLE_RATIO) &&
    isNear(a.memoryAllocatableBytes, b.memoryAllocatableBytes, ALLOCATABLE_RATIO) &&
    isNear(a.slots, b.slots, ALLOCATABLE_RATIO) &&
    isNear(one.cpuFreeTicks, other.cpuFreeTicks, ALLOCATABLE_RATIO) &&
    isNear(one.memoryFreeBytes, other.memoryFreeBytes, ALLOCATABLE_RATIO) &&
    labelText(a.labels, ignored) === labelText(b.labels, ignored)
  );
}

/** How many of `nodes` each group gets, by pool; those that get none are left out. */
export function balanced(groups: readonly SizedGroup[], nodes: number): Map<number, number> {
  const open = groups
    .filter(({ size, maximum }) => size < maximum)
    .sort((a, b) => a.size - b.size)
    .map((group) => ({ ...group, added: 0 }));
  for (let left = nodes; left > 0; left--) {
    const room = open.filter(({ size, added, maximum }) => size + added < maximum);
    if (room.length === 0) break;
    const smallest = room.reduce((least, one) =>
      one.size + one.added < least.size + least.added ? one : least,
    );
    smallest.added += 1;
  }
  return new Map(open.filter(({ added }) => added > 0).map(({ pool, added }) => [pool, added]));
}

function isNear(a: number, b: number, ratio: number): boolean {
  return Math.abs(a - b) <= Math.max(a, b) * ratio;
}

function labelText(labels: Readonly<Record<string, string>>, ignored: readonly string[]): string {
  return Object.entries(labels)
    .filter(([key]) => !IGNORED_LABELS.has(key) && !ignored.includes(key))
    .map(([key, value]) => `${key}=${value}`)
    .sort((a, b) => (a < b ? -1 : 1))
    .join('\n');
}
