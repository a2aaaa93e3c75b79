/**
 * Soft spreading (kubernetes.md 1.9): fewer pods of the workload in a node's domains score higher.
 *
 *     raw(n) = round( sum over constraints of count * ln(size + 2) + (maxSkew - 1) )
 *     score  = 100 * (max + min - raw) div max, or 100 when max is 0
 *
 * Size       of host names: the feasible nodes; of zones: the zones that they are in.
 * Over       min and max are those of the feasible nodes that the cycle found.
 */

import { HOST_KEY, inDomain } from '../topology-spread.ts';
import { ln } from '../../../random/portable-math.ts';
import type { SpreadConstraint } from '../../../cluster/spec.ts';

const SCORE_MAX = 100;

export const SPREAD_WEIGHT = 2;

/** Weight of each constraint. */
export function spreadWeights(
  constraints: readonly SpreadConstraint[],
  nodeCount: number,
  zoneCount: number,
): number[] {
  return constraints.map(({ topologyKey }) =>
    ln((topologyKey === HOST_KEY ? nodeCount : zoneCount) + 2),
  );
}

/** Of a node with so many pods of the workload on itself and in its zone. */
export function rawSpread(
  constraints: readonly SpreadConstraint[],
  weights: readonly number[],
  onHost: number,
  inZone: number,
): number {
  let sum = 0;
  for (let i = 0; i < constraints.length; i++) {
    const { topologyKey, maxSkew } = constraints[i]!;
    sum += inDomain(topologyKey, onHost, inZone) * weights[i]! + (maxSkew - 1);
  }
  return Math.round(sum);
}

/** 0 to 100. */
export function spreadScore(raw: number, min: number, max: number): number {
  return max === 0 ? SCORE_MAX : Math.trunc((SCORE_MAX * (max + min - raw)) / max);
}
