/**
 * The shortcut of the estimator, `--fastpath-binpacking`: one group of like pods is packed on one node and multiplied.
 *
 * Group      the one that saves the most tries: pods - trunc(pods / nodes), where nodes is the most of
 *              pods, if they keep one another off their host;
 *              ceil(pods x CPU / capacity), and the same for memory, of what the first container asks for.
 *            The last of equals. It is packed after all others.
 * Left out   pods that spread, softly or not, and those that keep others off wider domains than a host.
 * Sums       in floats as the real ones: cores are thousandths times 0.001.
 * Source     estimator/binpacking_estimator.go of 1.36.1; off by default (kubernetes.md 5.0).
 */

import { HOST_KEY } from '../../orchestration/kubernetes/topology-keys.ts';
import { selectorMatches } from '../../orchestration/kubernetes/framework/label-selector.ts';
import type { PodSpecInfo } from '../../orchestration/kubernetes/framework/pod-info.ts';

/** What a group of like pods says to the shortcut. */
export interface FastPathTraits {
  /** Of the first container. */
  readonly cpuCores: number;
  readonly memoryBytes: number;
  readonly keepsItsKindOffHosts: boolean;
  readonly isLeftOut: boolean;
}

export interface NodeCapacity {
  readonly cpuCores: number;
  readonly memoryBytes: number;
}

const CORES_PER_MILLI = 0.001;

export function coresOf(milli: number): number {
  return milli * CORES_PER_MILLI;
}

export function fastPathTraits({ template, labels }: PodSpecInfo): FastPathTraits {
  const requests = template.containers[0]?.requests ?? {};
  const { required } = template.antiAffinity;
  return {
    cpuCores: coresOf(requests['cpu'] ?? 0),
    memoryBytes: requests['memory'] ?? 0,
    keepsItsKindOffHosts: required.some(
      ({ topologyKey, selector }) => topologyKey === HOST_KEY && selectorMatches(selector, labels),
    ),
    isLeftOut:
      template.topologySpread.length > 0 ||
      required.some(({ topologyKey }) => topologyKey !== HOST_KEY),
  };
}

/** Index of the group, of `pods` pods each, that the shortcut is for, or -1. */
export function fastPathGroup(
  groups: readonly { readonly pods: number; readonly traits: FastPathTraits }[],
  capacity: NodeCapacity,
): number {
  let best = -1;
  let mostSaved = 0;
  for (const [index, { pods, traits }] of groups.entries()) {
    if (pods === 0 || traits.isLeftOut) continue;
    const nodes = Math.max(
      traits.keepsItsKindOffHosts ? pods : 0,
      Math.ceil((pods * traits.cpuCores) / capacity.cpuCores),
      Math.ceil((pods * traits.memoryBytes) / capacity.memoryBytes),
    );
    const saved = nodes > 0 ? pods - Math.trunc(pods / nodes) : 0;
    if (saved < mostSaved) continue;
    best = index;
    mostSaved = saved;
  }
  return best;
}
