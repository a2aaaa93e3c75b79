/** Which nodes a pod may or would like to run on: selector, required and preferred terms with every operator. */

import type { Json, Labels } from './api-objects.ts';
import type { Draw } from '../draw.ts';
import { POOLS, ZONE, ZONES } from './vocabulary.ts';

export function drawNodeSelector(draw: Draw): Labels {
  return draw.chance(0.7) ? { disk: draw.pick(['ssd', 'hdd']) } : { pool: draw.pick(POOLS) };
}

export function drawRequiredNodeTerms(draw: Draw, nodeNames: readonly string[]): Json {
  const terms = Array.from({ length: draw.int(1, 3) }, () => drawTerm(draw, nodeNames));
  return { nodeSelectorTerms: terms };
}

/** Terms which all name nodes: the scheduler then looks at no others. */
export function drawNamedNodeTerms(draw: Draw, nodeNames: readonly string[]): Json {
  const named = (): Json => ({
    matchFields: [nameField('In', draw.pick([...nodeNames, 'absent']))],
    ...draw.maybe(0.3, () => ({ matchExpressions: [drawExpression(draw)] })),
  });
  return { nodeSelectorTerms: Array.from({ length: draw.int(1, 4) }, named) };
}

export function drawPreferredNodeTerms(draw: Draw, nodeNames: readonly string[]): Json {
  return Array.from({ length: draw.int(1, 4) }, () => ({
    weight: draw.int(1, 100),
    preference: drawTerm(draw, nodeNames),
  }));
}

function drawTerm(draw: Draw, nodeNames: readonly string[]): Json {
  if (draw.chance(0.08)) {
    return { matchFields: [nameField(draw.pick(['In', 'NotIn']), draw.pick(nodeNames))] };
  }
  return {
    matchExpressions: Array.from({ length: draw.pick([1, 1, 2]) }, () => drawExpression(draw)),
  };
}

function nameField(operator: string, name: string): Json {
  return { key: 'metadata.name', operator, values: [name] };
}

function drawExpression(draw: Draw): Json {
  const operator = draw.pick(['In', 'In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']);
  switch (operator) {
    case 'Gt':
    case 'Lt':
      return {
        key: draw.pick(['cores', 'cores', 'absent']),
        operator,
        values: [draw.pick(['1', '4', '8', '0'])],
      };
    case 'Exists':
    case 'DoesNotExist':
      return { key: draw.pick(['disk', 'pool', 'cores', ZONE]), operator };
    default:
      return draw.pick([
        { key: ZONE, operator, values: draw.some(ZONES, draw.int(1, 3)) },
        { key: 'pool', operator, values: draw.some(POOLS, draw.int(1, 2)) },
        { key: 'disk', operator, values: ['ssd'] },
      ]);
  }
}
