/** Label selectors over the labels that generated pods carry. */

import type { Json, Labels } from './api-objects.ts';
import type { Draw } from '../draw.ts';
import { APPS, TIERS } from './vocabulary.ts';

export function drawPodLabels(draw: Draw): Labels {
  return {
    ...draw.maybe(0.95, () => ({ app: draw.pick(APPS) })),
    ...draw.maybe(0.7, () => ({ tier: draw.pick(TIERS) })),
    ...draw.maybe(0.6, () => ({ version: draw.pick(['1', '2']) })),
    ...draw.maybe(0.3, () => ({ track: draw.pick(['canary', 'stable']) })),
  };
}

/** A selector; the empty one, which selects all, is rare. */
export function drawSelector(draw: Draw): Json {
  if (draw.chance(0.05)) return {};
  if (draw.chance(0.6)) return { matchLabels: { app: draw.pick(APPS) } };
  const expressions = draw.some([appExpression, tierExpression], draw.int(1, 2));
  return { matchExpressions: expressions.map((make) => make(draw)) };
}

function appExpression(draw: Draw): Json {
  return expression(draw, 'app', draw.some(APPS, draw.int(1, 2)));
}

function tierExpression(draw: Draw): Json {
  return expression(draw, 'tier', draw.some(TIERS, draw.int(1, 2)));
}

function expression(draw: Draw, key: string, values: readonly string[]): Json {
  const operator = draw.pick(['In', 'In', 'NotIn', 'Exists', 'DoesNotExist']);
  return operator === 'In' || operator === 'NotIn' ? { key, operator, values } : { key, operator };
}
