/**
 * How many instances the waiting tasks of a group need: what managed scaling adds to the instances in use.
 *
 *     needed = max over groups of tasks of ceil(tasks of one size / tasks of that size on an empty instance)
 *
 * Groups     tasks with the same spec. The maximum, not the sum: mixed sizes are under-estimated and need further rounds.
 * Instance   with several types, the largest and the smallest of each resource. The largest says how many instances a perfect
 *            bin-pack needs, which bounds the number from below; a size of which the smallest takes none is left out, although a
 *            larger type would take it: no capacity is ordered for it.
 * Empty      daemons are not subtracted.
 * Source     aws.md 3.12 a to d; the part of the largest and the smallest type is AWS's "managed scaling behavior".
 */

import { ELIGIBLE, eligibilityOf } from '../../cluster/specs.ts';
import { MILLI_PER_GPU } from '../../base/units.ts';
import { describeInstance } from '../../orchestration/host-description.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostDescription } from '../../cluster/hosts.ts';
import type { Market } from '../../orchestration/host-description.ts';

type Room = Pick<
  HostDescription,
  'cpuAllocatableTicks' | 'memoryAllocatableBytes' | 'gpuCount' | 'slots'
>;

/** What a pool can launch, as it would join. */
export interface LaunchableTypes {
  readonly kinds: readonly HostDescription[];
  /** Of each resource the least and the most that a type has. */
  readonly smallest: Room;
  readonly largest: Room;
}

export function launchableTypes(
  view: ClusterView,
  pool: number,
  zone: number,
  market: Market,
): LaunchableTypes {
  const { instanceTypes, spot } = view.pools.descriptions[pool]!;
  const kinds = instanceTypes.map((type) => describeInstance(view, pool, type, zone, spot, market));
  const extreme = (of: (...values: number[]) => number): Room => ({
    cpuAllocatableTicks: of(...kinds.map((kind) => kind.cpuAllocatableTicks)),
    memoryAllocatableBytes: of(...kinds.map((kind) => kind.memoryAllocatableBytes)),
    gpuCount: of(...kinds.map((kind) => kind.gpuCount)),
    slots: of(...kinds.map((kind) => kind.slots)),
  });
  return { kinds, smallest: extreme(Math.min), largest: extreme(Math.max) };
}

/** Lower bound of the instances for waiting tasks, given as number of tasks by spec; 0 when none can be counted. */
export function instancesForWaiting(
  { specs }: ClusterView,
  waitingBySpec: ReadonlyMap<number, number>,
  { kinds, smallest, largest }: LaunchableTypes,
): number {
  let most = 0;
  for (const [spec, count] of waitingBySpec) {
    if (!kinds.some((kind) => eligibilityOf(specs.at(spec), kind) === ELIGIBLE)) continue;
    if (tasksOn(smallest, specs, spec) === 0) continue;
    most = Math.max(most, Math.ceil(count / tasksOn(largest, specs, spec)));
  }
  return most;
}

/** How many tasks of one size an empty instance takes. */
function tasksOn(instance: Room, specs: ClusterView['specs'], spec: number): number {
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
