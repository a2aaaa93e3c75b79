/**
 * What a Deployment does with its ReplicaSets (kubernetes.md 3.1): one step of a sync, as new sizes. It is asked again as long
 * as a step changes something.
 *
 * Fences     surge rounded up and unavailability down, of the replicas wanted; 1 unavailable when both come to 0.
 * Scaling    when the replicas changed in the middle of an update: all sets grow or shrink in proportion.
 * Rolling    raise the new set as far as the surge allows, else shrink old ones: first what is not available there, then
 *            what availability can spare, the oldest set first.
 * Recreate   all old pods go; when none is left, in whatever state, the new set starts.
 * Departs    a progress deadline only sets a condition, and no condition is kept.
 */

import { assert } from '../../../base/assert.ts';
import { countOf } from './count-of.ts';
import type { CountOrPercent } from '../../../cluster/controller-specs.ts';

export interface ReplicaSet {
  /** Pods that it is to have. */
  readonly replicas: number;
  /** Pods of it that have been ready for long enough. */
  readonly available: number;
  /** The Deployment's replicas when the set was last scaled, and those with the surge (its two annotations). */
  readonly desired: number;
  readonly maximum: number;
}

export interface Fences {
  readonly surge: number;
  readonly unavailable: number;
}

export interface RollingOptions {
  readonly strategy: 'RollingUpdate' | 'Recreate';
  readonly maxSurge: CountOrPercent;
  readonly maxUnavailable: CountOrPercent;
}

export function fencesOf(options: RollingOptions, replicas: number): Fences {
  if (options.strategy === 'Recreate') return { surge: 0, unavailable: 0 };
  const surge = countOf(options.maxSurge, replicas, 'up');
  const down = countOf(options.maxUnavailable, replicas, 'down');
  const unavailable = surge === 0 && down === 0 ? 1 : down;
  return { surge, unavailable: Math.min(unavailable, replicas) };
}

/** A set with pods was last scaled for another number of replicas. */
export function isScalingEvent(sets: readonly ReplicaSet[], replicas: number): boolean {
  return sets.some((set) => set.replicas > 0 && set.desired !== replicas);
}

/**
 * Sizes after a change of replicas. Sets are given from the oldest to the newest; `newest` is the index of the one of the
 * current revision.
 */
export function scaledSizes(
  sets: readonly ReplicaSet[],
  newest: number,
  replicas: number,
  { surge }: Fences,
  isRolling: boolean,
): number[] {
  const sizes = sets.map((set) => set.replicas);
  const active = indexesOf(sets, (set) => set.replicas > 0);
  if (active.length <= 1) {
    sizes[active[0] ?? newest] = replicas;
    return sizes;
  }
  const current = sets[newest]!;
  const isSaturated = [current.replicas, current.desired, current.available].every(
    (count) => count === replicas,
  );
  if (isSaturated) return sizes.map((size, i) => (i === newest ? size : 0));
  if (!isRolling) return sizes;
  const allowed = replicas > 0 ? replicas + surge : 0;
  const toAdd = allowed - sum(sizes);
  if (toAdd === 0) return sizes;
  // Of equally large sets the newer one grows first, and the older one shrinks first.
  const order = active.sort((a, b) => sizes[b]! - sizes[a]! || (toAdd > 0 ? b - a : a - b));
  let added = 0;
  for (const i of order) {
    const left = toAdd - added;
    if (left === 0) break;
    const share = shareOf(sets[i]!, replicas, surge);
    const proportion = toAdd > 0 ? Math.min(share, left) : Math.max(share, left);
    sizes[i]! += proportion;
    added += proportion;
  }
  const largest = order[0]!;
  sizes[largest] = Math.max(0, sizes[largest]! + toAdd - added);
  return sizes;
}

/** How much one set grows when all keep their shares; rounded half away from zero. */
function shareOf(set: ReplicaSet, replicas: number, surge: number): number {
  if (replicas === 0) return -set.replicas;
  assert(set.maximum > 0, () => `a set of ${set.replicas} pods was scaled for none at all`);
  return Math.floor((set.replicas * (replicas + surge)) / set.maximum + 0.5) - set.replicas;
}

/** Sizes after one step of a rolling update; the same ones when there is nothing to do but to wait. */
export function rolledSizes(
  sets: readonly ReplicaSet[],
  newest: number,
  replicas: number,
  { surge, unavailable }: Fences,
): number[] {
  const sizes = sets.map((set) => set.replicas);
  const current = sets[newest]!;
  const total = sum(sizes);
  if (current.replicas !== replicas) {
    const room = Math.max(0, replicas + surge - total);
    const raised = Math.min(replicas, current.replicas + room);
    if (raised !== current.replicas) {
      sizes[newest] = raised;
      return sizes;
    }
  }
  const minAvailable = replicas - unavailable;
  let spare = total - minAvailable - (current.replicas - current.available);
  if (spare <= 0) return sizes;
  const old = indexesOf(sets, (set) => set !== current && set.replicas > 0);
  for (const i of old) {
    const unhealthy = Math.min(spare, Math.max(0, sets[i]!.replicas - sets[i]!.available));
    sizes[i]! -= unhealthy;
    spare -= unhealthy;
  }
  let dispensable = sum(sets.map((set) => set.available)) - minAvailable;
  for (const i of old) {
    if (dispensable <= 0) break;
    const taken = Math.min(sizes[i]!, dispensable);
    sizes[i]! -= taken;
    dispensable -= taken;
  }
  return sizes;
}

/** Sizes after one step of Recreate. `oldPods` counts pods of other revisions that still exist. */
export function recreatedSizes(
  sets: readonly ReplicaSet[],
  newest: number,
  replicas: number,
  oldPods: number,
): number[] {
  const sizes = sets.map((set) => set.replicas);
  const hasOld = sets.some((set, i) => i !== newest && set.replicas > 0);
  if (hasOld) return sizes.map((size, i) => (i === newest ? size : 0));
  if (oldPods === 0) sizes[newest] = replicas;
  return sizes;
}

function indexesOf(sets: readonly ReplicaSet[], isMeant: (set: ReplicaSet) => boolean): number[] {
  return sets.flatMap((set, i) => (isMeant(set) ? [i] : []));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
