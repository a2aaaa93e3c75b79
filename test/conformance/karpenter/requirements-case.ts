/** Two sets of requirements on labels: what do they allow, alone and together? */

import type { Condition } from './instance-types.ts';
import type { Draw } from '../draw.ts';
import { CAPACITY_TYPE, CPU, TEAM, ZONE } from './vocabulary.ts';

export interface RequirementsCase {
  readonly a: readonly Condition[];
  readonly b: readonly Condition[];
  /** Asked of every requirement: does it allow them? */
  readonly values: readonly string[];
}

const KEYS = [ZONE, CAPACITY_TYPE, CPU, CPU, TEAM, 'failure-domain.beta.kubernetes.io/zone'];
const VALUES = ['a', 'b', 'c', '1', '2', '3', '7', '-4', '007', '2.5'];
const OPERATORS = [
  'In',
  'In',
  'NotIn',
  'Exists',
  'DoesNotExist',
  'Gt',
  'Lt',
  'Gte',
  'Lte',
] as const;

export function drawRequirementsCase(draw: Draw): RequirementsCase {
  return {
    a: drawConditions(draw),
    b: drawConditions(draw),
    values: VALUES,
  };
}

function drawConditions(draw: Draw): Condition[] {
  return Array.from({ length: draw.pick([0, 1, 2, 2, 3, 4]) }, () => {
    const operator = draw.pick(OPERATORS);
    return {
      key: draw.pick(KEYS),
      operator,
      values: drawValues(draw, operator),
      ...draw.maybe(0.25, () => ({ minValues: draw.int(1, 4) })),
    };
  });
}

function drawValues(draw: Draw, operator: (typeof OPERATORS)[number]): string[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return draw.some(VALUES, draw.int(1, 5));
    case 'Exists':
    case 'DoesNotExist':
      return [];
    default:
      return [draw.pick(['-4', '0', '1', '2', '3', '7'])];
  }
}
