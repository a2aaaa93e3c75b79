/**
 * Which pods the updater of the vertical autoscaler evicts so that they come back with what is recommended
 * (kubernetes.md 4.2 Updater). Pure.
 *
 * Candidate   a request outside [lower, upper], or not stated; a pod whose last run was killed for want of memory in its first
 *             10 min, if anything would change; else a pod of at least 12 h whose requests are at least a tenth off: sum over
 *             resources of |request - target| / max(request, 1).
 * Wanted      every eviction requirement has a resource that would change in its direction.
 * Order       those that would get more first, then the larger difference; ties as given.
 * Spared      with fewer live pods than `minReplicas`, all. Of n wanted replicas half may be missing: a pod goes while
 *             running - evicted > n - trunc(n / 2); where that half is none, one goes while all n run. Pending pods always go.
 * Rate        of evictions has no limit (`--eviction-rate-limit` -1, the default).
 */

import { US_PER_HOUR } from '../../base/units.ts';
import type { EvictionRequirement } from '../../cluster/controller-specs.ts';
import type { ContainerAmounts, ContainerRecommendation } from './recommendation.ts';

export interface UpdatedPod {
  readonly task: number;
  readonly number: number;
  readonly isPending: boolean;
  readonly ageUs: number;
  /** Its last run was short, and ended for want of memory. */
  readonly isQuickOom: boolean;
  readonly request: ContainerAmounts;
}

/** The resources that the autoscaler looks after. */
export type Controlled = readonly (keyof ContainerAmounts)[];

interface Priority {
  readonly isOutside: boolean;
  readonly getsMore: boolean;
  readonly difference: number;
}

const OLD_US = 12 * US_PER_HOUR;
const DIFFERENCE_MIN = 0.1;
const TOLERANCE = 0.5;

const RESOURCE_NAMES: Readonly<Record<string, keyof ContainerAmounts>> = {
  cpu: 'cpuMilli',
  memory: 'memoryBytes',
};

/** Does every requirement have a resource that would change as it says? */
export function meetsRequirements(
  request: ContainerAmounts,
  target: ContainerAmounts,
  requirements: readonly EvictionRequirement[],
): boolean {
  return requirements.every(({ resources, change }) =>
    resources.some((name) => {
      const resource = RESOURCE_NAMES[name];
      if (resource === undefined) return false;
      return change === 'TargetHigherThanRequests'
        ? target[resource] > request[resource]
        : target[resource] < request[resource];
    }),
  );
}

/** The pods that should be updated, in order. */
export function updateOrder(
  pods: readonly UpdatedPod[],
  recommendation: ContainerRecommendation,
  controlled: Controlled,
): UpdatedPod[] {
  return pods
    .map((pod) => ({ pod, priority: priorityOf(pod.request, recommendation, controlled) }))
    .filter(({ pod, priority: { isOutside, difference } }) =>
      pod.isQuickOom
        ? difference > 0
        : isOutside || (pod.ageUs >= OLD_US && difference >= DIFFERENCE_MIN),
    )
    .sort(
      (a, b) =>
        Number(b.priority.getsMore) - Number(a.priority.getsMore) ||
        b.priority.difference - a.priority.difference,
    )
    .map(({ pod }) => pod);
}

function priorityOf(
  request: ContainerAmounts,
  { target, lower, upper }: ContainerRecommendation,
  controlled: Controlled,
): Priority {
  let isOutside = false;
  let getsMore = false;
  let difference = 0;
  for (const resource of controlled) {
    const asked = request[resource];
    // A request of nothing is one that was not stated.
    isOutside ||= asked === 0 || asked < lower[resource] || asked > upper[resource];
    getsMore ||= target[resource] > asked;
    difference += Math.abs(asked - target[resource]) / Math.max(asked, 1);
  }
  return { isOutside, getsMore, difference };
}

/** Counts what one loop takes from one workload. */
export class EvictionAllowance {
  private readonly wanted: number;
  private readonly running: number;
  private evicted = 0;

  /** `running` of `wanted` replicas. */
  constructor(wanted: number, running: number) {
    this.wanted = wanted;
    this.running = running;
  }

  allows({ isPending }: UpdatedPod): boolean {
    if (isPending) return true;
    const tolerated = Math.trunc(this.wanted * TOLERANCE);
    if (this.running - this.evicted > this.wanted - tolerated) return true;
    return tolerated === 0 && this.running === this.wanted && this.evicted === 0;
  }

  take({ isPending }: UpdatedPod): void {
    if (!isPending) this.evicted += 1;
  }
}
