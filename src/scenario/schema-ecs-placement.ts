/** What a service or jobs may say about where ECS places their tasks (aws.md 3.6). */

import { z } from 'zod';
import { isQueryFault, parseQuery } from '../orchestration/ecs/query/query.ts';
import { parsePolicyName } from '../base/policy-name.ts';
import { policyFault } from './check-policy.ts';
import type { ConstraintOptions } from '../orchestration/ecs/placement-constraints.ts';
import type { ParsedQuery } from '../orchestration/ecs/query/query.ts';
import type { PolicyName } from '../base/policy-name.ts';

export interface EcsPlacement extends ConstraintOptions {
  /** Empty for those of the cluster. */
  readonly strategies: readonly PolicyName[];
}

const STRATEGIES_MOST = 5;
const CONSTRAINTS_MOST = 10;

const strategy = z
  .string()
  .transform((text, context): PolicyName => {
    const parsed = parsePolicyName(text);
    const message = parsed.ok
      ? policyFault(parsed.value, 'ecs', { ecs: [] }, true)
      : parsed.message;
    if (parsed.ok && message === undefined) return parsed.value;
    context.addIssue({ code: 'custom', message: message ?? '' });
    return z.NEVER;
  })
  .meta({ title: 'strategy' });

/** `distinctInstance`, or the query of a `memberOf(...)`. */
const constraint = z
  .string()
  .transform((text, context): 'distinctInstance' | ParsedQuery => {
    if (text === 'distinctInstance') return text;
    const inner = /^memberOf\((.*)\)$/.exec(text)?.[1];
    if (inner === undefined) {
      const message = `expected distinctInstance or memberOf(EXPRESSION), found ${JSON.stringify(text)}`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
    const query = parseQuery(inner);
    if (!isQueryFault(query)) return query;
    const { column, message } = query;
    context.addIssue({
      code: 'custom',
      message: `${message} (character ${column} of the expression)`,
    });
    return z.NEVER;
  })
  .meta({ title: 'constraint' });

/** Keys of `ecs` of a service and of jobs. */
export const ecsPlacementKeys = {
  placementStrategy: z
    .array(strategy)
    .max(STRATEGIES_MOST)
    .prefault([])
    .describe(
      'Strategies in order, each breaking the ties of those before: spread[field=zone], spread[field=instance], binpack[resource=cpu], binpack[resource=memory], random. Left out, those of the cluster.',
    ),
  placementConstraints: z
    .array(constraint)
    .max(CONSTRAINTS_MOST)
    .prefault([])
    .describe(
      'distinctInstance, or memberOf(EXPRESSION) in the cluster query language, such as memberOf(attribute:ecs.instance-type =~ m6i.*).',
    ),
};

export function ecsPlacement(map: {
  readonly placementStrategy: readonly PolicyName[];
  readonly placementConstraints: readonly ('distinctInstance' | ParsedQuery)[];
}): EcsPlacement {
  const { placementStrategy: strategies, placementConstraints: constraints } = map;
  const members = constraints.filter((one) => one !== 'distinctInstance');
  return { strategies, isDistinct: members.length < constraints.length, members };
}

/** What jobs say about ECS. */
export const ecsJobs = z.strictObject(ecsPlacementKeys).transform((map) => ecsPlacement(map));
