/** Terms of affinity and anti-affinity between pods. */

import type { Json } from './api-objects.ts';
import type { Draw } from '../draw.ts';
import { drawSelector } from './selectors.ts';
import { NAMESPACES, TOPOLOGY_KEYS } from './vocabulary.ts';

export function drawAffinityTerms(draw: Draw): Json[] {
  return Array.from({ length: draw.pick([1, 1, 2]) }, () => drawAffinityTerm(draw));
}

export function drawWeightedAffinityTerms(draw: Draw): Json[] {
  return Array.from({ length: draw.pick([1, 2, 3]) }, () => ({
    weight: draw.int(1, 100),
    podAffinityTerm: drawAffinityTerm(draw),
  }));
}

function drawAffinityTerm(draw: Draw): { [key: string]: Json } {
  // Without a selector a term matches no pod, and label keys may not be given.
  const labelSelector = draw.chance(0.97) ? drawSelector(draw) : null;
  return {
    topologyKey: draw.pick(TOPOLOGY_KEYS),
    ...(labelSelector === null ? {} : { labelSelector }),
    ...draw.maybe(0.15, () => ({ namespaces: draw.some(NAMESPACES, draw.int(1, 2)) })),
    ...draw.maybe(0.15, () => ({ namespaceSelector: drawNamespaceSelector(draw) })),
    ...(labelSelector === null ? {} : draw.maybe(0.12, () => ({ matchLabelKeys: ['version'] }))),
    ...(labelSelector === null ? {} : draw.maybe(0.08, () => ({ mismatchLabelKeys: ['track'] }))),
  };
}

function drawNamespaceSelector(draw: Draw): Json {
  return draw.pick<Json>([
    {},
    { matchLabels: { team: 'a' } },
    { matchExpressions: [{ key: 'env', operator: 'In', values: ['prod', 'test'] }] },
    { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['b'] }] },
    { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] },
    { matchLabels: { team: 'nobody' } },
  ]);
}
