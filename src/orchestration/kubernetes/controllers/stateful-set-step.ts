/**
 * What a StatefulSet does next (kubernetes.md 3.3), by its pods in the order of their ordinals.
 *
 * Ordered     a missing pod is created and the sync ends; a pod that is leaving or not available holds up all behind it.
 *             Only then pods beyond the range go, the highest first, one at a time.
 * Parallel    all missing ones are created and all beyond the range deleted at once; updates stay one at a time.
 * Updates     from the highest ordinal down to the partition: the first pod of another revision that is not leaving is
 *             deleted; one that is not available holds up those below it. OnDelete: never.
 * Identity    a pod with an ordinal exists until its object is gone: only then its replacement is made.
 * Departs     claims of pods are made with them, so they hold nothing up.
 */

export interface StatefulPod {
  readonly ordinal: number;
  readonly isTerminating: boolean;
  /** Running and ready, for as long as the set asks for; a terminating one may still be so. */
  readonly isAvailable: boolean;
  readonly isCurrent: boolean;
}

export interface StatefulOptions {
  readonly replicas: number;
  readonly firstOrdinal: number;
  readonly isOrdered: boolean;
  readonly updates: boolean;
  readonly partition: number;
}

export interface StatefulStep<Pod> {
  /** Ordinals to create, in this order. */
  readonly create: readonly number[];
  readonly remove: readonly Pod[];
  /** The pod to replace by one of the current revision. */
  readonly update?: Pod;
}

/** `pods` are all that exist, at most one an ordinal. `isCurrent` says that a pod is of the newest revision. */
export function statefulStep<Pod extends StatefulPod>(
  pods: readonly Pod[],
  options: StatefulOptions,
): StatefulStep<Pod> {
  const { replicas, firstOrdinal, isOrdered, updates, partition } = options;
  const byOrdinal = new Map(pods.map((pod) => [pod.ordinal, pod]));
  const inRange = Array.from({ length: replicas }, (_, i) => byOrdinal.get(firstOrdinal + i));
  const condemned = pods
    .filter(({ ordinal }) => ordinal < firstOrdinal || ordinal >= firstOrdinal + replicas)
    .sort((a, b) => b.ordinal - a.ordinal);
  const create: number[] = [];
  for (const [i, pod] of inRange.entries()) {
    const holdsUp = pod === undefined || pod.isTerminating || !pod.isAvailable;
    if (pod === undefined) create.push(firstOrdinal + i);
    if (isOrdered && holdsUp) return { create, remove: [] };
  }
  if (isOrdered) {
    const step = orderedRemoval(condemned);
    if (step !== undefined) return step;
  }
  const remove = isOrdered ? [] : condemned.filter((pod) => !pod.isTerminating);
  const update = updates ? nextUpdate(inRange, partition) : undefined;
  return { create, remove, ...(update === undefined ? {} : { update }) };
}

/** Undefined when no pod is beyond the range. All pods in range are available when this is asked. */
function orderedRemoval<Pod extends StatefulPod>(
  condemned: readonly Pod[],
): StatefulStep<Pod> | undefined {
  const highest = condemned[0];
  if (highest === undefined) return undefined;
  const firstUnavailable = condemned.findLast((pod) => pod.isTerminating || !pod.isAvailable);
  const waits = highest.isTerminating || (!highest.isAvailable && highest !== firstUnavailable);
  return { create: [], remove: waits ? [] : [highest] };
}

function nextUpdate<Pod extends StatefulPod>(
  inRange: readonly (Pod | undefined)[],
  partition: number,
): Pod | undefined {
  for (let i = inRange.length - 1; i >= partition; i--) {
    const pod = inRange[i];
    if (pod === undefined) return undefined;
    if (!pod.isCurrent && !pod.isTerminating) return pod;
    if (pod.isTerminating || !pod.isAvailable) return undefined;
  }
  return undefined;
}
