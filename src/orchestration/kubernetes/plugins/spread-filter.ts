/**
 * Hard spreading (kubernetes.md 1.8): a node passes when, for every constraint,
 *
 *     pods in its domain + 1 - least pods in any domain <= maxSkew
 */

import { inDomain } from '../topology-spread.ts';
import type { SpreadConstraint } from '../../../cluster/spec.ts';

export function keepsSpread(
  constraints: readonly SpreadConstraint[],
  onHost: number,
  inZone: number,
  leastOnHost: number,
  leastInZone: number,
): boolean {
  for (const { topologyKey, maxSkew } of constraints) {
    const least = inDomain(topologyKey, leastOnHost, leastInZone);
    if (inDomain(topologyKey, onHost, inZone) + 1 - least > maxSkew) return false;
  }
  return true;
}
