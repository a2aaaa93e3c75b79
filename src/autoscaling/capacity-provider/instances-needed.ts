/**
 * How many instances a group needs for its tasks: the M of ECS managed scaling.
 *
 *     M = instances in use + clamp(max over groups of waiting tasks, minimum step, maximum step)
 *     group = ceil(tasks of one size / tasks of that size on an empty instance)        a perfect bin-pack
 *
 * In use     a host of the group (launching, running or ready) with at least one task that is no daemon.
 * Groups     tasks with the same spec; one that no instance could take is left out. The maximum, not the sum: mixed sizes
 *            are under-estimated and need further rounds.
 * Instance   the smallest of the pool's types (CPU, then memory, then list order), empty: daemons are not subtracted.
 * Departs    with several types AWS bounds the number by the largest and the smallest; only the smallest is asked here.
 * Source     aws.md 3.12.
 */

import { ELIGIBLE, eligibilityOf } from '../../cluster/specs.ts';
import { MILLI_PER_GPU } from '../../base/units.ts';
import { describeInstance } from '../../orchestration/host-description.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostDescription } from '../../cluster/hosts.ts';
import type { Market } from '../../orchestration/host-description.ts';

/** The smallest instance that a pool can launch, as it would join. */
export function smallestInstance(
  view: ClusterView,
  pool: number,
  zone: number,
  market: Market,
): HostDescription {
  const { instanceTypes, spot } = view.pools.descriptions[pool]!;
  const [first, ...others] = instanceTypes.map((type) =>
    describeInstance(view, pool, type, zone, spot, market),
  );
  return others.reduce((least, other) => (isSmaller(other, least) ? other : least), first!);
}

/** Lower bound of the instances for waiting tasks, given as number of tasks by spec; 0 when none fits. */
export function instancesForWaiting(
  view: ClusterView,
  waitingBySpec: ReadonlyMap<number, number>,
  instance: HostDescription,
): number {
  let most = 0;
  for (const [spec, count] of waitingBySpec) {
    const perInstance = tasksPerInstance(view, spec, instance);
    if (perInstance > 0) most = Math.max(most, Math.ceil(count / perInstance));
  }
  return most;
}

/** How many tasks of one size an empty instance takes. */
function tasksPerInstance({ specs }: ClusterView, spec: number, instance: HostDescription): number {
  if (eligibilityOf(specs.at(spec), instance) !== ELIGIBLE) return 0;
  const cpuTicks = specs.cpuTicks[spec]!;
  const memoryBytes = specs.memoryBytes[spec]!;
  const gpus = specs.gpuCount[spec]!;
  const gpuMilli = specs.gpuMilli[spec]!;
  let count = instance.slots;
  if (cpuTicks > 0) count = Math.min(count, Math.floor(instance.cpuAllocatableTicks / cpuTicks));
  if (memoryBytes > 0) {
    count = Math.min(count, Math.floor(instance.memoryAllocatableBytes / memoryBytes));
  }
  if (gpus > 0) {
    // Several devices are taken whole; a share packs as often as it divides a device.
    const perDevice = gpus === 1 ? Math.floor(MILLI_PER_GPU / gpuMilli) : 1;
    count = Math.min(count, Math.floor(instance.gpuCount / gpus) * perDevice);
  }
  return count;
}

function isSmaller(a: HostDescription, b: HostDescription): boolean {
  const byCpu = a.cpuAllocatableTicks - b.cpuAllocatableTicks;
  return byCpu !== 0 ? byCpu < 0 : a.memoryAllocatableBytes < b.memoryAllocatableBytes;
}
