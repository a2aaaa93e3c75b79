/** Topology spread constraints with every option. */

import type { Json } from './api-objects.ts';
import type { Draw } from '../draw.ts';
import { drawSelector } from './selectors.ts';
import { TOPOLOGY_KEYS } from './vocabulary.ts';

const POLICIES = ['Honor', 'Ignore'] as const;

/** One to three constraints; the API server refuses two of the same key and strength. */
export function drawSpreadConstraints(draw: Draw, strengths: readonly string[]): Json[] {
  const taken = new Set<string>();
  const constraints: Json[] = [];
  for (let wanted = draw.pick([1, 1, 2, 3]); wanted > 0; wanted -= 1) {
    const topologyKey = draw.pick(TOPOLOGY_KEYS);
    const whenUnsatisfiable = draw.pick(strengths);
    const constraint = drawConstraint(draw, topologyKey, whenUnsatisfiable);
    const identity = `${topologyKey} ${whenUnsatisfiable}`;
    if (!taken.has(identity)) constraints.push(constraint);
    taken.add(identity);
  }
  return constraints;
}

function drawConstraint(draw: Draw, topologyKey: string, whenUnsatisfiable: string): Json {
  const hard = whenUnsatisfiable === 'DoNotSchedule';
  const labelSelector = draw.chance(0.97) ? drawSelector(draw) : null;
  return {
    maxSkew: draw.pick([1, 1, 2, 3, 5]),
    topologyKey,
    whenUnsatisfiable,
    ...(labelSelector === null ? {} : { labelSelector }),
    ...(hard ? draw.maybe(0.3, () => ({ minDomains: draw.int(1, 5) })) : {}),
    ...draw.maybe(0.3, () => ({ nodeAffinityPolicy: draw.pick(POLICIES) })),
    ...draw.maybe(0.3, () => ({ nodeTaintsPolicy: draw.pick(POLICIES) })),
    ...(labelSelector === null ? {} : draw.maybe(0.15, () => ({ matchLabelKeys: ['version'] }))),
  };
}
