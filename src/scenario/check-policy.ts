/**
 * Whether a policy's name is known. ECS's own strategies and their fields are fixed (aws.md 3.6); the others come from
 * the register, which is given, since the register knows the policies and the schema must not.
 */

import type { PolicyName } from '../base/policy-name.ts';
import { didYouMean } from './did-you-mean.ts';

/** Names by slot: what may stand in `placement` under each orchestrator, and in `queue`. An absent slot is not checked. */
export type KnownPolicies = Partial<
  Record<'ecs' | 'kubernetes' | 'batch' | 'queue', readonly string[]>
>;

const ECS_STRATEGIES: Record<string, { readonly key: string; readonly values: readonly string[] }> =
  {
    spread: { key: 'field', values: ['zone', 'instance'] },
    binpack: { key: 'resource', values: ['cpu', 'memory'] },
  };
const ECS_NAMES = ['spread', 'binpack', 'random'];

/** The fault as a sentence; undefined when there is none. */
export function policyFault(
  policy: PolicyName,
  slot: string,
  known: KnownPolicies,
): string | undefined {
  const given = known[slot as keyof KnownPolicies];
  const names = slot === 'ecs' ? [...new Set([...ECS_NAMES, ...(given ?? [])])] : given;
  if (names !== undefined && !names.includes(policy.name)) {
    const what = slot === 'queue' ? 'a queue discipline' : `a placement policy of ${slot} clusters`;
    return `expected ${what}, found "${policy.name}"${didYouMean(policy.name, names)}`;
  }
  return slot === 'ecs' ? ecsParameterFault(policy) : undefined;
}

function ecsParameterFault({ name, parameters }: PolicyName): string | undefined {
  const rule = ECS_STRATEGIES[name];
  if (rule === undefined) return undefined;
  const value = parameters[rule.key];
  const fine = value !== undefined && rule.values.includes(value);
  if (fine && Object.keys(parameters).length === 1) return undefined;
  return `expected ${rule.values.map((one) => `${name}[${rule.key}=${one}]`).join(' or ')}`;
}
